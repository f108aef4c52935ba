"""Rightly signed, and of a shape that Slack never sends: refused, and nothing else happens."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.slack import payloads
from sandbox.slack.delivery import Kind
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.transport.door import Door
from tests.walk.stage import Json

JUNK: list[object] = [
    None, "", "\0\ud800", 7, -1.5, True, [], ["x"], {}, {"id": ["x"]}, {"id": {"id": "U0BOB"}},
    "x" * 100_000,
]  # fmt: skip
UNKNOWN = "D-ZZZZZZZZ:abc"


@pytest.fixture
def kept(home: Home) -> Callable[[], list[int]]:
    """How much the ledger holds."""

    def counted() -> list[int]:
        tables = ("requests", "phones", "batches", "decisions", "repeats")
        return [home.ask(f"SELECT count(*) FROM {table}")[0][0] for table in tables]  # noqa: S608

    return counted


def spoilt(payload: Json) -> Iterator[Json]:
    """The payload with each of its places in turn left out, or filled with something else."""
    for path in paths(payload, ()):
        yield without(payload, path)
        for junk in JUNK:
            yield with_instead(payload, path, junk)


def paths(value: object, above: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if above:
        yield above
    if isinstance(value, dict):
        for name in value:
            yield from paths(value[name], (*above, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from paths(one, (*above, number))


def without(payload: Json, path: tuple[Any, ...]) -> Json:
    copied = copy.deepcopy(payload)
    del place(copied, path)[path[-1]]
    return copied


def with_instead(payload: Json, path: tuple[Any, ...], junk: object) -> Json:
    copied = copy.deepcopy(payload)
    place(copied, path)[path[-1]] = junk
    return copied


def place(payload: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever JSON holds
    for name in path[:-1]:
        payload = payload[name]
    return payload


async def survives(door: Door, kind: Kind, payload: Json) -> None:
    """Every spoilt payload is answered, and the genuine one as well as before."""
    answers = {await door.send(kind, one) for one in spoilt(payload)}
    assert answers <= {200, 400}
    assert 400 in answers
    assert await door.send(kind, payload) == 200


@pytest.fixture
async def form(scene: Scene) -> None:
    """Alice has the form open, with nothing in it."""
    await scene.says("/cph divert")


@pytest.mark.usefixtures("scene")
async def test_a_spoilt_command_is_refused_and_asks_for_nothing(
    door: Door, kept: Callable[[], list[int]]
) -> None:
    before = kept()
    alice, room = door.workspace.users["U0ALICE"], door.workspace.rooms["C0OPS"]
    command = payloads.slash_command(door.workspace, alice, room, "/cph", "status")
    for path in paths(command, ()):
        if path != ("command",):  # of a command we do not have Bolt says that it is not found
            assert await door.send("slash_commands", without(command, path)) in (200, 400)
            assert await door.send("slash_commands", with_instead(command, path, "")) in (200, 400)
    assert kept() == before


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(
    "action",
    ["approve", "deny", "run", "open_form", "edit", "ask_anyway", "choose_column:1", "project", ""],
)
async def test_a_spoilt_click_is_refused_and_decides_nothing(
    door: Door, kept: Callable[[], list[int]], action: str
) -> None:
    before = kept()
    button = {"type": "button", "action_id": action, "block_id": "b", "value": UNKNOWN}
    message = {"type": "message", "message_ts": "1.1", "channel_id": "C0OPS"}
    click = {
        **payloads._interaction(door.workspace, door.workspace.users["U0ALICE"], "block_actions"),
        "trigger_id": "1.2.3",
        "container": message,
        "channel": {"id": "C0OPS"},
        "response_url": "",
        "actions": [button | {"action_ts": "1.2"}],
    }
    await survives(door, "interactive", click)
    assert kept() == before


@pytest.mark.usefixtures("form")
async def test_a_spoilt_form_is_refused_and_asks_for_nothing(
    scene: Scene, door: Door, kept: Callable[[], list[int]]
) -> None:
    before = kept()
    sent = door.submission("U0ALICE", "{}")
    small = {"id", "type", "callback_id", "private_metadata", "state"}
    view = {name: value for name, value in sent["view"].items() if name in small}
    await survives(door, "interactive", sent | {"view": view})
    await scene.alice.close(clear=True)
    assert kept() == before


@pytest.mark.usefixtures("form")
async def test_a_spoilt_question_of_a_menu_is_refused(scene: Scene, door: Door) -> None:
    where = {"action_id": "servers", "block_id": "servers", "container": {"type": "view"}}
    alice = door.workspace.users["U0ALICE"]
    await survives(
        door, "interactive", payloads.block_suggestion(door.workspace, alice, where, "e")
    )
    await scene.alice.close(clear=True)
