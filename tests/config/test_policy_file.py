"""What the bot sees of its TOML file while it runs, look by look."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.policy_watch import PolicyFile, Seen
from tests.config.setting import FILE, Setting

MORE = '\n[[rules]]\nname = "more"\napprovals = []\n'
BAD = FILE.replace('"requesters"]', '"nobody"]')


@pytest.fixture
def file(setting: Setting) -> PolicyFile:
    """The file of a bot that has just started, looked at for as long as it takes to know it."""
    started = PolicyFile(str(setting.path), setting.load().file)
    for _ in range(3):
        started.look(at_once=False)
    return started


def write(file: PolicyFile, text: str) -> None:
    Path(file.path).write_text(text, encoding="utf-8")


def looks(file: PolicyFile, number: int = 3) -> list[Seen]:
    """What so many looks find that is new."""
    return [seen for _ in range(number) if (seen := file.look(at_once=False)) is not None]


def test_a_file_that_stays_as_it_is_is_never_new(file: PolicyFile) -> None:
    assert looks(file) == []
    write(file, FILE)
    assert looks(file) == []


def test_what_two_looks_have_seen_is_believed_once(file: PolicyFile) -> None:
    write(file, FILE + MORE)
    assert file.look(at_once=False) is None
    (seen,) = looks(file)
    assert seen.file is not None
    assert [rule.name for rule in seen.file.policy().rules] == ["rule 1", "more"]


def test_what_somebody_says_is_there_is_believed_at_once(file: PolicyFile) -> None:
    write(file, FILE + MORE)
    assert file.look(at_once=True) is not None
    assert looks(file) == []


def test_a_file_that_is_half_written_when_it_is_looked_at_changes_nothing(file: PolicyFile) -> None:
    for text in (FILE[:200], FILE, "", FILE, FILE + MORE, FILE):
        write(file, text)
        assert file.look(at_once=False) is None
    assert looks(file) == []


def test_a_file_that_keeps_changing_is_believed_when_it_rests(file: PolicyFile) -> None:
    for number in range(5):
        write(file, FILE + f"\n# {number}")
        assert file.look(at_once=False) is None
    assert len(looks(file)) == 1


def replaced(path: Path, text: str) -> None:
    """As editors do: a new file in its place, with another's time stamp or none of its own."""
    other = path.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    other.rename(path)


def relinked(path: Path, text: str) -> None:
    """As Kubernetes does: the path is a link to a folder's file, and the folder is swapped."""
    folder = path.parent / f"..{len(text)}"
    folder.mkdir()
    (folder / path.name).write_text(text, encoding="utf-8")
    data, new = path.parent / "..data", path.parent / "..data_tmp"
    new.symlink_to(folder, target_is_directory=True)
    new.rename(data)
    if not path.is_symlink():
        path.unlink()
        path.symlink_to(data / path.name)


@pytest.mark.parametrize("way", [replaced, relinked])
def test_a_file_may_be_replaced_in_any_way(
    file: PolicyFile, way: Callable[[Path, str], None]
) -> None:
    for text in (FILE + MORE, FILE + "\n#"):
        way(Path(file.path), text)
        assert len(looks(file)) == 1


def test_a_change_that_leaves_size_and_time_as_they_were_is_seen(file: PolicyFile) -> None:
    path = Path(file.path)
    before = path.stat()
    write(file, FILE.replace("count = 1", "count = 2"))
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert len(looks(file)) == 1


def test_mistakes_are_those_that_the_command_line_prints(file: PolicyFile) -> None:
    write(file, BAD)
    (seen,) = looks(file)
    assert seen.file is None
    assert seen.mistakes == (
        f"{file.path}: rules.0.who: 'nobody' is not defined; there is approvers, requesters",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "projects: missing"),
        ("[roles", "not TOML: "),
        (FILE + "x = " + "[" * 100_000, "not TOML that can be read: it is nested too deep"),
        (FILE.replace("count = 1", "count = " + "1" * 5_000), "not TOML: "),
        (FILE + "\n[[rule]]\n", "rule: there is no such key"),
        (FILE + '\n[[rules]]\nzone = "Mars/Base"\napprovals = []\n', "rules.1.zone: 'Mars/Base'"),
    ],
)
def test_whatever_is_wrong_is_a_mistake_and_no_failure(
    file: PolicyFile, text: str, told: str
) -> None:
    write(file, text)
    (seen,) = looks(file)
    assert seen.mistakes[0].startswith(f"{file.path}: {told}")


def test_a_file_in_no_encoding_is_a_mistake(file: PolicyFile) -> None:
    Path(file.path).write_bytes(b"\xff\xfe[roles]")
    assert "not TOML: " in looks(file)[0].mistakes[0]


def test_a_file_that_is_gone_or_closed_is_a_mistake_until_it_is_back(file: PolicyFile) -> None:
    path = Path(file.path)
    path.unlink()
    (seen,) = looks(file)
    assert seen.mistakes == (f"{file.path} cannot be read: No such file or directory",)
    path.mkdir()
    (seen,) = looks(file)
    assert seen.mistakes == (f"{file.path} cannot be read: Is a directory",)
    path.rmdir()
    write(file, FILE)
    (seen,) = looks(file)
    assert (seen.mistakes, seen.file) == ((), file.started)


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("", "\n", ()),
        ('"U0ALICE", ', "", ()),
        ("[[rules]]", '[operators]\nwho = ["approvers"]\n[[rules]]', ()),
        ("[[rules]]", '[operators]\nchannel = "C0ALARM"\n[[rules]]', ("operators.channel",)),
        ("[[rules]]", '[times]\npoll = "1s"\n[limits]\nconcurrency = 3\n[[rules]]',
         ("limits.concurrency", "times.poll")),
        ('channel = "C0BETA"', 'channel = "C0GAMMA"', ("projects.beta",)),
        ("projects.beta", "projects.gamma", ("projects", "projects.beta", "projects.gamma")),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_named(
    file: PolicyFile, old: str, new: str, keys: tuple[str, ...]
) -> None:
    write(file, FILE.replace(old, new, 1))
    (seen,) = looks(file)
    assert seen.file is not None
    assert file.others(seen.file) == keys
