"""Rightly signed, and yet nothing that this workspace's people could have done."""

import pytest

from bot.divert.plan import SHOWN_HASH
from sandbox.slack.cast import OTHER_TEAM
from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.transport.door import Door
from tests.transport.test_walk import decisions
from tests.walk.stage import Json, request_id

UNKNOWN = "I know no request for this button"
MEBIBYTE = 1024 * 1024


@pytest.fixture
async def card(scene: Scene) -> Json:
    """A request that waits for approval."""
    return await scene.asks("routing", await scene.phones(1))


def value_of(card: Json) -> str:
    rows = (block["elements"] for block in card["blocks"] if block["type"] == "actions")
    return str(next(one["value"] for row in rows for one in row if one["action_id"] == "approve"))


async def assert_still_waiting(scene: Scene, home: Home, card: Json) -> None:
    assert decisions(home, card) == []
    query = "SELECT state FROM requests WHERE id = ?"
    assert home.ask(query, request_id(card["text"])) == [("pending",)]
    assert await scene.buttons(card) == ["approve", "deny", "withdraw"]


async def test_a_click_from_another_workspace_is_refused_with_a_sentence(
    scene: Scene, home: Home, door: Door, card: Json
) -> None:
    payload = door.click("U0BOB", card, "approve", value_of(card))
    payload["team"]["id"] = OTHER_TEAM
    assert await door.send("interactive", payload) == 200
    await scene.hears("workspace", scene.bob)
    await assert_still_waiting(scene, home, card)


@pytest.mark.parametrize("team", [None, {}, {"id": ""}])
async def test_a_click_that_names_no_workspace_decides_nothing(
    scene: Scene, home: Home, door: Door, card: Json, team: Json | None
) -> None:
    payload = door.click("U0BOB", card, "approve", value_of(card)) | {"team": team}
    assert await door.send("interactive", payload) == 200
    await scene.hears("workspace", scene.bob)
    await assert_still_waiting(scene, home, card)


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
        ":",
        "nonsense",
        "D-7K3M",
        "D-7K3M:" + "f" * 200,
        "D-7K3M:abc' OR 1=1 --",
        "<!channel>:\0\ud83d\ude00",
        "D-7K3M:" + "a" * (MEBIBYTE // 2),
    ],
    ids=["unknown", "empty", "colon", "nonsense", "no plan", "long", "sql", "odd", "huge"],
)
async def test_a_button_that_carries_no_known_request_is_answered_and_decides_nothing(
    scene: Scene, home: Home, door: Door, card: Json, value: str
) -> None:
    assert await door.send("interactive", door.click("U0BOB", card, "approve", value)) == 200
    await scene.hears(UNKNOWN, scene.bob)
    await assert_still_waiting(scene, home, card)


@pytest.mark.parametrize("plan", ["", "abc", "0" * SHOWN_HASH, "f" * 64])
async def test_a_button_of_another_plan_is_answered_and_decides_nothing(
    scene: Scene, home: Home, door: Door, card: Json, plan: str
) -> None:
    value = f"{request_id(card['text'])}:{plan}"
    assert await door.send("interactive", door.click("U0BOB", card, "approve", value)) == 200
    await scene.hears("has changed since this card", scene.bob)
    await assert_still_waiting(scene, home, card)


@pytest.mark.parametrize("action_id", ["detonate", "", "approve "])
async def test_a_button_nobody_knows_is_answered_and_decides_nothing(
    scene: Scene, home: Home, door: Door, card: Json, action_id: str
) -> None:
    payload = door.click("U0BOB", card, action_id, value_of(card))
    assert await door.send("interactive", payload) == 200
    await scene.hears(UNKNOWN, scene.bob)
    await assert_still_waiting(scene, home, card)


@pytest.mark.parametrize(
    "remembered",
    ["", "{", "[]", "7", '{"request_id": 7, "plan": null}', '{"request_id": "D-7K3M"}', "x" * 3000],
)
async def test_a_denial_whose_form_remembers_nothing_denies_nothing_and_says_so(
    scene: Scene, home: Home, door: Door, card: Json, remembered: str
) -> None:
    await scene.bob.click("deny", message=card)
    await scene.bob.fill({"reason": {"value": "not today"}})
    since = scene.sandbox.workspace.new_ts()
    assert await door.send("interactive", door.submission("U0BOB", remembered)) == 200
    await scene.bob.close(clear=True)
    await scene.bob.wait_for("message", channel="DM", text=UNKNOWN, after=since)
    await assert_still_waiting(scene, home, card)


@pytest.mark.parametrize("remembered", ["", "{", "[]", '{"channel": 7}'])
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
