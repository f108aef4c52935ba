"""Forms on each other, triggers, hashes, answers to a submission, Home tabs."""

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from tests.sandbox.slack.asking import error_of, refusal_of
from tests.sandbox.slack.form_app import Show, named
from tests.sandbox.slack.payload_parts import (
    Json,
    actions,
    asks,
    button,
    modal,
    plain,
    section,
    typed,
)


async def test_an_answer_with_update_shows_the_next_form_in_its_place(
    show: Show, alice: Human
) -> None:
    async def answer(ack: AsyncAck, _body: Json) -> None:
        await ack(response_action="update", view=modal(title=plain("Second")))

    async with show(modal(), answer):
        first = await alice.open_view()
        await alice.submit()
        second = await alice.open_view()
    assert (second["id"], second["title"]["text"]) == (first["id"], "Second")
    assert second["hash"] != first["hash"]


async def test_pushed_forms_lie_on_top_and_clear_takes_them_all(show: Show, alice: Human) -> None:
    async def answer(ack: AsyncAck, body: Json) -> None:
        if body["view"]["previous_view_id"]:
            await ack(response_action="clear")
        else:
            await ack(response_action="push", view=modal(callback_id="form"))

    async with show(modal(), answer):
        await alice.submit()
        first, second = await alice.views()
        assert second["root_view_id"] == second["previous_view_id"] == first["id"]
        with pytest.raises(ControlRefused, match="on top of"):
            await alice.submit(view=first)
        await alice.submit()
        assert await alice.views() == []


@pytest.mark.parametrize(
    "payload",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
        {"response_action": "vanish"},
    ],
)
async def test_an_answer_slack_cannot_use_leaves_the_form_with_trouble(
    show: Show, alice: Human, payload: Json
) -> None:
    async def answer(ack: AsyncAck, _body: Json) -> None:
        await ack(**payload)

    async with show(modal(named(asks(typed(), optional=True), "b")), answer):
        told = await alice.submit()
        assert told["error"] == "invalid_response"
        assert len(await alice.views()) == 1


async def test_no_more_than_three_forms_lie_on_each_other(
    show: Show, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(actions(button()))
    async with show(form) as app:
        for _ in range(2):
            await alice.click("go")
            await web.views_push(trigger_id=app.triggers[-1], view=form)
        await alice.click("go")
        pushed = web.views_push(trigger_id=app.triggers[-1], view=form)
        assert await error_of(pushed) == "push_limit_reached"
        await alice.close()
        assert len(await alice.views()) == 2
        await alice.close(clear=True)
        assert await alice.views() == []


async def test_a_trigger_is_good_once_and_for_three_seconds(
    show: Show, web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    async with show(modal(actions(button()))) as app:
        again = web.views_open(trigger_id=app.triggers[0], view=modal())
        assert await error_of(again) == "exchanged_trigger_id"
        await alice.click("go")
        await slack.put("limits", trigger_seconds=0)
        late = web.views_open(trigger_id=app.triggers[-1], view=modal())
        assert await error_of(late) == "expired_trigger_id"
        unknown = web.views_open(trigger_id="1.2.three", view=modal())
        assert await error_of(unknown) == "invalid_trigger_id"


async def test_an_update_with_an_old_hash_conflicts(
    show: Show, web: AsyncWebClient, alice: Human
) -> None:
    async with show(modal()):
        shown = await alice.open_view()
        place = {"view_id": shown["id"], "hash": shown["hash"]}
        await web.views_update(view=modal(title=plain("Next")), **place)
        late = web.views_update(view=modal(title=plain("Late")), **place)
        assert await error_of(late) == "hash_conflict"
        assert (await alice.open_view())["title"]["text"] == "Next"


async def test_a_form_can_be_found_by_its_external_id_which_is_taken_once(
    show: Show, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(actions(button()), external_id="one")
    async with show(form) as app:
        await web.views_update(external_id="one", view=form | {"title": plain("Found")})
        assert (await alice.open_view())["title"]["text"] == "Found"
        await alice.click("go")
        twice = web.views_push(trigger_id=app.triggers[-1], view=form)
        assert await error_of(twice) == "duplicate_external_id"
        await alice.close()
        gone = web.views_update(external_id="one", view=form)
        assert await error_of(gone) == "not_found"


async def test_a_refused_view_says_what_is_wrong_and_where(web: AsyncWebClient) -> None:
    call = web.views_open(trigger_id="1.2.x", view=modal(title=plain("x" * 25)))
    answer = await refusal_of(call)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title]"
    ]


async def test_a_home_tab_is_published_per_person_and_guarded_by_its_hash(
    web: AsyncWebClient, alice: Human
) -> None:
    home = {"type": "home", "blocks": [section()]}
    first = (await web.views_publish(user_id="U0ALICE", view=home))["view"]
    await web.views_publish(user_id="U0ALICE", view=home, hash=first["hash"])
    late = web.views_publish(user_id="U0ALICE", view=home, hash=first["hash"])
    assert await error_of(late) == "hash_conflict"
    assert ((await alice.home()) or {})["id"] == first["id"]
    assert await error_of(web.views_publish(user_id="U0NO", view=home)) == "user_not_found"
    form = web.views_publish(user_id="U0ALICE", view=modal())
    assert await error_of(form) == "invalid_arguments"
