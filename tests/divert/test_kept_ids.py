"""A request in the place of another keeps its ids, whether they were typed or came in a file."""

from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import update

from bot.divert import replacing
from bot.divert.intake import read_input
from bot.divert.replacing import kept_ids
from bot.divert.request import Draft, Request
from bot.store.tables import requests
from tests.divert.state_machine.stage import Stage
from tests.divert.test_replacing import asks, edited, now, phone, sends


def kept(stage: Stage, request: Request) -> int:
    return stage.do(stage.life.world.ledger.read(lambda tx: kept_ids(tx, request)))


def test_typed_ids_that_are_kept_stand_before_those_that_are_added(stage: Stage) -> None:
    old = asks(stage, 1, 2)
    new = sends(stage, edited(old, ids=(phone(stage, 4),), ids_of=old.id)).request
    assert new.draft.ids == tuple(phone(stage, number) for number in (1, 2, 4))
    assert new.draft.ids_of == ""


def by_file(stage: Stage, old: Request) -> Request:
    """The same, as if its ids had come in a file."""
    given = replace(old.draft, ids=(), file_id="F1", column="id")
    draft = TypeAdapter(Draft).dump_python(given, mode="json")
    with stage.life.database.writing.begin() as connection:
        connection.execute(update(requests).where(requests.c.id == old.id).values(draft=draft))
    return now(stage, old)


def test_the_ids_of_a_file_are_kept_without_the_file(stage: Stage) -> None:
    old = by_file(stage, asks(stage, 1, 2))
    assert kept(stage, old) == 2
    draft = edited(old, ids=(phone(stage, 4),), file_id="", column="", ids_of=old.id)
    new = sends(stage, draft).request
    assert (new.draft.file_id, new.draft.column, new.draft.ids_of) == ("F1", "id", old.id)
    reading, _ = stage.do(read_input(stage.life.world, new.draft))
    assert reading.ids == tuple(phone(stage, number) for number in (1, 2, 4))
    assert reading.repeated == 0
    assert kept(stage, now(stage, new)) == 3


def test_of_a_request_that_was_never_planned_the_ids_before_it_are_kept(stage: Stage) -> None:
    old, world = by_file(stage, asks(stage, 1, 2)), stage.life.world
    draft = edited(old, file_id="", column="", ids_of=old.id)
    unplanned = stage.do(world.ledger.write(lambda tx: replacing.ask(world, tx, draft))).request
    assert kept(stage, unplanned) == 2
    again = edited(unplanned, "again", ids_of=unplanned.id, file_id="", column="")
    new = sends(stage, again).request
    assert new.draft.ids_of == old.id
    reading, _ = stage.do(read_input(world, new.draft))
    assert reading.ids == (phone(stage, 1), phone(stage, 2))
