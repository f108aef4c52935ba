"""Forms: what a person can fill, what the app is told, what its answers do."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.app import Served
from sandbox.slack.driver import ControlRefused, Human, SlackDriver
from tests.sandbox.slack.asking import error_of, refusal_of
from tests.sandbox.slack.bolt_app import by_socket
from tests.sandbox.slack.payload_table import (
    Json,
    actions,
    asks,
    button,
    file_input,
    modal,
    option,
    options,
    plain,
    section,
    select,
    typed,
)

Answer = Callable[[AsyncAck, Json], Awaitable[object]]


class FormApp:
    """An app that opens one form and keeps what it is told of it."""

    def __init__(self, web: AsyncWebClient, form: Json, answer: Answer | None = None) -> None:
        self.app = AsyncApp(client=web, signing_secret="x")
        self.form, self.answer = form | {"callback_id": "form"}, answer
        self.submitted: list[Json] = []
        self.clicked: list[Json] = []
        self.triggers: list[str] = []
        self.app.command("/form")(self._open)
        self.app.view("form")(self._submitted)
        self.app.action(re.compile(".*"))(self._clicked)
        self.app.options("ext")(self._suggest)

    async def _open(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=self.form)
        await ack()

    async def _submitted(self, ack: AsyncAck, body: Json) -> None:
        self.submitted.append(body)
        await (self.answer(ack, body) if self.answer else ack())

    async def _clicked(self, ack: AsyncAck, body: Json) -> None:
        self.clicked.append(body)
        self.triggers.append(body["trigger_id"])
        await ack()

    async def _suggest(self, ack: AsyncAck, body: Json) -> None:
        await ack(options=[option(body["value"], "Found")])


@asynccontextmanager
async def showing(
    served: Served, web: AsyncWebClient, alice: Human, form: Json, answer: Answer | None = None
) -> AsyncIterator[FormApp]:
    made = FormApp(web, form, answer)
    async with by_socket(served, made.app):
        assert (await alice.command("C0OPS", "/form"))["acked"]
        yield made


def named(block: Json, block_id: str) -> Json:
    return block | {"block_id": block_id}


CHECKS: Json = {"type": "checkboxes", "action_id": "c", "options": options(3)}


async def test_the_state_holds_every_field_filled_or_not(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(
        named(asks(typed()), "t"),
        named(asks(typed(), optional=True), "empty"),
        named(asks(select()), "s"),
        named(asks(CHECKS, optional=True), "c"),
        named(asks({"type": "users_select", "action_id": "u"}), "u"),
        named(asks({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-31"}), "d"),
        named(asks(file_input()), "f"),
    )
    async with showing(served, web, alice, form) as app:
        file_id = await alice.upload("a.csv", b"x")
        await alice.submit(
            {
                "t": {"text": "631056bf"},
                "s": {"pick": {"option": "1"}},
                "u": {"u": "U0BOB"},
                "f": {"file": {"files": [file_id]}},
            }
        )
    [body] = app.submitted
    values = body["view"]["state"]["values"]
    assert values["t"]["text"] == {"type": "plain_text_input", "value": "631056bf"}
    assert values["empty"]["text"] == {"type": "plain_text_input", "value": None}
    assert values["s"]["pick"]["selected_option"] == option("1")
    assert values["c"]["c"] == {"type": "checkboxes", "selected_options": []}
    assert values["u"]["u"] == {"type": "users_select", "selected_user": "U0BOB"}
    assert values["d"]["d"] == {"type": "datepicker", "selected_date": "2026-01-31"}
    [file] = values["f"]["file"]["files"]
    assert (file["id"], file["name"], file["size"]) == (file_id, "a.csv", 1)
    assert body["user"] == {
        "id": "U0ALICE",
        "username": "alice",
        "name": "alice",
        "team_id": "T0SANDBOX",
    }


@pytest.mark.parametrize(
    ("block", "value", "reason"),
    [
        (asks(typed()), {}, "required"),
        (asks(typed(max_length=3)), {"text": "four"}, "3 characters or fewer"),
        (asks(typed(min_length=5)), {"text": "four"}, "at least 5"),
        (asks(select()), {}, "required"),
        (
            asks({"type": "number_input", "action_id": "text", "is_decimal_allowed": False}),
            {"text": "1.5"},
            "number",
        ),
        (
            asks(
                {
                    "type": "number_input",
                    "action_id": "text",
                    "is_decimal_allowed": True,
                    "max_value": "10",
                }
            ),
            {"text": "10.5"},
            "10 or less",
        ),
        (asks({"type": "email_text_input", "action_id": "text"}), {"text": "bob"}, "email"),
        (asks({"type": "url_text_input", "action_id": "text"}), {"text": "bob"}, "URL"),
        (
            asks(
                {
                    "type": "multi_users_select",
                    "action_id": "text",
                    "max_selected_items": 1,
                }
            ),
            {"text": ["U0BOB", "U0CAROL"]},
            "At most 1",
        ),
    ],
)
async def test_what_slacks_own_client_refuses_never_reaches_the_app(
    served: Served, web: AsyncWebClient, alice: Human, block: Json, value: Json, reason: str
) -> None:
    async with showing(served, web, alice, modal(named(block, "b"))) as app:
        answer = await alice.submit({"b": value})
    assert (answer["acked"], answer["error"]) == (False, "client_refused")
    assert reason in answer["response"]["errors"]["b"]
    assert app.submitted == []


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [("a.exe", 1, "Only csv files"), ("a.csv", 10 * 1024 * 1024 + 1, "10 MB or smaller")],
)
async def test_a_file_of_the_wrong_kind_or_over_10_mb_is_not_sent(
    served: Served, web: AsyncWebClient, alice: Human, name: str, size: int, reason: str
) -> None:
    form = modal(named(asks(file_input(filetypes=["csv"])), "f"))
    async with showing(served, web, alice, form):
        file_id = await alice.upload(name, b"x" * size)
        answer = await alice.submit({"f": {"file": [file_id]}})
    assert reason in answer["response"]["errors"]["f"]


async def test_an_option_that_is_not_there_cannot_be_chosen(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    async with showing(served, web, alice, modal(named(asks(select()), "s"))):
        with pytest.raises(ControlRefused, match="no option 'nine'"):
            await alice.submit({"s": {"pick": "nine"}})
        with pytest.raises(ControlRefused, match="no field"):
            await alice.submit({"s": {"other": "1"}})


async def test_an_answer_with_update_shows_the_next_form_in_its_place(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    async def answer(ack: AsyncAck, _body: Json) -> None:
        await ack(response_action="update", view=modal(title=plain("Second")))

    async with showing(served, web, alice, modal(), answer):
        first = await alice.open_view()
        await alice.submit()
        second = await alice.open_view()
    assert (second["id"], second["title"]["text"]) == (first["id"], "Second")
    assert second["hash"] != first["hash"]


async def test_pushed_forms_lie_on_top_and_clear_takes_them_all(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    async def answer(ack: AsyncAck, body: Json) -> None:
        if body["view"]["previous_view_id"]:
            await ack(response_action="clear")
        else:
            await ack(response_action="push", view=modal(callback_id="form"))

    async with showing(served, web, alice, modal(), answer):
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
    served: Served, web: AsyncWebClient, alice: Human, payload: Json
) -> None:
    async def answer(ack: AsyncAck, _body: Json) -> None:
        await ack(**payload)

    async with showing(served, web, alice, modal(named(asks(typed(), optional=True), "b")), answer):
        told = await alice.submit()
        assert told["error"] == "invalid_response"
        assert len(await alice.views()) == 1


async def test_no_more_than_three_forms_lie_on_each_other(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(actions(button()))
    async with showing(served, web, alice, form) as app:
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
    served: Served, web: AsyncWebClient, slack: SlackDriver, alice: Human
) -> None:
    async with showing(served, web, alice, modal(actions(button()))) as app:
        again = web.views_open(trigger_id=app.triggers[0], view=modal())
        assert await error_of(again) == "exchanged_trigger_id"
        await alice.click("go")
        await slack.put("limits", trigger_seconds=0)
        late = web.views_open(trigger_id=app.triggers[-1], view=modal())
        assert await error_of(late) == "expired_trigger_id"
        unknown = web.views_open(trigger_id="1.2.three", view=modal())
        assert await error_of(unknown) == "invalid_trigger_id"


async def test_an_update_with_an_old_hash_conflicts(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    async with showing(served, web, alice, modal()):
        shown = await alice.open_view()
        place = {"view_id": shown["id"], "hash": shown["hash"]}
        await web.views_update(view=modal(title=plain("Next")), **place)
        late = web.views_update(view=modal(title=plain("Late")), **place)
        assert await error_of(late) == "hash_conflict"
        assert (await alice.open_view())["title"]["text"] == "Next"


async def test_an_update_keeps_what_was_typed_where_the_field_stayed(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    async with showing(served, web, alice, modal(named(asks(typed()), "kept"))):
        await alice.fill({"kept": {"text": "typed already"}})
        shown = await alice.open_view()
        form = modal(named(asks(typed()), "kept"), named(asks(typed()), "new"))
        await web.views_update(view_id=shown["id"], view=form)
        values = (await alice.open_view())["state"]["values"]
    assert values["kept"]["text"]["value"] == "typed already"
    assert values["new"]["text"]["value"] is None


async def test_a_form_can_be_found_by_its_external_id_which_is_taken_once(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(actions(button()), external_id="one")
    async with showing(served, web, alice, form) as app:
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


async def test_a_click_in_a_form_carries_the_view_and_its_state(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(
        named(section(accessory=select()), "menu"), named(asks(typed(), optional=True), "t")
    )
    async with showing(served, web, alice, form) as app:
        assert (await alice.click("pick", value="1"))["acked"]
        quiet = await alice.click("text", value="typed")
    assert quiet["response"] == {"delivered": False}
    [body] = app.clicked
    assert body["actions"][0]["selected_option"] == option("1")
    assert body["view"]["state"]["values"]["menu"]["pick"]["selected_option"] == option("1")
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert "response_url" not in body


async def test_an_external_select_asks_the_app_for_its_options(
    served: Served, web: AsyncWebClient, alice: Human
) -> None:
    form = modal(asks({"type": "external_select", "action_id": "ext"}))
    async with showing(served, web, alice, form):
        answer = await alice.suggest("ext", "edge")
    assert answer["response"]["options"] == [option("edge", "Found")]


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
