"""Whether a secret was written down: in a log, a database, or in what the tests print.

All of them are made up, and all tests use the same ones; a real one leaks where these do.
"""

import mmap
import os
import re
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sandbox.cloud import accounts
from sandbox.slack import payloads, settings

KEPT_IN: Final = "CPH_BOT_TESTS_FOLDER"  # what tests write stays there until all was looked at
SECRETS: Final = {
    "the bot token": settings.BOT_TOKEN,
    "the app token": settings.APP_TOKEN,
    "the signing secret": settings.SIGNING_SECRET,
    "Slack's verification token": payloads.VERIFICATION_TOKEN,
    "the secret key": accounts.SECRET_KEY,
    "the reader's secret key": accounts.READER_SECRET_KEY,
    "the password": accounts.USER_PASSWORD,
    "the reader's password": accounts.READER_PASSWORD,
}
# IAM's tokens and the tokens of temporary keys: the sandbox's repeat 48 bytes.
_ISSUED_BEGIN: Final = b"MII"
_GREP: Final = (
    "grep", "--recursive", "--devices=skip", "--no-messages", "--files-with-matches", "--null",
    "--text", "--fixed-strings",
)  # fmt: skip
_ISSUED: Final = rb"MII(?P<part>[A-Za-z0-9_-]{64})(?P=part)"


def forms(secret: str) -> Iterator[bytes]:
    """The secret as it is, and as it looks inside of base64, wherever it begins there."""
    raw = secret.encode()
    yield raw
    for before in range(3):
        encoded = b64encode(bytes(before) + raw)
        yield encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


_NAMES: Final = {form: name for name, secret in SECRETS.items() for form in forms(secret)}
_ANY: Final = re.compile(b"|".join([*map(re.escape, _NAMES), _ISSUED]))


def leaks_of(content: "bytes | mmap.mmap") -> set[str]:
    """The names of the secrets in it."""
    return {_NAMES.get(found[0], "an issued token") for found in _ANY.finditer(content)}


def leaks_in(folder: Path) -> list[str]:
    """Each secret with the file it stands in."""
    return [f"{name} in {path}" for path in _suspects(folder) for name in sorted(_leaks(path))]


def _suspects(folder: Path) -> list[Path]:
    """The files that hold any of it, or the beginning of a token, as grep finds them.

    They are gigabytes: grep looks for all of it at once, which a pattern of Python's does not.
    """
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join([*_NAMES, _ISSUED_BEGIN]))
        patterns.flush()
        found = subprocess.run(
            [*_GREP, f"--file={patterns.name}", str(folder)],
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            check=False,
        )
    if found.returncode > 2:  # 1 is that there are none, 2 that a file went meanwhile
        raise OSError(f"grep ended with {found.returncode}")
    return sorted(Path(os.fsdecode(name)) for name in found.stdout.split(b"\0") if name)


def _leaks(path: Path) -> set[str]:
    if not path.stat().st_size:
        return set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return leaks_of(content)


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A folder of the tests' own, outside of pytest's; gone at the end, unless it is kept."""
    kept = os.environ.get(KEPT_IN) or None
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=kept))
    try:
        yield made
    finally:
        if not kept:
            shutil.rmtree(made, ignore_errors=True)
