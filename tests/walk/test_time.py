"""What time does to a request that waits."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.store.database import open_database
from bot.store.tables import requests
from tests.walk.stage import Json, Stage, request_id


async def let_pass(stage: Stage, card: Json, hours: float) -> None:
    """The request is so much older at once: its moments move back."""
    moment = datetime.now(UTC) - timedelta(hours=hours)
    database = open_database(stage.bot.config.database_url)
    query = (
        update(requests)
        .where(requests.c.id == request_id(card["text"]))
        .values(planned_at=moment, expires_at=moment + timedelta(hours=1))
    )
    await database.write(lambda connection: connection.execute(query))
    await database.close()


async def test_a_request_nobody_approved_in_time_expires_and_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    await let_pass(stage, card, 2)
    expired = await stage.card(request_id(card["text"]), "expired")
    assert "Nobody approved in time" in expired["text"]
    assert await stage.buttons(card) == ["edit"]


async def test_a_plan_that_got_old_is_made_again_before_it_can_be_approved(stage: Stage) -> None:
    ids = await stage.phones(3)
    card = await stage.asks("routing", ids)
    await stage.cloud.edit_phones(ids[:1], route="routing")
    await let_pass(stage, card, 0.75)
    await stage.approve(card)
    await stage.hears("too old to be sent", stage.bob)
    again = await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text="*2* phones change"
    )
    assert "1 is there already" in again["text"]
    await stage.approve(again | {"channel": stage.channel})
    assert "all 2 phones" in (await stage.ends(card))["text"]


async def test_after_a_restart_of_the_plan_old_phones_are_not_forgotten(stage: Stage) -> None:
    unknown = "d" * 32
    ids = await stage.phones(2)
    card = await stage.asks("routing", [*ids, unknown])
    await let_pass(stage, card, 0.75)
    await stage.approve(card)
    await stage.hears("too old to be sent", stage.bob)
    again = await stage.card(request_id(card["text"]), "waiting for approval")
    assert "1 is unknown to the cloud" in again["text"]
    assert "*2* phones change" in again["text"]
