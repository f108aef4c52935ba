"""`make fuzz`: each target for some seconds, guided by what of the code an input reaches.

An input that breaks something is kept, with its name told; give that file to have it tried again.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.fuzz.seeds import seeds, words

SECONDS: Final = 20
FOLDER: Final = Path(".fuzz")  # inputs that reach something new are kept there, and go on from
LONGEST: Final = 4096  # bytes of an input
SLOW: Final = 10  # seconds after which an input counts as a find
ROOM: Final = 2048  # MB


def main() -> int:
    """Run all targets, or those that are named; 1 if anything was found."""
    asked = arguments()
    found = [name for name in asked.targets or seeds() if not runs(name, asked)]
    print(f"found something: {', '.join(found)}" if found else "nothing was found")
    return 1 if found else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", type=known, help="default: all of them")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each target")
    parser.add_argument("--seed", type=int, default=1, help="of chance; 0 takes another each time")
    parser.add_argument("--again", help="one input that was found, of the one target named")
    return parser.parse_args()


def known(name: str) -> str:
    if name not in seeds():
        raise argparse.ArgumentTypeError(f"there are {', '.join(seeds())}")
    return name


def runs(name: str, asked: argparse.Namespace) -> bool:
    """Whether a process of its own came to its end without a find."""
    place = FOLDER / name
    place.mkdir(parents=True, exist_ok=True)
    inputs = seeds()[name]
    for number, seed in enumerate(inputs):
        (place / f"seed-{number}").write_bytes(seed)
    dictionary = FOLDER / f"{name}.dict"
    dictionary.write_text("".join(map(_entry, words(inputs))))
    command = [sys.executable, "-m", "tests.fuzz.guided", name]
    flags = [
        f"-max_total_time={asked.seconds}", f"-seed={asked.seed}", f"-dict={dictionary}",
        f"-max_len={LONGEST}", f"-timeout={SLOW}", f"-rss_limit_mb={ROOM}",
        f"-artifact_prefix={FOLDER}/{name}-", "-print_final_stats=1", asked.again or str(place),
    ]  # fmt: skip
    ended = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    if ended.returncode:
        print(f"── {name}", ended.stdout, ended.stderr, sep="\n", flush=True)
    else:
        tried = re.search(r"number_of_executed_units: (\d+)", ended.stderr)
        print(f"{name}: {tried[1] if tried else 'no'} inputs, nothing found", flush=True)
    return ended.returncode == 0


def _entry(word: bytes) -> str:
    """As libFuzzer wants it: every byte by its number."""
    numbers = "".join(f"\\x{byte:02x}" for byte in word)
    return f'"{numbers}"\n'


if __name__ == "__main__":
    sys.exit(main())
