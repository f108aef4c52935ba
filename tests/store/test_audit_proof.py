"""What somebody did to the audit is found, and where, by the hashes alone."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.store.audit import BEGINNING, Head
from bot.store.audit_proof import Fault, Wrong, prove, verify
from bot.store.database import Database, open_database
from bot.store.migrate import migrate
from tests.postgres import database_for
from tests.store.making import Desk, pending
from tests.store.tampering import Row, chained, drop_triggers, overwrite, read, set_head

Tamper = Callable[[list[Row]], list[Row]]

_TOLD = st.dictionaries(st.sampled_from(["who", "event", "reason"]), st.text(max_size=5))
_HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


def in_order(rows: list[Row]) -> list[Row]:
    return [row.at(number) for number, row in enumerate(rows, 1)]


@st.composite
def changed(draw: st.DrawFn, rows: list[Row]) -> list[Row]:
    """One field of one entry is another."""
    place = draw(st.integers(0, len(rows) - 1))
    numbers = st.integers(-3, 0) | st.integers(len(rows) + 1, len(rows) + 9)
    other = draw(
        st.one_of(
            _TOLD.map(lambda told: replace(rows[place], told=told)),
            st.sampled_from(rows).map(lambda row: replace(rows[place], told=row.told)),
            _HASHES.map(lambda link: replace(rows[place], hash=link)),
            st.sampled_from(rows).map(lambda row: replace(rows[place], hash=row.hash)),
            numbers.map(rows[place].at),
        )
    )
    return sorted([*rows[:place], other, *rows[place + 1 :]], key=lambda row: row.number)


@st.composite
def removed(draw: st.DrawFn, rows: list[Row]) -> list[Row]:
    """One entry or more are gone, and the gap is left or closed."""
    first = draw(st.integers(0, len(rows) - 1))
    left = [*rows[:first], *rows[draw(st.integers(first + 1, len(rows))) :]]
    return draw(st.sampled_from([left, in_order(left)]))


@st.composite
def reordered(draw: st.DrawFn, rows: list[Row]) -> list[Row]:
    """Two entries have changed places, or one has gone to another place."""
    one, other = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(rows) - 1))
    swapped = list(rows)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    moved = [*rows[:one], *rows[one + 1 :]]
    moved.insert(other, rows[one])
    return in_order(draw(st.sampled_from([swapped, moved])))


@st.composite
def inserted(draw: st.DrawFn, rows: list[Row]) -> list[Row]:
    """An entry was put in: with the hash it must have there, any hash, or as a copy."""
    place = draw(st.integers(0, len(rows)))
    [*_, fitting] = chained([draw(_TOLD)], rows[:place])
    other = draw(
        st.one_of(
            st.just(fitting),
            _HASHES.map(lambda link: replace(fitting, hash=link)),
            st.sampled_from(rows),
        )
    )
    return in_order([*rows[:place], other, *rows[place:]])


def first_wrong(before: list[Row], after: list[Row]) -> int:
    """The number of the first entry that is another, is not there, or was not there."""
    if after and after[0].number < 1:
        return after[0].number
    pairs = zip([*before, None], [*after, None], strict=False)
    return next(number for number, (one, other) in enumerate(pairs, 1) if one != other)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def unguarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """A database whose triggers are gone, for all examples of a property."""
    database = open_database(database_for(request, tmp_path_factory.mktemp("unguarded")))
    await migrate(database)
    await database.write(drop_triggers)
    yield database
    await database.close()


@settings(deadline=None)
@given(data=st.data(), told=st.lists(_TOLD, min_size=1, max_size=6))
async def test_whatever_is_done_to_one_entry_is_found_and_where(
    unguarded: Database, data: st.DataObject, told: list[dict[str, Any]]
) -> None:
    rows = chained(told)
    tampers = (changed(rows), removed(rows), reordered(rows), inserted(rows))
    after = data.draw(st.one_of(tampers))
    assume(after != rows)
    fault = await unguarded.write(lambda c: verified(c, after, rows[-1]))
    assert fault is not None
    assert fault.number == first_wrong(rows, after)


@settings(deadline=None, max_examples=20)
@given(told=st.lists(_TOLD, max_size=6))
async def test_a_chain_that_was_written_as_it_is_is_whole(
    unguarded: Database, told: list[dict[str, Any]]
) -> None:
    rows = chained(told)
    last = rows[-1] if rows else Row(0, {}, BEGINNING)
    assert await unguarded.write(lambda c: verified(c, rows, last)) is None


def verified(connection: Connection, rows: list[Row], last: Row) -> Fault | None:
    overwrite(connection, rows)
    set_head(connection, Head(last.number, last.hash))
    return verify(connection)


async def six(desk: Desk) -> list[Row]:
    for _ in range(3):
        await pending(desk.ledger)
    await desk.database.write(drop_triggers)
    return await desk.database.read(read)


def put(place: int, **changes: Any) -> Tamper:  # noqa: ANN401 - any field of a row
    return lambda rows: [replace(row, **changes) if row.number == place else row for row in rows]


def rehashed(place: int) -> Tamper:
    """Another entry with the hash it must have there; all behind it is as it was."""

    def tamper(rows: list[Row]) -> list[Row]:
        return [*chained([{"who": "U0EVE"}], rows[: place - 1]), *rows[place:]]

    return tamper


def put_in(place: int) -> Tamper:
    def tamper(rows: list[Row]) -> list[Row]:
        return in_order([*chained([{"who": "U0EVE"}], rows[:place]), *rows[place:]])

    return tamper


FAULTS: dict[str, tuple[Tamper, Fault]] = {
    "changed": (put(3, told={"who": "U0EVE"}), Fault(3, Wrong.CHANGED)),
    "the last changed": (put(6, told={}), Fault(6, Wrong.CHANGED)),
    "no object": (put(3, told=["who"]), Fault(3, Wrong.CHANGED)),
    "its hash changed": (put(3, hash="f" * 64), Fault(3, Wrong.REHASHED)),
    "the last hash changed": (put(6, hash="f" * 64), Fault(6, Wrong.REHASHED)),
    "changed with its hash": (rehashed(3), Fault(4, Wrong.CHANGED)),
    "the last changed with its hash": (rehashed(6), Fault(6, Wrong.NOT_THE_HEAD)),
    "all of it changed": (
        put(3, told={}, hash="f" * 64), Fault(3, Wrong.LOOSE),
    ),
    "one missing": (lambda rows: [*rows[:2], *rows[3:]], Fault(3, Wrong.MISSING, 3)),
    "two missing": (lambda rows: [*rows[:2], *rows[4:]], Fault(3, Wrong.MISSING, 4)),
    "the first missing": (lambda rows: rows[1:], Fault(1, Wrong.MISSING, 1)),
    "the gap closed": (
        lambda rows: in_order([*rows[:2], *rows[3:]]), Fault(3, Wrong.LOOSE),
    ),
    "the end cut off": (lambda rows: rows[:4], Fault(5, Wrong.CUT, 6)),
    "all of it cut off": (lambda _: [], Fault(1, Wrong.CUT, 6)),
    "swapped": (
        lambda rows: in_order([*rows[:2], rows[4], rows[3], rows[2], rows[5]]),
        Fault(3, Wrong.MOVED, 5),
    ),
    "renumbered": (put(3, number=9), Fault(3, Wrong.MOVED, 9)),
    "before the first": (put(3, number=-2), Fault(-2, Wrong.EARLY)),
    "put in": (put_in(2), Fault(3, Wrong.MOVED, 4)),
    "put in at the end": (put_in(6), Fault(7, Wrong.AHEAD, 6)),
    "a copy put in": (
        lambda rows: in_order([*rows[:4], rows[1], *rows[4:]]), Fault(5, Wrong.MOVED, 6),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tamper", "fault"), FAULTS.values(), ids=FAULTS)
async def test_what_is_wrong_is_told_as_closely_as_it_can_be_known(
    desk: Desk, tamper: Tamper, fault: Fault
) -> None:
    rows = await six(desk)
    await desk.database.write(lambda c: overwrite(c, tamper(rows)))
    assert await desk.database.read(verify) == fault


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_head SET number = 5", Fault(6, Wrong.AHEAD, 5)),
        ("UPDATE audit_head SET number = 8", Fault(7, Wrong.CUT, 8)),
        ("UPDATE audit_head SET hash = 'x'", Fault(6, Wrong.NOT_THE_HEAD)),
        ("DELETE FROM audit_head", Fault(6, Wrong.NO_HEAD)),
        ("INSERT INTO audit_head VALUES (2, 6, 'x')", Fault(6, Wrong.NO_HEAD)),
    ],
)
async def test_a_head_that_was_changed_is_found(desk: Desk, statement: str, fault: Fault) -> None:
    await six(desk)
    await desk.database.write(lambda c: c.execute(text(statement)))
    assert await desk.database.read(verify) == fault


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit SET entry = 'none' WHERE number = 3", Fault(3, Wrong.CHANGED)),
        ("UPDATE audit SET entry = x'00ff' WHERE number = 3", Fault(3, Wrong.CHANGED)),
        ("UPDATE audit SET hash = x'00ff' WHERE number = 3", Fault(3, Wrong.REHASHED)),
        ("UPDATE audit SET hash = 7 WHERE number = 3", Fault(3, Wrong.REHASHED)),
        ("UPDATE audit_head SET number = 'none'", Fault(6, Wrong.NO_HEAD)),
    ],
)
async def test_what_no_entry_could_be_is_found(desk: Desk, statement: str, fault: Fault) -> None:
    """PostgreSQL keeps nothing in these columns that does not belong there."""
    await six(desk)
    await desk.database.write(lambda c: c.execute(text(statement)))
    assert await desk.database.read(verify) == fault


async def proof(desk: Desk, noted: Head) -> Head | Fault:
    return await desk.database.read(lambda c: prove(c, noted))


async def test_a_head_noted_before_is_still_part_of_the_chain(desk: Desk) -> None:
    rows = await six(desk)
    last = Head(6, rows[5].hash)
    for row in rows:
        assert await proof(desk, Head(row.number, row.hash)) == last
    assert await proof(desk, Head(3, rows[2].hash[:16])) == last
    assert await proof(desk, Head(0, BEGINNING)) == last


async def test_an_audit_written_anew_together_with_its_head_is_found_by_a_noted_one(
    desk: Desk,
) -> None:
    rows = await six(desk)
    anew = chained([{"who": "U0EVE"}, *(row.told for row in rows[4:])], rows[:3])
    assert await desk.database.write(lambda c: verified(c, anew, anew[-1])) is None
    assert await proof(desk, Head(3, rows[2].hash)) == Head(6, anew[-1].hash)
    for row in rows[3:]:
        noted = Head(row.number, row.hash)
        assert await proof(desk, noted) == Fault(row.number, Wrong.NOT_AS_NOTED)
    assert await proof(desk, Head(0, "f" * 16)) == Fault(0, Wrong.NOT_AS_NOTED)


async def test_an_end_cut_off_together_with_the_head_is_found_by_a_noted_one(desk: Desk) -> None:
    rows = await six(desk)
    assert await desk.database.write(lambda c: verified(c, rows[:4], rows[3])) is None
    assert await proof(desk, Head(6, rows[5].hash)) == Fault(5, Wrong.CUT, 6)


async def test_of_two_faults_the_first_is_told(desk: Desk) -> None:
    rows = await six(desk)
    await desk.database.write(lambda c: overwrite(c, put(2, told={})(rows)))
    assert await proof(desk, Head(4, "f" * 64)) == Fault(2, Wrong.CHANGED)
