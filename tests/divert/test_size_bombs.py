"""Input made to be slow or large is read in the time and room of any other, or refused.

Where the work grew with the square of the length these would take hours and gigabytes.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.divert.failures import FileUnreadable
from bot.divert.grammar import LINE_LIMIT, Divert, Misread, read_command
from bot.divert.id_file import BYTES_LIMIT, MISREAD_LIMIT, read_file
from bot.divert.phones import read_text

A = "631056bfb66b4f4ea02ba25f04830cb4"
PROCESSOR = 30.0  # seconds of it; on any machine some 20 times what is needed
A_COMMAND = 8.0  # the same for a command
TOO_LONG = Misread("too_long", str(LINE_LIMIT))
LARGE = BYTES_LIMIT // 8  # a larger one takes the tests longer, and shows the same
ROOM = 300 * 1024 * 1024  # bytes for the whole process
WITHIN = f"""
import resource
from bot.divert.failures import FileUnreadable
from bot.divert.id_file import BYTES_LIMIT, read_file
resource.setrlimit(resource.RLIMIT_AS, ({ROOM}, {ROOM}))
for unit in (b",", b"a,", b"a,b\\n", b"x\\n"):
    try:
        read_file(unit * (BYTES_LIMIT // 4 // len(unit)), 1_000)
    except FileUnreadable as refused:
        print(refused.why)
"""


@contextmanager
def soon(seconds: float = PROCESSOR) -> Iterator[None]:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def why(content: bytes, limit: int = 1_000) -> str:
    with pytest.raises(FileUnreadable) as refused:
        read_file(content, limit)
    return refused.value.why


@pytest.mark.parametrize(
    "unit",
    ["'a ", "’=", ",'|", "'", "`a ", '"a ', "<a|", "<", "<http:a ", "a=", "name:' ", "\u200b'",
     ", ", "server:a,", "-name:x ", "reason:' a ", "tag:a='", "a-"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["divert routing ", "phones name:", "plan direct tag:a="])
def test_a_command_as_long_as_it_may_be_is_read_soon(head: str, unit: str) -> None:
    with soon(A_COMMAND):
        read_command(head + unit * ((LINE_LIMIT - len(head)) // len(unit)))


def test_a_command_that_is_longer_is_not_read() -> None:
    ids = " ".join(f"{number:032x}" for number in range(1_800))
    read = read_command(f"divert routing {ids}")
    assert isinstance(read, Divert)
    assert len(read.reading.ids) == 1_800
    assert read_command(f"divert routing {ids} {ids}") == TOO_LONG
    assert read_command("x" * (LINE_LIMIT + 1)) == TOO_LONG


@pytest.mark.parametrize("unit", ["'a ", "<a|", "<", "`", "a,"])
def test_a_text_of_the_form_is_read_soon_whatever_its_length(unit: str) -> None:
    with soon():
        read_text(unit * (1_000_000 // len(unit)))


def _header(columns: int) -> bytes:
    return ",".join(f"h{number}" for number in range(columns)).encode()


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: _header(LARGE // 8) + b"\n" + b",".join([b"x"] * (LARGE // 8)), "not_ids"),
        (lambda: b"<a|" * (LARGE // 3), "not_ids"),
        (lambda: b"," * LARGE, "no_ids"),
        (lambda: (b"," * 999 + b"\n") * (LARGE // 1_000), "no_ids"),
        (lambda: b"\n" * LARGE, "no_ids"),
        (lambda: b"a\n" * (LARGE // 2), "not_ids"),
        (lambda: b'"a",' * (LARGE // 4), "not_ids"),
        (lambda: b"a," * 3 + b'"' + b"a,\n" * (LARGE // 3), "broken"),
        (lambda: b"a" * LARGE, "no_ids"),
        (lambda: b"-" * LARGE, "no_ids"),
        (lambda: b"'a " * (LARGE // 3), "no_ids"),
        (lambda: b"\xff\xfe" + b"a\0" * (LARGE // 2) + b"a", "not_text"),
        (lambda: b"\xff\xfe" + b"\0\xd8" * (LARGE // 2), "not_text"),
        (lambda: b"\x81\x40" * (LARGE // 2) + b"\x81", "not_text"),
        (lambda: "a\u2028".encode() * (LARGE // 4), "not_ids"),
        (lambda: b"PK\x03\x04" + b"\0" * LARGE, "not_text"),
    ],
    ids=[
        "columns", "brackets", "commas", "rows", "lines", "words", "quotes", "open quote", "line",
        "dashes", "apostrophes", "utf-16 cut", "utf-16 halves", "gbk cut", "separators", "zip",
    ],
)  # fmt: skip
def test_a_file_made_to_be_slow_is_refused_soon(made: Callable[[], bytes], reason: str) -> None:
    content = made()
    with soon():
        assert why(content) == reason


def test_a_file_made_to_be_large_is_refused_in_little_room() -> None:
    command = [sys.executable, "-c", WITHIN]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["no_ids", "not_ids", "not_ids", "not_ids"]


def test_thousands_of_columns_with_ids_are_asked_for_soon() -> None:
    columns = 20_000
    ids = ",".join(f"{number:032x}" for number in range(columns))
    with soon():
        assert why(_header(columns) + b"\n" + ids.encode(), columns * 2) == "columns"


def test_a_hundred_thousand_ids_in_one_line_are_read() -> None:
    content = ",".join(f"{number:032x}" for number in range(100_000)).encode()
    with soon():
        assert len(read_file(content, 100_000).ids) == 100_000


def test_a_file_may_hold_many_words_that_are_no_ids_but_not_more_than_that() -> None:
    words = "".join(f"word {number}\n" for number in range(MISREAD_LIMIT - 1))
    reading = read_file(f"{A}\n{words}\n{words[:7]}".encode(), 10)
    assert reading.ids == (A,)
    assert len(reading.unreadable) == MISREAD_LIMIT
    assert why(f"{A}\n{words}{words}".encode()) == "not_ids"
