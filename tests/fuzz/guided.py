"""One target in a process of its own, guided: `python -m tests.fuzz.guided <target> <flags>`."""

import sys
from importlib import import_module

import atheris


def main() -> None:
    """Feed it until its time is over; the fuzzer ends the process."""
    program, name, *flags = sys.argv
    with atheris.instrument_imports(include=["bot"]):
        targets = import_module("tests.fuzz.targets").TARGETS
    atheris.Setup([program, *flags], targets[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
