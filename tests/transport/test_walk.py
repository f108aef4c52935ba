"""The whole walk over signed HTTP, and requests that are old, doubled or not Slack's."""

import pytest

from tests.crash.home import Home
from tests.crash.scene import Scene
from tests.walk.stage import Json, request_id


async def test_the_walk_by_command_is_the_same_over_http_and_past_a_dead_proxy(
    scene: Scene,
) -> None:
    ids = await scene.phones(4)
    card = await scene.runs("routing", ids)
    assert "all 4 phones have the route" in card["text"]
    assert set((await scene.cloud.routes(ids)).values()) == {"routing"}


async def test_the_walk_by_form_with_a_file_is_the_same_over_http(scene: Scene) -> None:
    ids = await scene.phones(12)
    card = await scene.asks_by_file(ids)
    await scene.approve(card)
    assert "all 12 phones have the route" in (await scene.ends(card))["text"]
    assert {row["state"] for row in await scene.table(card, "outcome")} == {"succeeded"}


@pytest.mark.parametrize("fault", ["bad_signature", "stale_signature"])
async def test_what_is_signed_wrongly_or_ten_minutes_ago_asks_for_nothing_and_decides_nothing(
    scene: Scene, home: Home, fault: str
) -> None:
    card = await scene.asks("routing", await scene.phones(1))
    requests = len(home.states())
    await scene.slack.fault(fault, delivery="*", times=2)
    answer = await scene.alice.command(scene.channel, f"/cph divert routing {'a' * 32}")
    assert (answer["acked"], answer["error"]) == (False, "dispatch_failed")
    assert not (await scene.bob.click("approve", message=card))["acked"]
    assert len(home.states()) == requests
    assert decisions(home, card) == []


async def test_a_command_that_is_sent_again_byte_for_byte_makes_no_second_request(
    scene: Scene, home: Home
) -> None:
    heard = await scene.says(f"/cph divert routing {(await scene.phones(1))[0]}")
    requests = len(home.states())
    assert await scene.slack.fault("replay") == 200
    await scene.card(request_id(heard), "waiting for approval")
    assert len(home.states()) == requests


async def test_an_approval_that_is_sent_again_byte_for_byte_decides_once(
    scene: Scene, home: Home
) -> None:
    ids = await scene.phones(2)
    card = await scene.asks("routing", ids)
    await scene.approve(card)
    assert await scene.slack.fault("replay") == 200
    await scene.ends(card)
    assert await scene.slack.fault("replay") == 200
    await scene.says("/cph status")  # whatever the click had started has begun by now
    assert decisions(home, card) == [("U0BOB", "approve")]
    assert sum(set(call.phone_ids) == set(ids) for call in scene.sends()) == 1


async def test_an_approval_that_is_delivered_twice_at_once_decides_once(
    scene: Scene, home: Home
) -> None:
    ids = await scene.phones(2)
    card = await scene.asks("routing", ids)
    await scene.slack.fault("duplicate", delivery="interactive", times=1)
    await scene.approve(card)
    await scene.ends(card)
    assert decisions(home, card) == [("U0BOB", "approve")]
    assert sum(set(call.phone_ids) == set(ids) for call in scene.sends()) == 1


def decisions(home: Home, card: Json) -> list[tuple[str, str]]:
    query = "SELECT person, verdict FROM decisions WHERE request_id = ?"
    return [(who, what) for who, what in home.ask(query, request_id(card["text"]))]
