"""Forms, and the question behind a button."""

from tests.browser.scenes.shot import MANY, Shot, asks, form_of, gives_file
from tests.walk.stage import Stage, request_id


async def question_approve(stage: Stage) -> Shot:
    card = await asks(stage)
    return Shot(request_id(card["text"]), pressed="Approve")


async def form_typed_number(stage: Stage) -> Shot:
    card = await asks(stage, MANY)
    await stage.bob.click("approve_typed", message=card)
    await stage.bob.submit({"number": {"value": "350"}})
    return await form_of(stage.bob)


async def form_deny(stage: Stage) -> Shot:
    await stage.bob.click("deny", message=await asks(stage))
    return await form_of(stage.bob)


async def form_break_glass(stage: Stage) -> Shot:
    card = await asks(stage, MANY, "project:glass")
    await stage.dave.click("break_glass", message=card)
    return await form_of(stage.dave)


async def form_edit(stage: Stage) -> Shot:
    await stage.alice.click("edit", message=await asks(stage))
    return await form_of(stage.alice)


async def form_edit_kept(stage: Stage) -> Shot:
    await stage.alice.click("edit", message=await gives_file(stage, 250))
    return await form_of(stage.alice)


async def form_ask_again(stage: Stage) -> Shot:
    card = await asks(stage)
    await stage.alice.click("withdraw", message=card)
    withdrawn_card = await stage.card(request_id(card["text"]), "withdrawn")
    await stage.alice.click("edit", message=withdrawn_card)
    return await form_of(stage.alice)


async def form_new(stage: Stage) -> Shot:
    await stage.says("/cph divert")
    return await form_of(stage.alice)
