"""Views that Slack takes, and views that it refuses with what it says."""

from tests.sandbox.slack.payload_parts import (
    DIVIDER,
    Json,
    actions,
    asks,
    button,
    file_input,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
    table,
    typed,
)

GOOD_VIEWS: dict[str, Json] = {
    "100 blocks": modal(*[DIVIDER] * 100),
    "no submit where nothing is asked": {
        "type": "modal",
        "title": plain("T"),
        "blocks": [section()],
    },
    "title, submit, close of 24": modal(
        title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)
    ),
    "private_metadata of 3000": modal(private_metadata="x" * 3000),
    "callback_id of 255": modal(callback_id="x" * 255),
    "text field at its limits": modal(asks(typed(max_length=3000, initial_value="x" * 3000))),
    "file field": modal(asks(file_input(filetypes=["csv"], max_files=10))),
    "number field": modal(
        asks({"type": "number_input", "action_id": "n", "is_decimal_allowed": False})
    ),
    "label and hint of 2000": modal(asks(typed(), label=plain("x" * 2000), hint=plain("x" * 2000))),
    "menus of every kind": modal(
        *[
            asks({"type": kind, "action_id": "m"})
            for kind in (
                "external_select",
                "users_select",
                "channels_select",
                "conversations_select",
                "multi_users_select",
                "multi_channels_select",
                "multi_conversations_select",
                "multi_external_select",
                "datetimepicker",
                "email_text_input",
                "url_text_input",
                "rich_text_input",
            )
        ]
    ),
    "alert": modal({"type": "alert", "level": "warning", "text": mrkdwn("x")}),
    "checkboxes with an initial choice": modal(
        asks(
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": options(2),
                "initial_options": [option("1")],
            }
        )
    ),
    "dispatching field": modal(
        asks(
            typed(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
            dispatch_action=True,
        )
    ),
    "one focus": modal(asks(typed(focus_on_load=True)), asks(typed())),
    "no blocks": {"type": "modal", "title": plain("T"), "blocks": []},
    "home": {"type": "home", "blocks": [section(), actions(button())]},
}

BAD_VIEWS: dict[str, tuple[Json, str]] = {
    "101 blocks": (modal(*[DIVIDER] * 101), "no more than 100 items"),
    "title of 25": (modal(title=plain("x" * 25)), "less than 25"),
    "submit of 25": (modal(submit=plain("x" * 25)), "less than 25"),
    "close of 25": (modal(close=plain("x" * 25)), "less than 25"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "title in mrkdwn": (modal(title=mrkdwn("x")), "/view/title/type"),
    "private_metadata of 3001": (modal(private_metadata="x" * 3001), "less than 3001"),
    "private_metadata as an object": (modal(private_metadata={"id": 1}), "private_metadata"),
    "callback_id of 256": (modal(callback_id="x" * 256), "less than 256"),
    "external_id of 256": (modal(external_id="x" * 256), "less than 256"),
    "no submit where something is asked": (
        {"type": "modal", "title": plain("T"), "blocks": [asks(typed())]},
        "submit is required",
    ),
    "unknown kind": ({"type": "dialog", "blocks": []}, "unsupported type: dialog"),
    "unknown property": (modal(width=3), "invalid additional property: width"),
    "null": (modal(close=None), "must not be null"),
    "table in a form": (modal(table(1)), "unsupported type: table"),
    "markdown in a form": (modal({"type": "markdown", "text": "x"}), "unsupported type"),
    "label of 2001": (modal(asks(typed(), label=plain("x" * 2001))), "less than 2001"),
    "hint of 2001": (modal(asks(typed(), hint=plain("x" * 2001))), "less than 2001"),
    "label in mrkdwn": (modal(asks(typed(), label=mrkdwn("x"))), "/blocks/0/label/type"),
    "input without label": (
        modal({"type": "input", "element": typed()}),
        "missing required field: label",
    ),
    "button in an input": (modal(asks(button())), "unsupported type: button"),
    "max_length of 3001": (modal(asks(typed(max_length=3001))), "max_length"),
    "min over max": (modal(asks(typed(min_length=9, max_length=8))), "min_length"),
    "initial value too long": (
        modal(asks(typed(max_length=3, initial_value="four"))),
        "initial_value must fit",
    ),
    "11 files": (modal(asks(file_input(max_files=11))), "max_files"),
    "no files": (modal(asks(file_input(max_files=0))), "max_files"),
    "number without decimals said": (
        modal(asks({"type": "number_input", "action_id": "n"})),
        "missing required field: is_decimal_allowed",
    ),
    "two focuses": (
        modal(asks(typed(focus_on_load=True)), asks(typed(focus_on_load=True))),
        "only one element",
    ),
    "alert of no known level": (
        modal({"type": "alert", "level": "fatal", "text": mrkdwn("x")}),
        "/view/blocks/0/level",
    ),
    "home with a title": ({"type": "home", "title": plain("x"), "blocks": []}, "title"),
    "file field in a home": ({"type": "home", "blocks": [asks(file_input())]}, "in modals"),
    "alert in a home": (
        {"type": "home", "blocks": [{"type": "alert", "text": mrkdwn("x")}]},
        "unsupported type: alert",
    ),
}
