"""Filling forms: what a person can enter, what the app is told."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.driver import ControlRefused, Human
from tests.sandbox.slack.form_app import Show, named
from tests.sandbox.slack.payload_parts import (
    Json,
    asks,
    file_input,
    modal,
    option,
    options,
    section,
    select,
    typed,
)

CHECKS: Json = {"type": "checkboxes", "action_id": "c", "options": options(3)}


async def test_the_state_holds_every_field_filled_or_not(show: Show, alice: Human) -> None:
    form = modal(
        named(asks(typed()), "t"),
        named(asks(typed(), optional=True), "empty"),
        named(asks(select()), "s"),
        named(asks(CHECKS, optional=True), "c"),
        named(asks({"type": "users_select", "action_id": "u"}), "u"),
        named(asks({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-31"}), "d"),
        named(asks(file_input()), "f"),
    )
    async with show(form) as app:
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
    show: Show, alice: Human, block: Json, value: Json, reason: str
) -> None:
    async with show(modal(named(block, "b"))) as app:
        answer = await alice.submit({"b": value})
    assert (answer["acked"], answer["error"]) == (False, "client_refused")
    assert reason in answer["response"]["errors"]["b"]
    assert app.submitted == []


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [("a.exe", 1, "Only csv files"), ("a.csv", 10 * 1024 * 1024 + 1, "10 MB or smaller")],
)
async def test_a_file_of_the_wrong_kind_or_over_10_mb_is_not_sent(
    show: Show, alice: Human, name: str, size: int, reason: str
) -> None:
    form = modal(named(asks(file_input(filetypes=["csv"])), "f"))
    async with show(form):
        file_id = await alice.upload(name, b"x" * size)
        answer = await alice.submit({"f": {"file": [file_id]}})
    assert reason in answer["response"]["errors"]["f"]


async def test_an_option_that_is_not_there_cannot_be_chosen(show: Show, alice: Human) -> None:
    async with show(modal(named(asks(select()), "s"))):
        with pytest.raises(ControlRefused, match="no option 'nine'"):
            await alice.submit({"s": {"pick": "nine"}})
        with pytest.raises(ControlRefused, match="no field"):
            await alice.submit({"s": {"other": "1"}})


async def test_an_update_keeps_what_was_typed_where_the_field_stayed(
    show: Show, web: AsyncWebClient, alice: Human
) -> None:
    async with show(modal(named(asks(typed()), "kept"))):
        await alice.fill({"kept": {"text": "typed already"}})
        shown = await alice.open_view()
        form = modal(named(asks(typed()), "kept"), named(asks(typed()), "new"))
        await web.views_update(view_id=shown["id"], view=form)
        values = (await alice.open_view())["state"]["values"]
    assert values["kept"]["text"]["value"] == "typed already"
    assert values["new"]["text"]["value"] is None


async def test_a_click_in_a_form_carries_the_view_and_its_state(show: Show, alice: Human) -> None:
    form = modal(
        named(section(accessory=select()), "menu"), named(asks(typed(), optional=True), "t")
    )
    async with show(form) as app:
        assert (await alice.click("pick", value="1"))["acked"]
        quiet = await alice.click("text", value="typed")
    assert quiet["response"] == {"delivered": False}
    [body] = app.clicked
    assert body["actions"][0]["selected_option"] == option("1")
    assert body["view"]["state"]["values"]["menu"]["pick"]["selected_option"] == option("1")
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert "response_url" not in body
