"""Cards of what is over, well or not."""

from bot.divert.sending import send_slice
from tests.browser.scenes.shot import SEND, Shot, asks, of, runs_slowly, says
from tests.walk.requests_of import approve_without_start
from tests.walk.stage import Json, Stage, request_id
from tests.walk.test_time import let_pass


async def done(stage: Stage) -> Shot:
    return of(await stage.runs("routing", await stage.phones(12)))


async def done_in_part(stage: Stage) -> Shot:
    ids = await stage.phones(9)
    await stage.cloud.edit_phones(ids[:2], refuse_code="CPS.0005")
    await stage.cloud.edit_phones(ids[2:3], job_failure_code="CPS.0141")
    return of(await stage.runs("routing", ids))


async def done_unclear(stage: Stage) -> Shot:
    ids = await stage.phones(4)
    card = await stage.asks("routing", ids)
    await stage.cloud.override(SEND, calls=1, outage="html_502")
    await stage.cloud.remove_phones(ids[:1])
    await stage.approve(card)
    await stage.ends(card)
    return of(card)


async def cancelled(stage: Stage) -> Shot:
    card = await runs_slowly(stage, "limited")
    await stage.alice.click("cancel", message=card)
    await stage.ends(card, "cancelled")
    return of(card)


async def refused(stage: Stage) -> Shot:
    card = await asks(stage)
    request = await approve_without_start(stage, card, "U0DAVE")
    await send_slice(stage.bot.world, request.id, "0.1")
    await stage.card(request.id, "refused")
    return of(card)


async def denied(stage: Stage) -> Shot:
    card = await asks(stage)
    await stage.bob.click("deny", message=card)
    await stage.bob.submit({"reason": {"value": "not during the match; ask again at 22:00"}})
    await stage.card(request_id(card["text"]), "denied")
    return of(card)


async def expired(stage: Stage) -> Shot:
    card = await asks(stage)
    await let_pass(stage, card, 9)
    await stage.card(request_id(card["text"]), "expired")
    return of(card)


async def withdrawn(stage: Stage) -> Shot:
    card = await asks(stage)
    await stage.alice.click("withdraw", message=card)
    await stage.card(request_id(card["text"]), "withdrawn")
    return of(card)


async def replaced(stage: Stage) -> Shot:
    card = await asks(stage)
    await stage.alice.click("edit", message=card)
    await stage.alice.submit({"reason": {"value": "video ads test"}})
    await stage.card(request_id(card["text"]), "withdrawn")
    return of(card)


async def to_be_reviewed(stage: Stage) -> Shot:
    return of(await _broken(stage))


async def reviewed(stage: Stage) -> Shot:
    card = await _broken(stage)
    await stage.bob.click("review", message=card)
    await says(stage, card, "eviewed by")
    return of(card)


async def _broken(stage: Stage) -> Json:
    card = await asks(stage, 3, "project:glass")
    await stage.dave.click("break_glass", message=card)
    await stage.dave.submit({"reason": {"value": "phones of a customer are down"}})
    ended = await stage.ends(card)
    return ended | {"channel": stage.channel, "ts": card["ts"]}
