"""Rightly signed, and yet nothing that this workspace's people could have done."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.divert.plan import SHOWN_HASH
from sandbox.slack.cast import OTHER_TEAM, TEAM
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.transport.door import Door
from tests.transport.test_walk import decisions
from tests.walk.stage import Json, request_id

UNKNOWN = "I know no request for this button"
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Waiting:
    """A request that waits for approval, and goes on waiting whatever is forged for it."""

    scene: Scene
    home: Home
    door: Door
    card: Json
    since: str

    async def click(self, action_id: str, value: str, **forged: object) -> None:
        """Bob's click, as far as it is his."""
        payload = self.door.click("U0BOB", self.card, action_id, value) | forged
        assert await self.door.send("interactive", payload) == 200

    async def is_told(self, text: str) -> None:
        channel = self.scene.channel
        await self.scene.bob.wait_for("ephemeral", channel=channel, text=text, after=self.since)

    @property
    def value(self) -> str:
        """What the card's own button carries."""
        rows = (block["elements"] for block in self.card["blocks"] if block["type"] == "actions")
        buttons = [one for row in rows for one in row]
        return str(next(one["value"] for one in buttons if one["action_id"] == "approve"))

    async def still(self) -> None:
        assert decisions(self.home, self.card) == []
        query = "SELECT state FROM requests WHERE id = ?"
        assert self.home.ask(query, request_id(self.card["text"])) == [("pending",)]
        assert {"approve", "deny", "withdraw"} <= set(await self.scene.buttons(self.card))


@pytest.fixture(scope="module")
async def asked(open_scene: Callable[[], Awaitable[Scene]]) -> tuple[Scene, Json]:
    scene = await open_scene()
    return scene, await scene.asks("routing", await scene.phones(1))


@pytest.fixture
def waiting(asked: tuple[Scene, Json], home: Home, door: Door, steady: None) -> Waiting:  # noqa: ARG001 - it looks at the log
    scene, card = asked
    return Waiting(scene, home, door, card, scene.sandbox.workspace.new_ts())


@pytest.mark.parametrize("team", [{"id": OTHER_TEAM, "domain": "other"}, None, {}, {"id": ""}])
async def test_a_click_from_another_workspace_or_none_is_refused_with_a_sentence(
    waiting: Waiting, team: Json | None
) -> None:
    await waiting.click("approve", waiting.value, team=team)
    await waiting.is_told("workspace")
    await waiting.still()


async def test_a_click_of_a_guest_in_a_shared_channel_is_refused_with_a_sentence(
    waiting: Waiting,
) -> None:
    """The workspace is ours, and only the person's own is another."""
    await waiting.click("approve", waiting.value, user={"id": "U0BOB", "team_id": OTHER_TEAM})
    await waiting.is_told("workspace")
    await waiting.still()


async def test_a_person_of_another_workspace_decides_nothing_under_our_teams_name(
    waiting: Waiting,
) -> None:
    """Slack knows whose the id is; the answer goes where the click came from."""
    await waiting.click("approve", waiting.value, user={"id": "U0OUT", "team_id": TEAM})
    await waiting.is_told("other workspaces")
    await waiting.still()


async def test_a_command_from_another_workspace_is_answered_and_not_recorded(
    scene: Scene, home: Home
) -> None:
    requests = len(home.states())
    stranger = scene.slack.person("U0OUT")
    answer = await stranger.command("C0OPS", f"/cph divert routing {'a' * 32}")
    assert "workspace" in answer["response"]["text"]
    assert len(home.states()) == requests


@pytest.mark.parametrize(
    "value",
    [
        "D-ZZZZZZZZ:abc",
        "",
        "nonsense",
        "D-7K3M:" + "f" * 200,
        "<!channel>:\0\ud83d\ude00",
        "D-7K3M:" + "a" * (MEBIBYTE // 2),
    ],
    ids=["unknown", "empty", "nonsense", "long", "odd", "huge"],
)
async def test_a_button_that_carries_no_known_request_is_answered_and_decides_nothing(
    waiting: Waiting, value: str
) -> None:
    await waiting.click("approve", value)
    await waiting.is_told(UNKNOWN)
    await waiting.still()


@pytest.mark.parametrize("plan", ["", "0" * SHOWN_HASH])
async def test_a_button_of_another_plan_is_answered_and_decides_nothing(
    waiting: Waiting, plan: str
) -> None:
    await waiting.click("approve", f"{request_id(waiting.card['text'])}:{plan}")
    await waiting.is_told("has changed since this card")
    await waiting.still()


@pytest.mark.parametrize("action_id", ["detonate", ""])
async def test_a_button_nobody_knows_is_answered_and_decides_nothing(
    waiting: Waiting, action_id: str
) -> None:
    await waiting.click(action_id, waiting.value)
    await waiting.is_told(UNKNOWN)
    await waiting.still()


@pytest.mark.parametrize(
    "remembered",
    ["", "{", "[]", '{"request_id": 7, "plan": null}', "[" * 3_000, "null", "NaN", "9" * 5_000],
    ids=["empty", "broken", "list", "wrong kinds", "deep", "null", "nan", "digits"],
)
async def test_a_denial_whose_form_remembers_nothing_denies_nothing_and_says_so(
    waiting: Waiting, remembered: str
) -> None:
    bob = waiting.scene.bob
    await bob.click("deny", message=waiting.card)
    await bob.fill({"reason": {"value": "not today"}})
    submission = waiting.door.submission("U0BOB", remembered)
    assert await waiting.door.send("interactive", submission) == 200
    await bob.close(clear=True)
    await bob.wait_for("message", channel="DM", text=UNKNOWN, after=waiting.since)
    await waiting.still()


async def test_a_denial_of_another_plan_or_request_denies_nothing_and_says_so(
    waiting: Waiting,
) -> None:
    bob, own = waiting.scene.bob, request_id(waiting.card["text"])
    for wish, told in (
        ({"request_id": own, "plan": "0" * SHOWN_HASH}, "has changed since this card"),
        ({"request_id": "D-ZZZZZZZZ", "plan": "0" * SHOWN_HASH}, UNKNOWN),
    ):
        await bob.click("deny", message=waiting.card)
        await bob.fill({"reason": {"value": "not today"}})
        submission = waiting.door.submission("U0BOB", json.dumps(wish))
        assert await waiting.door.send("interactive", submission) == 200
        await bob.close(clear=True)
        await bob.wait_for("message", channel="DM", text=told, after=waiting.since)
    await waiting.still()


@pytest.mark.parametrize("action_id", ["edit", "open_form"])
async def test_nobody_opens_the_form_of_somebody_elses_request(
    waiting: Waiting, action_id: str
) -> None:
    """The button says whose it is, and pressing it is not enough."""
    await waiting.click(action_id, waiting.value)
    shown = waiting.door.workspace.views.top("U0BOB")
    assert shown is None or request_id(waiting.card["text"]) not in str(shown.view)
    await waiting.scene.bob.close(clear=True) if shown else None
    await waiting.still()


@pytest.mark.parametrize("wish", [{"instead": True}, {"ids": 1}, {"ids": 1, "instead": True}])
async def test_a_form_that_names_somebody_elses_request_takes_nothing_of_it(
    waiting: Waiting, wish: Json
) -> None:
    bob, requests = waiting.scene.bob, len(waiting.home.states())
    await waiting.scene.says("/cph divert", bob)
    ids = {"ids": {"value": (await waiting.scene.phones(1))[0]}}
    await bob.fill({"route": {"value": "routing"}, **ids})
    forged = json.dumps({"request_id": request_id(waiting.card["text"]), **wish})
    submission = waiting.door.submission("U0BOB", forged)
    kept = {"kept": {"value": {"type": "checkboxes", "selected_options": [{"value": "value"}]}}}
    submission["view"]["state"]["values"] |= kept
    assert await waiting.door.send("interactive", submission) == 200
    await bob.close(clear=True)
    assert len(waiting.home.states()) == requests
    await waiting.still()


@pytest.mark.parametrize("remembered", ["{", '{"channel": 7}', "[" * 3_000])
async def test_a_form_that_forgot_its_channel_is_answered_directly(
    scene: Scene, door: Door, remembered: str
) -> None:
    ids = await scene.phones(1)
    await scene.says("/cph divert")
    await scene.alice.fill({"route": {"value": "routing"}, "ids": {"value": ids[0]}})
    payload = door.submission("U0ALICE", remembered)
    since = scene.sandbox.workspace.new_ts()
    assert await door.send("interactive", payload) == 200
    await scene.alice.close(clear=True)
    told = await scene.alice.wait_for("message", 10, channel="DM", text="I am reading", after=since)
    await scene.slack.wait_for("message", channel="C0OPS", text=f"{request_id(told['text'])}:")


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[1]", "application/json"),
        (b'"text"', "application/json"),
        (b"7", "application/json"),
        (b"null", "application/json"),
        (b"{broken", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"payload=%5B1%5D", "application/x-www-form-urlencoded"),
        (b"payload=7", "application/x-www-form-urlencoded"),
        (b"payload={broken", "application/x-www-form-urlencoded"),
        (b"<x/>", "text/xml"),
        (b"command=%2Fcph", "multipart/form-data; boundary=x"),
        (b"payload=" + b"a" * MEBIBYTE, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_of_another_kind_or_size_is_a_bad_request(
    door: Door, body: bytes, kind: str
) -> None:
    assert 400 <= await door.send_bytes(body, kind) < 500
