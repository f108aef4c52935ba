"""What comes in: each bad input gets its sentence where the person is, and changes nothing."""

import pytest

from sandbox.cloud.kinds import Kind
from tests.walk.stage import Stage, request_id


async def cards(stage: Stage) -> int:
    return sum(
        "D-" in one["text"] and not one["is_ephemeral"]
        for one in await stage.bob.sees(stage.channel)
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/cph divert routing", "Which phones?"),
        ("/cph divert reason:why", "Which route?"),
        ("/cph divert routing short words", "`short words`"),
        ("/cph divert sideways 631056bfb66b4f4ea02ba25f04830cb4", "Which route?"),
        ("/cph divert routing rack:edge-07 631056bfb66b4f4ea02ba25f04830cb4", "term `rack`"),
        ("/cph divert routing status:asleep server:edge-07", "`asleep` is no status"),
        ("/cph divert routing -server:edge-07", "only leaves phones out"),
        ("/cph divert routing project:nope 631056bfb66b4f4ea02ba25f04830cb4", "no project `nope`"),
        ("/cph dvert", "`dvert`"),
        ("/cph status D-ZZZZZZZZ", "no request `D-ZZZZZZZZ`"),
        ("/cph status what?", "no request id"),
    ],
)
async def test_bad_input_is_answered_at_once_and_asks_for_nothing(
    stage: Stage, text: str, answer: str
) -> None:
    assert answer in await stage.says(text)
    assert await cards(stage) == 0


async def test_help_shows_what_can_be_typed(stage: Stage) -> None:
    assert "/cph divert routing" in await stage.says("/cph help")
    assert await stage.says("/cph") == await stage.says("/cph help")


async def test_a_person_without_permission_is_refused_before_the_cloud_is_asked(
    stage: Stage,
) -> None:
    ids = await stage.phones(1)
    before = len(await stage.cloud.calls())
    await stage.says(f"/cph divert routing {ids[0]}", stage.dave)
    await stage.hears("No rule of the policy", stage.dave)
    assert len(await stage.cloud.calls()) == before
    assert await cards(stage) == 0


async def test_too_many_phones_for_the_rule_are_refused_with_its_limit(stage: Stage) -> None:
    ids = [f"{n:032x}" for n in range(3001)]
    await stage.gives_file("ids.txt", "\n".join(ids).encode())
    await stage.hears("at most 3,000 phones")
    assert await cards(stage) == 0


async def test_a_plan_without_a_change_is_refused_with_its_counts(stage: Stage) -> None:
    there = await stage.phones(2, "routing")
    await stage.says(f"/cph divert routing {' '.join(there)} {'e' * 32}")
    heard = await stage.hears("nothing to change")
    assert "2 are on routing already, 1 is unknown to the cloud" in heard
    assert await cards(stage) == 0


async def test_ids_of_another_project_are_unknown_in_this_one(stage: Stage) -> None:
    await stage.says(f"/cph divert routing {'a' * 32} {'b' * 32}")
    assert "2 are unknown to the cloud in this project" in await stage.hears("nothing to change")


async def test_the_form_takes_typed_ids_and_a_reason(stage: Stage) -> None:
    ids = await stage.phones(2)
    await stage.says("/cph divert")
    await stage.alice.submit(
        {
            "route": {"value": "routing"},
            "ids": {"value": f"{ids[0]}\n{ids[1]}"},
            "reason": {"value": "ads"},
        }
    )
    card = await stage.card(request_id(await stage.hears("I am reading")), "waiting for approval")
    assert "*2* phones" in card["text"]
    assert "“ads”" in card["text"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"route": {"value": "routing"}}, "ids", "Give phone ids"),
        ({"route": {"value": "routing"}, "ids": {"value": "short"}}, "ids", "I read short"),
    ],
)
async def test_a_form_that_lacks_something_says_so_in_its_field(
    stage: Stage, values: dict[str, object], field: str, sentence: str
) -> None:
    await stage.says("/cph divert")
    answer = await stage.alice.submit(values)
    assert sentence in str(answer["response"].get("errors", {}).get(field))
    assert await cards(stage) == 0
    await stage.alice.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "The file is not text"),
        (b"PK\x03\x04", "The file is not text: `Excel`"),
        (b"6.31E+31\n", "A spreadsheet has turned ids into numbers"),
        (b"hello\n", "There is no phone id in the file"),
        (b"\n".join(b"%032x" % n for n in range(6001)), "more than `6000` ids"),
    ],
)
async def test_a_bad_file_is_explained_and_the_form_opens_again_as_it_was(
    stage: Stage, content: bytes, sentence: str
) -> None:
    await stage.gives_file("ids.txt", content, "direct")
    told = await stage.alice.wait_for("ephemeral", channel=stage.channel, text=sentence)
    await stage.alice.click("open_form", message=told | {"channel": stage.channel})
    view = await stage.alice.open_view()
    route = next(block for block in view["blocks"] if block["block_id"] == "route")
    assert route["element"]["initial_option"]["value"] == "direct"
    await stage.alice.close()
    assert await cards(stage) == 0


async def test_a_duplicate_delivery_of_a_command_makes_one_request(stage: Stage) -> None:
    ids = await stage.phones(1)
    await stage.slack.fault("duplicate", delivery="slash_commands")
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await stage.ends(card)
    assert await cards(stage) == 1


async def test_status_shows_a_request_as_its_card_does(stage: Stage) -> None:
    card = await stage.runs("routing", await stage.phones(1))
    shown = await stage.says(f"/cph status {request_id(card['text']).lower()}")
    assert ", done" in shown
    assert "1 proven" in shown
    assert request_id(card["text"]) in await stage.says("/cph status")


async def test_a_project_may_be_read_with_a_token(stage: Stage) -> None:
    ids = await stage.phones(1)
    card = await stage.asks("routing", ids, "project:token")
    assert "in project token" in card["text"]
    assert any(call.kind is Kind.CREATE_TOKEN for call in await stage.cloud.calls())


async def test_a_command_where_the_bot_is_not_puts_the_card_into_the_projects_channel(
    stage: Stage,
) -> None:
    ids = await stage.phones(1)
    await stage.alice.command("C0GENERAL", f"/cph divert routing {ids[0]}")
    card = await stage.slack.wait_for("message", channel="C0OPS", text="1 phone to routing")
    told = await stage.alice.wait_for("ephemeral", channel="C0GENERAL", text="is up in")
    assert "<#C0OPS>" in told["text"]
    assert request_id(card["text"]) in told["text"]


async def test_answers_speak_the_readers_language_and_the_card_the_projects(stage: Stage) -> None:
    await stage.slack.put("people", users=[{"id": "U0GRETA", "name": "greta", "locale": "de-DE"}])
    room = {"id": stage.channel, "members": ["U0GRETA", "U0BOB"], "bot_in": True}
    await stage.slack.put("channels", channels=[room])
    greta = stage.slack.person("U0GRETA")
    ids = await stage.phones(1)
    heard = await stage.says(f"/cph divert routing {ids[0]}", greta)
    assert "waiting for approval" in (await stage.card(request_id(heard), "waiting"))["text"]
    assert request_id(heard) in await stage.hears("wartet auf", greta)


async def test_a_form_that_slack_does_not_open_is_offered_by_a_button(stage: Stage) -> None:
    await stage.slack.fault("error", method="views.open", error="expired_trigger_id", times=1)
    assert "did not open the form" in await stage.says("/cph divert")
    told = await stage.alice.wait_for("ephemeral", channel=stage.channel, text="This button")
    await stage.alice.click("open_form", message=told | {"channel": stage.channel})
    assert (await stage.alice.open_view())["callback_id"] == "divert"
    await stage.alice.close()
