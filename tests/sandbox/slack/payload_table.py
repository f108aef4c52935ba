"""Payloads that Slack takes and payloads that it refuses, by what is known of its limits."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "section", **({"text": mrkdwn("x")} | fields)}


def button(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "button", "text": plain("Go"), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def option(value: str, text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(str(i)) for i in range(count)]


def select(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    found = {"type": "static_select", "action_id": "pick", **fields}
    return found if "option_groups" in found else {"options": options(2), **found}


def asks(element: Json, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "input", "label": plain("Label"), "element": element, **fields}


def typed(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "plain_text_input", "action_id": "text", **fields}


def file_input(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "file_input", "action_id": "file", **fields}


def image(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **fields}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def rich_section(text: str = "x", **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, **fields}]}


def table(rows: int, columns: int = 1, text: str = "x") -> Json:
    row = [{"type": "raw_text", "text": text}] * columns
    return {"type": "table", "rows": [row] * rows}


def data_table(count: int, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    row = [{"type": "raw_text", "text": "x"}]
    return {"type": "data_table", "caption": "Jobs", "rows": [row] * count, **fields}


def confirm(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    texts = {"title": plain("Sure?"), "text": mrkdwn("*Really?*")}
    return texts | {"confirm": plain("Yes"), "deny": plain("No"), **fields}


def task(**fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    return {"type": "task_card", "task_id": "t", "title": "T", "status": "pending", **fields}


def modal(*blocks: Json, **fields: Any) -> Json:  # noqa: ANN401 - a payload's fields are of every type
    view = {"type": "modal", "title": plain("Title"), "submit": plain("Send")}
    return view | {"blocks": list(blocks) or [section()], **fields}


DIVIDER: Json = {"type": "divider"}

GOOD_MESSAGES: dict[str, list[Json]] = {
    "50 blocks": [DIVIDER] * 50,
    "section of 3000": [section(text=mrkdwn("x" * 3000))],
    "section with fields only": [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 6}],
    "10 fields": [section(fields=[plain("x")] * 10)],
    "section with a button": [section(accessory=button())],
    "section with an image": [section(accessory=image())],
    "section with a menu": [section(accessory=select())],
    "section with overflow": [
        section(accessory={"type": "overflow", "action_id": "o", "options": options(5)})
    ],
    "section expanded": [section(expand=True)],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "divider": [DIVIDER],
    "image": [image()],
    "image with title": [image(title=plain("x" * 2000))],
    "image from slack": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}],
    "context of 10": [context(*[mrkdwn("x")] * 9, image())],
    "actions of 25": [actions(*[button(action_id=f"a{i}") for i in range(25)])],
    "same action_id in two blocks": [actions(button()), actions(button())],
    "button text of 75": [actions(button(text=plain("x" * 75)))],
    "button value of 2000": [actions(button(value="x" * 2000))],
    "button with a link": [actions(button(url="https://example.com"))],
    "danger button with confirm": [actions(button(style="danger", confirm=confirm()))],
    "confirm at its limits": [
        actions(
            button(
                confirm=confirm(title=plain("x" * 100), text=plain("x" * 300), deny=plain("x" * 30))
            )
        )
    ],
    "action_id of 255": [actions(button(action_id="x" * 255))],
    "block_id of 255": [section(block_id="x" * 255)],
    "menu of 100": [actions(select(options=options(100)))],
    "menu of groups": [
        actions(select(option_groups=[{"label": plain("G"), "options": options(3)}]))
    ],
    "option text and value of 75": [actions(select(options=[option("x" * 75, "x" * 75)]))],
    "menu with an initial option": [actions(select(initial_option=option("1")))],
    "people menu": [actions({"type": "users_select", "action_id": "who"})],
    "datepicker": [actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-31"})],
    "timepicker": [actions({"type": "timepicker", "action_id": "t", "initial_time": "23:59"})],
    "10 checkboxes": [actions({"type": "checkboxes", "action_id": "c", "options": options(10)})],
    "10 radio buttons": [
        actions({"type": "radio_buttons", "action_id": "r", "options": options(10)})
    ],
    "rich text": [rich(rich_section(style={"bold": True}))],
    "rich list": [
        rich({"type": "rich_text_list", "style": "bullet", "elements": [rich_section()]})
    ],
    "rich quote and code": [
        rich(
            {"type": "rich_text_quote", "elements": [{"type": "emoji", "name": "wave"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
        )
    ],
    "rich mentions": [
        rich(
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "user", "user_id": "U1"},
                    {"type": "usergroup", "usergroup_id": "S1"},
                    {"type": "channel", "channel_id": "C1"},
                    {"type": "link", "url": "https://example.com"},
                    {"type": "broadcast", "range": "here"},
                ],
            }
        )
    ],
    "markdown of 12,000": [{"type": "markdown", "text": "x" * 12_000}],
    "table of 100 by 20": [table(100, 20)],
    "table with 10,000 characters": [table(100, 1, "x" * 100)],
    "data table of 101 rows": [data_table(101)],
    "data table with a number": [
        data_table(
            1, rows=[[{"type": "raw_text", "text": "n"}], [{"type": "raw_number", "value": 1.5}]]
        )
    ],
    "task card": [task(details=rich(rich_section()))],
    "plan": [{"type": "plan", "title": "Plan", "tasks": [task()]}],
    "card": [{"type": "card", "title": mrkdwn("x" * 150), "body": mrkdwn("x" * 200)}],
    "carousel of 10": [
        {"type": "carousel", "elements": [{"type": "card", "title": plain("x")}] * 10}
    ],
    "context actions": [
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}],
        }
    ],
    "13,200 characters in all": [section(text=mrkdwn("x" * 3000))] * 4
    + [section(text=mrkdwn("x" * 1200))],
    "input in a message": [asks(typed())],
    "emoji off": [{"type": "header", "text": {**plain("x"), "emoji": False}}],
    "verbatim": [section(text={**mrkdwn("x"), "verbatim": True})],
}

BAD_MESSAGES: dict[str, tuple[list[Any], str]] = {
    "51 blocks": ([DIVIDER] * 51, "no more than 50 items"),
    "no object": (["text"], "must be an object"),
    "no type": ([{"text": plain("x")}], "missing required field: type"),
    "unknown type": ([{"type": "paragraph"}], "unsupported type: paragraph"),
    "section of 3001": ([section(text=mrkdwn("x" * 3001))], "less than 3001 characters"),
    "empty section text": ([section(text=mrkdwn(""))], "more than 0 characters"),
    "section of nothing": ([{"type": "section"}], "text or fields"),
    "section text as a string": ([section(text="x")], "/blocks/0/text"),
    "11 fields": ([section(fields=[plain("x")] * 11)], "no more than 10 items"),
    "no fields": ([section(fields=[])], "no less than 1 items"),
    "field of 2001": ([section(fields=[mrkdwn("x" * 2001)])], "less than 2001 characters"),
    "header of 151": ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
    "header without text": ([{"type": "header"}], "missing required field: text"),
    "unknown property": ([{**DIVIDER, "colour": "red"}], "invalid additional property: colour"),
    "null": ([section(block_id=None)], "must not be null"),
    "image without alt text": (
        [{"type": "image", "image_url": "https://example.com/a"}],
        "missing required field: alt_text",
    ),
    "image without source": ([{"type": "image", "alt_text": "a"}], "image_url and slack_file"),
    "image from nowhere": ([image(image_url="a.png")], "/blocks/0/image_url"),
    "context of 11": ([context(*[mrkdwn("x")] * 11)], "no more than 10 items"),
    "context of nothing": ([context()], "no less than 1 items"),
    "context with a button": ([context(button())], "unsupported type: button"),
    "actions of 26": (
        [actions(*[button(action_id=f"a{i}") for i in range(26)])],
        "no more than 25 items",
    ),
    "actions of nothing": ([actions()], "no less than 1 items"),
    "actions with text": ([actions(mrkdwn("x"))], "unsupported type: mrkdwn"),
    "same action_id in one block": ([actions(button(), button())], "action_id `go` already"),
    "same block_id twice": (
        [section(block_id="b"), section(block_id="b")],
        "block_id `b` already",
    ),
    "button text of 76": ([actions(button(text=plain("x" * 76)))], "less than 76"),
    "button text in mrkdwn": ([actions(button(text=mrkdwn("x")))], "/elements/0/text/type"),
    "button value of 2001": ([actions(button(value="x" * 2001))], "less than 2001"),
    "button value as a number": ([actions(button(value=7))], "/elements/0/value"),
    "button link of 3001": (
        [actions(button(url="https://e.com/" + "x" * 2987))],
        "less than 3001",
    ),
    "button style": ([actions(button(style="default"))], "/elements/0/style"),
    "button label of 76": ([actions(button(accessibility_label="x" * 76))], "less than 76"),
    "button without text": (
        [actions({"type": "button", "action_id": "a"})],
        "missing required field: text",
    ),
    "action_id of 256": ([actions(button(action_id="x" * 256))], "less than 256"),
    "block_id of 256": ([section(block_id="x" * 256)], "less than 256"),
    "confirm without deny": (
        [actions(button(confirm={k: v for k, v in confirm().items() if k != "deny"}))],
        "missing required field: deny",
    ),
    "confirm title of 101": (
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
        "less than 101",
    ),
    "confirm text of 301": (
        [actions(button(confirm=confirm(text=mrkdwn("x" * 301))))],
        "less than 301",
    ),
    "confirm button of 31": (
        [actions(button(confirm=confirm(confirm=plain("x" * 31))))],
        "less than 31",
    ),
    "menu of 101": ([actions(select(options=options(101)))], "no more than 100 items"),
    "menu of nothing": ([actions(select(options=[]))], "no less than 1 items"),
    "menu with both lists": (
        [
            actions(
                select(
                    options=options(1), option_groups=[{"label": plain("G"), "options": options(1)}]
                )
            )
        ],
        "one of options and option_groups",
    ),
    "menu of 101 groups": (
        [actions(select(option_groups=[{"label": plain("G"), "options": options(1)}] * 101))],
        "no more than 100 items",
    ),
    "option text of 76": ([actions(select(options=[option("v", "x" * 76)]))], "less than 76"),
    "option value of 76": ([actions(select(options=[option("x" * 76)]))], "less than 76"),
    "initial option not among them": (
        [actions(select(initial_option=option("zz")))],
        "match one of the options",
    ),
    "placeholder of 151": ([actions(select(placeholder=plain("x" * 151)))], "less than 151"),
    "11 radio buttons": (
        [actions({"type": "radio_buttons", "action_id": "r", "options": options(11)})],
        "no more than 10 items",
    ),
    "11 checkboxes": (
        [actions({"type": "checkboxes", "action_id": "c", "options": options(11)})],
        "no more than 10 items",
    ),
    "overflow of 6": (
        [section(accessory={"type": "overflow", "options": options(6)})],
        "no more than 5 items",
    ),
    "a date that is none": (
        [actions({"type": "datepicker", "initial_date": "31.01.2026"})],
        "initial_date",
    ),
    "text field in actions": ([actions(typed())], "unsupported type: plain_text_input"),
    "file field in a message": ([asks(file_input())], "only supported in modals"),
    "empty rich text": ([rich()], "no less than 1 items"),
    "rich text with a bare text": (
        [rich({"type": "text", "text": "x"})],
        "unsupported type: text",
    ),
    "markdown of 12,001 in all": (
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
        "12001",
    ),
    "table of 101 rows": ([table(101)], "no more than 100 items"),
    "table of 21 columns": ([table(1, 21)], "no more than 20 items"),
    "two tables": ([table(1), table(1)], "only one table"),
    "table of 10,001 characters": ([table(73, 1, "x" * 137)], "10001"),
    "data table of 102 rows": ([data_table(102)], "no more than 101 items"),
    "data table without caption": (
        [{k: v for k, v in data_table(1).items() if k != "caption"}],
        "missing required field: caption",
    ),
    "data table with a rich header": (
        [data_table(1, rows=[[rich(rich_section())]])],
        "header cells",
    ),
    "data table page of 101": ([data_table(1, page_size=101)], "page_size"),
    "task in no known state": ([task(status="running")], "/blocks/0/status"),
    "alert in a message": ([{"type": "alert", "text": mrkdwn("x")}], "unsupported type: alert"),
    "card title of 151": ([{"type": "card", "title": plain("x" * 151)}], "less than 151"),
    "carousel of 11": (
        [{"type": "carousel", "elements": [{"type": "card", "title": plain("x")}] * 11}],
        "no more than 10 items",
    ),
    "six context actions": (
        [
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "icon_button",
                        "icon": "trash",
                        "text": plain("x"),
                        "action_id": str(i),
                    }
                    for i in range(6)
                ],
            }
        ],
        "no more than 5 items",
    ),
}

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
