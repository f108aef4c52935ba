"""`cph-bot audit`: what it prints, writes and ends with."""

import csv
import json
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from bot.command_line.audit import act
from bot.command_line.audit_arguments import add_verbs
from bot.divert.transaction import Decided, Transaction
from bot.store.audit import Head, head
from bot.store.database import open_database
from bot.store.migrate import migrate
from tests.command_line.test_command_line import ROOT, Ended, Line
from tests.config.setting import Setting
from tests.store.making import ALICE, BOB, Desk, pending
from tests.store.tampering import drop_triggers

Audit = Callable[..., Awaitable[Ended]]
AUDIT_PAGE = ROOT / "docs/audit.md"
WHOLE = "the audit is whole"


@pytest.fixture
async def desk(setting: Setting) -> AsyncIterator[Desk]:
    """A migrated database, the one that is set."""
    url = setting.environment["CPH_BOT_DATABASE_URL"] = f"sqlite:///{setting.folder}/bot.sqlite"
    opened = open_database(url)
    await migrate(opened)
    yield Desk(opened)
    await opened.close()


@pytest.fixture
def audit(setting: Setting, capfd: pytest.CaptureFixture[str]) -> Audit:
    """Runs `cph-bot audit` here, since a process of its own takes long to start."""
    parser = ArgumentParser("cph-bot audit")
    add_verbs(parser)

    async def run(*arguments: str) -> Ended:
        code = await act(parser.parse_args(arguments), setting.load())
        return Ended(code, *capfd.readouterr())

    return run


async def last(desk: Desk) -> Head:
    found = await desk.database.read(head)
    assert found is not None
    return found


async def tamper(desk: Desk, statement: str) -> None:
    await desk.database.write(drop_triggers)
    await desk.database.write(lambda c: c.execute(text(statement)))


async def told(desk: Desk) -> str:
    """Entries of two requests, and one of none; the id of the first request."""
    request = await pending(desk.ledger)
    await pending(desk.ledger, project="beta")

    def work(tx: Transaction) -> None:
        tx.decide(request, Decided(BOB, "deny", "=1+1", tx.now()))
        tx.note("pause", BOB)

    await desk.ledger.write(work)
    return request.id


def entries(jsonl: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in jsonl.splitlines()]


@pytest.mark.usefixtures("desk")
async def test_the_audit_of_a_fresh_database_is_whole(setting: Setting) -> None:
    ended = await Line(setting).run("-m", "bot", "audit", "verify")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{WHOLE}\n0 {'0' * 64}\n"


async def test_the_head_is_told_and_proved_again_later(audit: Audit, desk: Desk) -> None:
    await pending(desk.ledger)
    before = await last(desk)
    ended = await audit("verify")
    assert ended.out.splitlines() == [WHOLE, f"2 {before.hash}"]
    await pending(desk.ledger)
    after = await last(desk)
    for noted in (f"2:{before.hash}", f"2 {before.hash.upper()}", f" 2:{before.hash[:16]}… "):
        ended = await audit("verify", "--since", noted)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines() == [f"{WHOLE}, with entry 2 as noted", f"4 {after.hash}"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE audit SET entry = '{}' WHERE number = 2",
            "entry 2: it does not fit its hash: it was changed, or entry 1 was with its hash",
        ),
        (
            "UPDATE audit SET entry = '{}' WHERE number = 1",
            "entry 1: it does not fit its hash: it was changed",
        ),
        ("DELETE FROM audit WHERE number = 2", "entry 2: it is missing"),
        ("DELETE FROM audit WHERE number < 3", "entry 1: it is missing, with all up to 2"),
        (
            "DELETE FROM audit WHERE number > 2",
            "entry 3: it is missing, with all up to 4: the end was cut off",
        ),
        (
            "UPDATE audit SET number = 9 WHERE number = 2",
            "entry 2: what was written under this number has the number 9 now",
        ),
    ],
)
async def test_what_is_wrong_with_the_first_wrong_entry_is_said(
    audit: Audit, desk: Desk, statement: str, words: str
) -> None:
    await pending(desk.ledger)
    await pending(desk.ledger)
    await tamper(desk, statement)
    ended = await audit("verify")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out == f"the audit is broken at {words}\n"


async def test_an_audit_that_was_written_anew_is_found_by_the_noted_head(
    audit: Audit, desk: Desk
) -> None:
    await pending(desk.ledger)
    noted = f"2:{'f' * 64}"
    assert (await audit("verify")).code == 0
    ended = await audit("verify", "--since", noted)
    assert (ended.code, ended.out) == (
        1,
        "the audit is broken at entry 2: it is not as it was noted: the audit was written anew\n",
    )
    ended = await audit("verify", "--since", f"3:{'f' * 64}")
    assert (ended.code, ended.out) == (
        1, "the audit is broken at entry 3: it is missing: the end was cut off\n",
    )  # fmt: skip


async def test_the_audit_of_no_database_is_a_sentence(setting: Setting) -> None:
    setting.environment["CPH_BOT_DATABASE_URL"] = "postgresql://nobody:hidden@127.0.0.1:9/x"
    ended = await Line(setting).run("-m", "bot", "audit", "verify")
    assert ended.code == 2
    assert ended.err == "there is no audit in the database that CPH_BOT_DATABASE_URL names\n"


async def test_nor_is_there_one_in_no_file_or_an_empty_one(setting: Setting, audit: Audit) -> None:
    for file in ("no/folder/bot.sqlite", "empty.sqlite"):
        setting.environment["CPH_BOT_DATABASE_URL"] = f"sqlite:///{setting.folder}/{file}"
        for verb in ("verify", "export"):
            ended = await audit(verb)
            assert (ended.code, ended.out) == (2, "")
            assert ended.err.startswith("there is no audit in the database")


async def test_entries_come_as_lines_of_json(audit: Audit, desk: Desk) -> None:
    await told(desk)
    ended = await audit("export")
    assert (ended.code, ended.err) == (0, "")
    found = entries(ended.out)
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[-1]["hash"] == (await last(desk)).hash
    assert found[4]["entry"]["reason"] == "=1+1"


async def test_entries_come_as_a_table_in_a_file_for_nobody_elses_eyes(
    setting: Setting, audit: Audit, desk: Desk
) -> None:
    await told(desk)
    path = setting.folder / "audit.csv"
    ended = await audit("export", "--format", "csv", "--output", str(path))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbfnumber,at,who,event,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert rows[4]["reason"] == "'=1+1"


@pytest.mark.parametrize(
    ("arguments", "told_words"),
    [
        (["--request", "D-0000"], "--request: the audit knows no 'D-0000'"),
        (["--who", "U0EVE,U0BOB"], "--who: the audit knows no 'U0EVE'"),
        (["--project", "dmeo"], "--project: the audit knows no 'dmeo'; did you mean demo?"),
        (["--event", "aprove"], "--event: the audit knows no 'aprove'; did you mean approve?"),
        (
            ["--since", "2026-01-02", "--until", "2026-01-01"],
            "--since is not before --until",
        ),
        (
            ["--output", "no/such/folder"],
            "no/such/folder: cannot be written: No such file or directory",
        ),
    ],
)
async def test_a_value_that_nobody_knows_is_told_and_nothing_is_written(
    audit: Audit, desk: Desk, arguments: list[str], told_words: str
) -> None:
    await told(desk)
    ended = await audit("export", *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", f"{told_words}\n")


async def test_entries_are_chosen_as_people_type_it(audit: Audit, desk: Desk) -> None:
    request_id = await told(desk)

    async def numbers(*arguments: str) -> list[int]:
        ended = await audit("export", *arguments)
        assert (ended.code, ended.err) == (0, "")
        return [one["number"] for one in entries(ended.out)]

    assert await numbers("--request", request_id.removeprefix("D-").lower()) == [1, 2, 5]
    assert await numbers("--who", f"<@{BOB}|bob>, u0alice") == [1, 2, 3, 4, 5, 6]
    assert await numbers("--who", f"@{BOB}", "--event", "Deny,PAUSE") == [5, 6]
    assert await numbers("--event", "deny", "--event", "pause") == [5, 6]
    assert await numbers("--event", "approve,expire") == []  # it has not happened
    assert await numbers("--project", "beta", "--who", ALICE) == [3, 4]
    assert await numbers("--who", "bot") == []
    assert await numbers("--since", "7d") == [1, 2, 3, 4, 5, 6]
    assert await numbers("--until", "7d") == []
    assert await numbers("--until", "2999-12-31") == [1, 2, 3, 4, 5, 6]


async def test_an_export_is_proved_without_the_bot_as_the_docs_say(
    audit: Audit, desk: Desk
) -> None:
    await told(desk)
    whole = (await audit("export")).out
    link = (await last(desk)).hash
    assert prove(whole, "--whole") == (0, f"as written, up to {link}\n")
    some = (await audit("export", "--who", BOB)).out
    assert prove(some) == (0, f"as written, up to {link}\n")
    first, second, *others = whole.splitlines(keepends=True)
    assert prove("".join([first, *others]), "--whole")[0] == 1
    assert prove(whole.replace("U0BOB", "U0EVE")) == (1, "entry 5 is not as it was written\n")
    assert prove("".join([second, first, *others]), "--whole")[0] == 1


def prove(jsonl: str, *arguments: str) -> tuple[int, str]:
    """Run the program of docs/audit.md."""
    [program] = re.findall(r"```python\n(.*?)```", AUDIT_PAGE.read_text("utf-8"), re.DOTALL)
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=jsonl, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return ended.returncode, ended.stdout + ended.stderr


async def test_who_reads_only_the_first_lines_is_no_trouble(setting: Setting, desk: Desk) -> None:
    def many(tx: Transaction) -> None:
        for _ in range(300):
            tx.note("pause", BOB, reason="x" * 1000)

    await desk.ledger.write(many)
    process = await Line(setting).begin("-m", "bot", "audit", "export")
    assert process.stdout and process.stderr  # noqa: PT018 - both are there or none
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    assert (await process.stderr.read(), await process.wait()) == (b"", 1)
