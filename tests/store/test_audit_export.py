"""The audit leaves the database line by line, as it is, and can be proved outside."""

import csv
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.divert.request import Event
from bot.divert.spreadsheet import defused
from bot.divert.transaction import Decided, Transaction
from bot.store.audit import append, head
from bot.store.audit_export import COLUMNS, Wanted, as_csv, as_jsonl, export, unknown
from bot.store.ledger import SqlLedger
from tests.store.making import ALICE, BOB, Desk, pending
from tests.store.tampering import drop_triggers

ALL = Wanted()


async def lines(desk: Desk, wanted: Wanted = ALL) -> list[dict[str, Any]]:
    written = await desk.database.read(lambda c: list(export(c, as_jsonl, wanted)))
    return [json.loads(line) for line in written]


async def numbers(desk: Desk, **values: str) -> list[int]:
    wanted = Wanted({key: frozenset(value.split(",")) for key, value in values.items()})
    return [line["number"] for line in await lines(desk, wanted)]


async def told(desk: Desk) -> str:
    """Entries of two projects; the id of the request of demo."""
    request = await pending(desk.ledger)
    await pending(desk.ledger, project="beta")

    def work(tx: Transaction) -> None:
        tx.decide(request, Decided(BOB, "approve", "=1+1", tx.now()))
        tx.move(request, Event.APPROVE, BOB)
        tx.move(request, Event.START, "")
        tx.note("pause", BOB, project="demo", until="tomorrow")

    await desk.ledger.write(work)
    return request.id


async def test_each_entry_is_one_line_with_its_number_and_hash(desk: Desk) -> None:
    await told(desk)
    found = await lines(desk)
    assert [line["number"] for line in found] == list(range(1, 9))
    last = await desk.database.read(head)
    assert last is not None
    assert (found[-1]["number"], found[-1]["hash"]) == (last.number, last.hash)


async def test_who_has_the_lines_alone_can_prove_them(desk: Desk) -> None:
    """By the recipe of docs/audit.md, and with nothing of the bot's."""
    await told(desk)
    await desk.ledger.write(lambda tx: tx.note("pause", BOB, reason="雨 ☂ \U0001f642 \"'\\ \x01"))
    before = "0" * 64
    for line in await lines(desk):
        words = json.dumps(
            [before, line["number"], line["entry"]], sort_keys=True, separators=(",", ":")
        )
        assert line["before"] == before
        before = hashlib.sha256(words.encode()).hexdigest()
        assert line["hash"] == before


async def test_a_line_of_a_selection_can_be_proved_by_itself(desk: Desk) -> None:
    request_id = await told(desk)
    for line in await lines(desk, Wanted({"request": frozenset({request_id})})):
        linked = [line["before"], line["number"], line["entry"]]
        words = json.dumps(linked, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(words.encode()).hexdigest() == line["hash"]


async def test_entries_are_chosen_by_request_project_person_and_event(desk: Desk) -> None:
    request_id = await told(desk)
    assert await numbers(desk, request=request_id) == [1, 2, 5, 6, 7]
    assert await numbers(desk, project="beta") == [3, 4]
    assert await numbers(desk, project="demo,beta") == list(range(1, 9))
    assert await numbers(desk, who=BOB) == [5, 6, 8]
    assert await numbers(desk, who="") == [7]
    assert await numbers(desk, event="ask,pause") == [1, 3, 8]
    assert await numbers(desk, event="approve") == [5, 6]  # the verdict too
    assert await numbers(desk, event="approve", who=ALICE) == []
    assert await numbers(desk, project="demo", who=BOB, event="pause") == [8]


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [1, 2, 3]),
        (day(2), None, [2, 3]),
        (day(2) + timedelta(seconds=1), None, [3]),
        (None, day(2), [1]),
        (day(2), day(3), [2]),
        (day(2).astimezone(timezone(timedelta(hours=8))), None, [2, 3]),
        (day(4), None, []),
    ],
)
async def test_entries_are_chosen_by_time_from_since_up_to_until(
    desk: Desk, since: datetime | None, until: datetime | None, expected: list[int]
) -> None:
    await desk.database.write(three_days)
    found = await lines(desk, Wanted({}, since, until))
    assert [line["number"] for line in found] == expected


def three_days(connection: Connection) -> None:
    for number in (1, 2, 3):
        append(connection, {"at": day(number).isoformat()})


async def test_an_entry_whose_time_was_taken_away_is_in_no_time_and_still_exported(
    desk: Desk,
) -> None:
    await desk.database.write(three_days)
    await desk.database.write(drop_triggers)
    for number, entry in ((1, '{"at": "later"}'), (2, "{}"), (3, '{"at": "2026-01-03"}')):
        statement = text("UPDATE audit SET entry = :entry WHERE number = :number")
        values = {"entry": entry, "number": number}
        await desk.database.write(lambda c, v=values, s=statement: c.execute(s, v))  # type: ignore[misc]
    assert [line["number"] for line in await lines(desk, Wanted({}, day(1)))] == [3]
    assert [line["entry"] for line in await lines(desk)] == [
        {"at": "later"}, {}, {"at": "2026-01-03"},
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_an_entry_that_is_none_any_more_is_exported_as_it_is(desk: Desk) -> None:
    await desk.ledger.write(lambda tx: tx.note("pause", BOB))
    await desk.database.write(drop_triggers)
    await desk.database.write(lambda c: c.execute(text("UPDATE audit SET entry = x'7bff'")))
    [line] = await lines(desk)
    assert line["entry"] == {"unreadable": "{\udcff"}
    [_, row] = await table(desk)
    assert row["detail"] == '{"unreadable": "{?"}'


async def table(desk: Desk) -> list[dict[str, str]]:
    """The rows of the CSV by their columns, the head of the table first."""
    written = await desk.database.read(lambda c: list(export(c, as_csv, ALL)))
    content = "".join(written).encode(errors="replace").decode("utf-8-sig")
    rows = csv.reader(StringIO(content, newline=""))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


async def test_the_table_has_a_column_for_each_part_and_one_for_what_else_there_is(
    desk: Desk,
) -> None:
    request_id = await told(desk)
    head_row, *rows = await table(desk)
    assert list(head_row.values()) == list(COLUMNS)
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 9)]
    assert [row["hash"] for row in rows] == [line["hash"] for line in await lines(desk)]
    assert {name: value for name, value in rows[5].items() if value} == {
        "number": "6", "at": rows[5]["at"], "who": BOB, "event": "approve",
        "request": request_id, "project": "demo", "from": "pending", "to": "approved",
        "plan": "f" * 64, "hash": rows[5]["hash"],
    }  # fmt: skip
    assert rows[7]["detail"] == '{"until": "tomorrow"}'


async def test_no_cell_of_the_table_is_run_as_a_formula(desk: Desk) -> None:
    await told(desk)
    reasons = [row["reason"] for row in (await table(desk))[1:] if row["reason"]]
    assert reasons == ["'=1+1"]


@given(st.text())
async def test_what_people_wrote_comes_out_of_the_table_as_it_went_in(
    lasting_ledger: SqlLedger, reason: str
) -> None:
    reason = "as typed: " + reason.replace("\0", "")
    await lasting_ledger.write(lambda tx: tx.note("pause", BOB, reason=reason))
    assert (await table(Desk(lasting_ledger._database)))[-1]["reason"] == defused(reason)


async def test_values_that_no_entry_has_are_named(desk: Desk) -> None:
    request_id = await told(desk)

    async def unknown_of(**values: str) -> dict[str, set[str]]:
        sets = {key: frozenset(value.split(",")) for key, value in values.items()}
        found = await desk.database.read(lambda c: unknown(c, sets))
        return {key: set(value) for key, value in found.items()}

    assert await unknown_of() == {}
    assert await unknown_of(request=request_id, who=f"{ALICE},{BOB}", project="beta") == {}
    assert await unknown_of(event="approve,pause,decide", who="") == {}
    assert await unknown_of(request=f"{request_id},D-0000", who="U0EVE", event="ask") == {
        "request": {"D-0000"}, "who": {"U0EVE"},
    }  # fmt: skip


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_postgresql_hands_the_entries_over_in_portions(desk: Desk) -> None:
    """SQLite's driver never has more than is asked for."""
    await told(desk)

    def while_reading(connection: Connection) -> int:
        written = export(connection, as_jsonl, ALL)
        next(written)
        open_ones = connection.execute(text("SELECT count(*) FROM pg_cursors")).scalar_one()
        written.close()  # type: ignore[attr-defined]
        return int(open_ones)

    assert await desk.database.read(while_reading) == 1
