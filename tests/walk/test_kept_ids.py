"""Ids that no field of the form can show are kept, or not, by a tick."""

from tests.walk.stage import Stage, request_id
from tests.walk.test_editing import edits, request_of, sends, taken_up


async def test_the_ids_of_a_file_are_kept_while_their_box_is_ticked(stage: Stage) -> None:
    ids = await stage.phones(5)
    await stage.gives_file("ids.txt", "\n".join(ids[:4]).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    form = await edits(stage, card)
    assert "initial_value" not in form["ids"]
    assert form["kept"]["initial_options"][0]["text"]["text"] == "Keep all 4 ids"
    await sends(stage, ids=ids[4])
    new = await taken_up(stage, card)
    assert "*5* phones change" in new["text"]
    again = await edits(stage, new)
    assert again["kept"]["initial_options"][0]["text"]["text"] == "Keep all 5 ids"
    await sends(stage, reason="kept once more")
    assert "*5* phones change" in (await taken_up(stage, new))["text"]


async def test_without_their_tick_only_what_is_given_counts(stage: Stage) -> None:
    ids = await stage.phones(5)
    await stage.gives_file("ids.txt", "\n".join(ids[:4]).encode())
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    await edits(stage, card)
    answer = await sends(stage, kept=[])
    assert "Give phone ids" in answer["response"]["errors"]["ids"]
    await sends(stage, kept=[], ids=ids[4])
    assert "*1* phone changes" in (await taken_up(stage, card))["text"]


async def test_a_typed_list_that_is_too_long_for_its_field_is_kept_whole(stage: Stage) -> None:
    ids = await stage.phones(120)
    card = await stage.asks("routing", ids)
    form = await edits(stage, card)
    assert "initial_value" not in form["ids"]
    assert form["kept"]["initial_options"][0]["text"]["text"] == "Keep all 120 ids"
    await sends(stage, reason="all of them")
    new = await taken_up(stage, card)
    assert "*120* phones change" in new["text"]
    assert (await request_of(stage, new)).draft.ids == tuple(ids)
