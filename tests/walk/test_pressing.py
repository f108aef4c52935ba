"""What is asked by pressing a button: a command as it was meant, and the column of a file."""

import asyncio
import time

import pytest

from sandbox.slack import payloads
from tests.walk.stage import Json, Stage


async def the_card(stage: Stage) -> Json:
    """The card that goes up, the only one here."""
    text = ", waiting for approval"
    found = await stage.slack.wait_for("message", channel=stage.channel, text=text)
    return found | {"channel": stage.channel}


async def cards(stage: Stage) -> int:
    seen = await stage.bob.sees(stage.channel)
    return sum("D-" in one["text"] and not one["is_ephemeral"] for one in seen)


async def test_a_mistyped_command_is_run_as_it_was_meant_and_once_for_a_double_click(
    stage: Stage,
) -> None:
    ids = await stage.phones(1)
    assert "Did you mean" in await stage.says(f"/cph dvert routing {ids[0]}")
    answer = await stage.answered("Did you mean")
    assert f"/cph divert routing {ids[0]}" in answer["text"]
    await asyncio.gather(stage.presses_run(answer), stage.presses_run(answer))
    await the_card(stage)
    await stage.hears("came in already")
    assert await cards(stage) == 1


async def test_a_button_delivered_twice_makes_one_request(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.says(f"/cph dvert routing {ids[0]}")
    answer = await stage.answered("Did you mean")
    await stage.slack.fault("duplicate", delivery="interactive", times=1)
    await stage.presses_run(answer)
    await the_card(stage)
    assert await cards(stage) == 1


async def test_a_button_opens_the_form_where_that_was_meant(stage: Stage) -> None:
    await stage.says("/cph dvert")
    await stage.presses_run(await stage.answered("Did you mean"))
    assert (await stage.alice.open_view())["callback_id"] == "divert"
    await stage.alice.close()


async def test_a_command_put_onto_a_button_gives_nobody_more_than_typing(stage: Stage) -> None:
    """Bob may approve and not ask; he sends a press that no button of his could have sent."""
    ids = await stage.phones(1)
    await stage.says("/cph dvert", stage.bob)
    shown = await stage.answered("Did you mean", stage.bob)
    await presses(stage, "U0BOB", shown["ts"], "run", f"/cph divert routing {ids[0]}")
    await stage.hears("No rule of the policy", stage.bob)
    await presses(stage, "U0BOB", shown["ts"], "run", "D-7K3M:0a1b2c3d")
    await stage.hears("no request for this button", stage.bob)
    assert await cards(stage) == 0


async def presses(stage: Stage, user: str, ts: str, action_id: str, value: str) -> None:
    workspace = stage.sandbox.workspace
    room = workspace.rooms[stage.channel]
    message = room.find(ts)
    assert message is not None
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    action["action_ts"] = f"{time.time():.6f}"
    payload = payloads.message_click(workspace, workspace.users[user], room, message, action)
    assert (await workspace.delivery.send("interactive", payload)).acked


async def two_columns(stage: Stage) -> tuple[Json, list[str]]:
    """A file whose column must be asked for, the question, and the ids of its second column."""
    first, second = await stage.phones(4), await stage.phones(4)
    lines = ["before,after", *(",".join(pair) for pair in zip(first, second, strict=True))]
    await stage.gives_file("pairs.csv", "\n".join(lines).encode())
    question = await stage.alice.wait_for("ephemeral", channel=stage.channel, text="after")
    return question | {"channel": stage.channel}, second


async def test_the_column_that_was_chosen_of_a_file_is_asked_for_once(stage: Stage) -> None:
    question, ids = await two_columns(stage)
    for _ in range(2):
        assert (await stage.alice.click("choose_column:2", message=question))["acked"]
    await stage.approve(await the_card(stage))
    await stage.hears("came in already")
    await stage.slack.wait_for("message", channel=stage.channel, text="*Proven:*")
    assert set((await stage.cloud.routes(ids)).values()) == {"routing"}
    assert await cards(stage) == 1


async def test_nobody_chooses_the_column_of_another_persons_file(stage: Stage) -> None:
    question, _ = await two_columns(stage)
    rows = next(block for block in question["blocks"] if block["type"] == "actions")
    value = rows["elements"][0]["value"]
    await presses(stage, "U0BOB", question["ts"], "choose_column:1", value)
    await stage.hears("no request for this button", stage.bob)
    assert await cards(stage) == 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/cph drift D-ZZZZZZZZ", "no request `D-ZZZZZZZZ`"),
        ("/cph phones project:nope", "no project `nope`"),
        ("/cph plan routing name:x project:nope", "no project `nope`"),
        ("/cph phones name:no-such-phone", "I am reading the cloud"),
    ],
)
async def test_a_look_is_answered_at_once(stage: Stage, text: str, answer: str) -> None:
    assert answer in await stage.says(text)


async def test_who_was_heard_before_is_answered_at_once_in_their_language(stage: Stage) -> None:
    await stage.slack.put("people", users=[{"id": "U0GRETA", "name": "greta", "locale": "de-DE"}])
    room = {"id": stage.channel, "members": ["U0GRETA"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    greta = stage.slack.person("U0GRETA")
    await stage.says(f"/cph divert routing {'e' * 32}", greta)
    await stage.hears("nichts zu ändern", greta)
    assert "gibt es hier nicht" in await stage.says("/cph phones project:nope", greta)
