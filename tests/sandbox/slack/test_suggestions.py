"""External selects: a person types, the app suggests, the person chooses."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, NothingCame, SlackDriver
from tests.sandbox.slack.bolt_app import by_http, by_socket
from tests.sandbox.slack.menu_app import MenuApp, form, menu
from tests.sandbox.slack.payload_parts import (
    Json,
    actions,
    asks,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
)


@pytest.fixture(params=["socket", "http"])
async def app(
    request: pytest.FixtureRequest, served: Served, web: AsyncWebClient
) -> AsyncIterator[MenuApp]:
    made = MenuApp(web)
    running = by_socket if request.param == "socket" else by_http
    async with running(served, made.app):
        yield made


@pytest.fixture
async def socket_app(served: Served, web: AsyncWebClient) -> AsyncIterator[MenuApp]:
    made = MenuApp(web)
    async with by_socket(served, made.app):
        yield made


async def test_what_is_typed_is_suggested_chosen_and_submitted(app: MenuApp, alice: Human) -> None:
    await alice.command("C0OPS", "/form")
    assert await alice.offered("pick", "-07") == {"edge-07": "Server edge-07"}
    assert len(await alice.offered("pick", "edge-1")) == 10
    sent = await alice.submit({"servers": {"pick": ["edge-07", "edge-12"]}})
    assert sent["acked"]
    [body] = app.submitted
    assert body["view"]["state"]["values"]["servers"]["pick"] == {
        "type": "multi_external_select",
        "selected_options": [
            option("edge-07", "Server edge-07"),
            option("edge-12", "Server edge-12"),
        ],
    }


async def test_the_app_is_told_what_was_typed_where_and_by_whom(app: MenuApp, alice: Human) -> None:
    await alice.command("C0OPS", "/form")
    shown = await alice.open_view()
    answer = await alice.suggest("pick", "edge-0")
    assert answer["ack_ms"] < 3000
    [body] = app.asked
    told = {"action_id": "pick", "block_id": "servers", "value": "edge-0"}
    assert told.items() <= body.items()
    assert body["type"] == "block_suggestion"
    assert body["container"] == {"type": "view", "view_id": shown["id"]}
    assert (body["user"]["id"], body["team"]["id"]) == ("U0ALICE", "T0SANDBOX")
    assert (body["view"]["id"], body["view"]["hash"]) == (shown["id"], shown["hash"])
    assert not {"trigger_id", "response_url", "message", "channel"} & set(body)


async def test_the_state_sent_along_is_what_the_app_filled_not_what_was_chosen_since(
    socket_app: MenuApp, alice: Human
) -> None:
    await alice.command("C0OPS", "/form")
    await alice.offered("pick", "edge-07")
    await alice.fill({"servers": {"pick": ["edge-07"]}, "why": {"text": "changed"}})
    await alice.suggest("pick", "edge")
    given = {"why": {"text": {"type": "plain_text_input", "value": "as given"}}}
    assert socket_app.asked[-1]["view"]["state"]["values"] == given


async def test_suggestions_are_recorded_as_deliveries_of_their_own_kind(
    socket_app: MenuApp, alice: Human, slack: SlackDriver
) -> None:
    await alice.command("C0OPS", "/form")
    await alice.suggest("pick", "edge")
    assert [d["kind"] for d in await slack.deliveries()] == [
        "slash_commands",
        "interactive:block_suggestion",
    ]
    assert socket_app.asked[0]["value"] == "edge"


@pytest.mark.parametrize(("least", "text"), [(3, "ed"), (1, ""), (None, "ed")])
async def test_the_app_is_not_asked_before_enough_is_typed(
    socket_app: MenuApp, alice: Human, least: int | None, text: str
) -> None:
    socket_app.form = form(min_query_length=least)
    if least is None:
        del socket_app.form["blocks"][0]["element"]["min_query_length"]
    await alice.command("C0OPS", "/form")
    answer = await alice.suggest("pick", text)
    assert (answer["response"], socket_app.asked) == ({"delivered": False}, [])
    await alice.suggest("pick", text + "g")
    assert len(socket_app.asked) == 1


async def test_options_may_come_in_groups(socket_app: MenuApp, alice: Human) -> None:
    group = {"label": plain("Staging"), "options": options(2)}
    other = {"label": plain("Production"), "options": [option("2", "Two")]}
    socket_app.answer = lambda _text: {"option_groups": [group, other]}
    await alice.command("C0OPS", "/form")
    assert await alice.offered("pick", "e") == {"0": "One", "1": "One", "2": "Two"}
    await alice.submit({"servers": {"pick": ["2", "0"]}})
    chosen = socket_app.submitted[0]["view"]["state"]["values"]["servers"]["pick"]
    assert [one["value"] for one in chosen["selected_options"]] == ["2", "0"]


async def test_no_options_are_an_answer_too(app: MenuApp, alice: Human) -> None:
    app.answer = lambda _text: {"options": []}
    await alice.command("C0OPS", "/form")
    assert await alice.offered("pick", "nothing") == {}


FULL = options(100)
WRONG: dict[str, tuple[Json, str]] = {
    "101 options": ({"options": options(101)}, "no more than 100 items"),
    "101 groups": (
        {"option_groups": [{"label": plain("G"), "options": options(1)}] * 101},
        "no more than 100 items",
    ),
    "a group of 101": (
        {"option_groups": [{"label": plain("G"), "options": options(101)}]},
        "[json-pointer:/option_groups/0/options]",
    ),
    "a group of none": (
        {"option_groups": [{"label": plain("G"), "options": []}]},
        "no less than 1 items",
    ),
    "a text of 76": ({"options": [option("v", "x" * 76)]}, "[json-pointer:/options/0/text]"),
    "a value of 76": ({"options": [*FULL[:2], option("x" * 76)]}, "[json-pointer:/options/2/value"),
    "an empty text": ({"options": [option("v", "")]}, "more than 0 characters"),
    "a text in mrkdwn": (
        {"options": [{"text": mrkdwn("*x*"), "value": "v"}]},
        "[json-pointer:/options/0/text/type]",
    ),
    "no value": ({"options": [{"text": plain("x")}]}, "missing required field: value"),
    "a link": (
        {"options": [option("v") | {"url": "https://example.com"}]},
        "invalid additional property: url",
    ),
    "a description of 76": (
        {"options": [option("v") | {"description": plain("x" * 76)}]},
        "less than 76",
    ),
}


@pytest.mark.parametrize(("answer", "reason"), WRONG.values(), ids=WRONG)
async def test_of_a_wrong_answer_the_person_sees_nothing(
    socket_app: MenuApp, alice: Human, answer: Json, reason: str
) -> None:
    socket_app.answer = lambda _text: answer
    await alice.command("C0OPS", "/form")
    told = await alice.suggest("pick", "edge")
    assert (told["acked"], told["error"]) == (True, "invalid_response")
    assert reason in str(told["response"]["details"])
    with pytest.raises(NothingCame, match="invalid_response"):
        await alice.offered("pick", "edge")
    with pytest.raises(ControlRefused, match="ask for suggestions first"):
        await alice.submit({"servers": {"pick": ["v"]}})


async def test_an_acknowledgement_without_options_is_a_wrong_answer(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    silent = MenuApp(web)
    silent.answer = lambda _text: {}
    async with by_http(served, silent.app):
        await alice.command("C0OPS", "/form")
        told = await alice.suggest("pick", "edge")
    assert told["error"] == "invalid_response"
    assert "one of options and option_groups" in str(told["response"])


async def test_100_options_at_their_limits_are_a_good_answer(
    socket_app: MenuApp, alice: Human
) -> None:
    full = [option(f"{n:075}", f"{n:075}") for n in range(100)]
    socket_app.answer = lambda _text: {"options": full}
    await alice.command("C0OPS", "/form")
    assert len(await alice.offered("pick", "0")) == 100


async def test_an_app_that_takes_too_long_is_not_waited_for(
    app: MenuApp, alice: Human, slack: SlackDriver
) -> None:
    async def slow() -> None:
        await asyncio.sleep(0.5)

    await alice.command("C0OPS", "/form")
    await slack.put("limits", ack_seconds=0.1)
    app.before = slow
    assert (await alice.suggest("pick", "edge"))["error"] == "operation_timeout"
    with pytest.raises(ControlRefused, match="no option 'edge-07'"):
        await alice.submit({"servers": {"pick": ["edge-07"]}})


async def test_what_is_chosen_at_first_needs_no_suggestion_and_may_go(
    socket_app: MenuApp, alice: Human
) -> None:
    socket_app.form = form(initial_options=options(2))
    await alice.command("C0OPS", "/form")
    held = (await alice.open_view())["state"]["values"]["servers"]["pick"]
    assert held["selected_options"] == options(2)
    await alice.submit({"servers": {"pick": ["1"]}})
    chosen = socket_app.submitted[0]["view"]["state"]["values"]["servers"]["pick"]
    assert chosen["selected_options"] == [option("1")]


async def test_more_than_the_menu_allows_are_not_sent(socket_app: MenuApp, alice: Human) -> None:
    socket_app.form = form(max_selected_items=2)
    await alice.command("C0OPS", "/form")
    await alice.suggest("pick", "edge")
    answer = await alice.submit({"servers": {"pick": ["edge-01", "edge-02", "edge-03"]}})
    assert answer["response"]["errors"] == {"servers": "At most 2 items."}
    assert socket_app.submitted == []


async def test_a_dispatching_menu_tells_the_app_of_each_choice(
    socket_app: MenuApp, alice: Human
) -> None:
    asked = asks(menu(), block_id="servers", dispatch_action=True)
    socket_app.form = modal(asked, callback_id="form")
    await alice.command("C0OPS", "/form")
    await alice.suggest("pick", "edge")
    await alice.click("pick", value=["edge-07"])
    [body] = socket_app.clicked
    chosen = [option("edge-07", "Server edge-07")]
    assert body["actions"][0]["selected_options"] == chosen
    assert body["actions"][0]["min_query_length"] == 0
    assert body["view"]["state"]["values"]["servers"]["pick"]["selected_options"] == chosen


async def test_suggestions_are_for_the_one_menu_and_person_that_asked(
    socket_app: MenuApp, alice: Human, bob: Human
) -> None:
    for person in (alice, bob):
        await person.command("C0OPS", "/form")
    await alice.suggest("pick", "edge")
    with pytest.raises(ControlRefused, match="no option"):
        await bob.submit({"servers": {"pick": ["edge-07"]}})
    assert socket_app.submitted == []


async def test_a_menu_in_a_message_suggests_and_is_clicked(
    socket_app: MenuApp, web: AsyncWebClient, alice: Human
) -> None:
    block = section(accessory=menu(type="external_select"))
    await web.chat_postMessage(channel="C0OPS", text="card", blocks=[block])
    [message] = await alice.sees("C0OPS")
    assert await alice.offered("pick", "-07", message=message) == {"edge-07": "Server edge-07"}
    asked = socket_app.asked[0]
    assert asked["container"]["message_ts"] == asked["message"]["ts"] == message["ts"]
    assert asked["channel"] == {"id": "C0OPS", "name": "phone-ops"}
    await alice.click("pick", message=message, value="edge-07")
    chosen = socket_app.clicked[0]["actions"][0]["selected_option"]
    assert chosen == option("edge-07", "Server edge-07")


async def test_of_an_ephemeral_the_app_is_told_that_it_is_one(
    socket_app: MenuApp, web: AsyncWebClient, alice: Human
) -> None:
    block = actions(menu(type="external_select"))
    await web.chat_postEphemeral(channel="C0OPS", user="U0ALICE", text="psst", blocks=[block])
    [message] = await alice.sees("C0OPS")
    await alice.suggest("pick", "edge", message=message)
    [asked] = socket_app.asked
    assert asked["container"]["is_ephemeral"] is True
    assert "message" not in asked


async def test_a_menu_with_options_of_its_own_asks_nobody(
    socket_app: MenuApp, web: AsyncWebClient, alice: Human
) -> None:
    await web.chat_postMessage(channel="C0OPS", text="card", blocks=[actions(select())])
    [message] = await alice.sees("C0OPS")
    with pytest.raises(ControlRefused, match="has its options itself"):
        await alice.suggest("pick", "edge", message=message)
    assert socket_app.asked == []
