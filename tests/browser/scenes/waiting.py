"""Cards that wait for people: for an approval, or for a plan that is made again."""

from sandbox.cloud.kinds import Kind
from tests.browser.scenes.shot import MANY, Shot, asks, frozen, of, says
from tests.walk.stage import Stage, request_id
from tests.walk.test_time import let_pass


async def pending(stage: Stage) -> Shot:
    return of(await asks(stage))


async def pending_by_terms(stage: Stage) -> Shot:
    home = await stage.server()
    await stage.cloud.edit_phones(home.phones[:4], status=8)
    await stage.cloud.edit_phones(home.phones[4:6], route="routing")
    terms = f'server:{home.name} -name:{"x" * 12} reason:"video ads test, see the ticket"'
    return of(await stage.selects("routing", terms))


async def pending_left_out(stage: Stage) -> Shot:
    there, ids = await stage.phones(2, "routing"), await stage.phones(3)
    unknown = [f"{number:032x}" for number in range(3)]
    return of(await stage.asks("routing", [*there, *ids, ids[0], *unknown, "what?"]))


async def pending_many(stage: Stage) -> Shot:
    return of(await asks(stage, MANY))


async def two_stages(stage: Stage) -> Shot:
    return of(await asks(stage, 3, "project:two"))


async def two_stages_one_given(stage: Stage) -> Shot:
    card = await asks(stage, 3, "project:two")
    await stage.approve(card)
    await says(stage, card, "Approved by")
    return of(card)


async def protected(stage: Stage) -> Shot:
    return of(await asks(stage, 3, "project:guarded"))


async def escalated(stage: Stage) -> Shot:
    card = await asks(stage, 3, "project:escalated")
    await says(stage, card, "S0APPROVE")
    return of(card)


async def empty_approvers(stage: Stage) -> Shot:
    return of(await asks(stage, 3, "project:nobody"))


async def glass_possible(stage: Stage) -> Shot:
    return of(await asks(stage, 3, "project:glass"))


async def pending_frozen(stage: Stage) -> Shot:
    return of(await asks(stage, 3, "project:frozen"))


async def pending_paused(stage: Stage) -> Shot:
    await stage.says('/cph pause paused reason:"the cloud is slow"', stage.dave)
    card = await asks(stage, 3, "project:paused")
    return of(card, lambda: stage.says("/cph resume paused", stage.dave))


async def planning_again(stage: Stage) -> Shot:
    card = await asks(stage)
    await let_pass(stage, card, 1.5)
    await stage.cloud.override(Kind.SHOW_PHONE, Kind.LIST_PHONES, calls=1, latency_ms=8000)
    await stage.approve(card)
    await says(stage, card, "reading the cloud again")
    return of(card)


async def under_another_policy(stage: Stage) -> Shot:
    card = await asks(stage)
    thaw = frozen(stage, "two")
    await says(stage, card, "The policy has changed since")

    async def leave() -> None:
        thaw()

    return of(card, leave)


async def in_place_of(stage: Stage) -> Shot:
    card = await asks(stage)
    await stage.alice.click("edit", message=card)
    await stage.alice.submit({"reason": {"value": "video ads test"}})
    heard = await stage.hears("in place of")
    return of(await stage.card(request_id(heard), "waiting for approval"))
