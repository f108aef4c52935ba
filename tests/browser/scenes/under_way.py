"""Cards of what has been approved and is not over."""

from bot.divert.sending import send_slice
from tests.browser.scenes.shot import SEND, SLOW, Shot, asks, frozen, of, runs_slowly, says
from tests.walk.requests_of import approve_without_start
from tests.walk.stage import Stage, request_id


async def approved(stage: Stage) -> Shot:
    card = await asks(stage)
    request = await approve_without_start(stage, card)
    await stage.card(request.id, "approved")
    return of(card, lambda: send_slice(stage.bot.world, request.id, "0.1"))


async def running(stage: Stage) -> Shot:
    ids = await stage.phones(8)
    await stage.cloud.edit_phones(ids[:3], job_seconds=SLOW)
    await stage.cloud.edit_phones(ids[3:4], refuse_code="CPS.0005")
    card = await stage.asks("routing", ids, 'reason:"video ads test"')
    await stage.approve(card)
    await says(stage, card, "4 proven")
    return of(card)


async def running_slowly(stage: Stage) -> Shot:
    card = await runs_slowly(stage, "limited")
    return of(card, lambda: stage.alice.click("cancel", message=card))


async def running_without_approval(stage: Stage) -> Shot:
    ids = await stage.phones(3)
    await stage.cloud.edit_phones(ids, job_seconds=SLOW)
    card = await stage.asks("routing", ids, "project:glass")
    await stage.dave.click("break_glass", message=card)
    await stage.dave.submit({"reason": {"value": "phones of a customer are down"}})
    await says(stage, card, "job under way")
    return of(card)


async def halted_by_the_cloud(stage: Stage) -> Shot:
    await stage.cloud.override(SEND, calls=1, read_only="CPS.0001")
    card = await asks(stage)
    await stage.approve(card)
    await stage.card(request_id(card["text"]), "halted")
    return of(card)


async def halted_by_a_pause(stage: Stage) -> Shot:
    card = await runs_slowly(stage, "paused")
    await stage.says('/cph pause paused reason:"the cloud is slow"', stage.dave)
    halted = await stage.card(request_id(card["text"]), "halted")

    async def leave() -> None:
        await stage.alice.click("cancel", message=halted)
        await stage.says("/cph resume paused", stage.dave)

    return of(card, leave)


async def halted_by_a_freeze(stage: Stage) -> Shot:
    card = await runs_slowly(stage, "limited")
    thaw = frozen(stage, "limited")
    halted = await stage.card(request_id(card["text"]), "halted")

    async def leave() -> None:
        await stage.alice.click("cancel", message=halted)
        thaw()

    return of(card, leave)


async def cancelling(stage: Stage) -> Shot:
    ids = await stage.phones(5)
    await stage.cloud.edit_phones(ids[:2], job_seconds=SLOW)
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await says(stage, card, "3 proven")
    await stage.alice.click("cancel", message=card)
    await stage.card(request_id(card["text"]), "being cancelled")
    return of(card)
