"""Messages that Slack refuses, most of them one over a limit, and what it says."""

from typing import Any

from tests.sandbox.slack.payload_parts import (
    DIVIDER,
    actions,
    asks,
    button,
    confirm,
    context,
    data_table,
    file_input,
    image,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    rich_section,
    section,
    select,
    table,
    task,
    typed,
)

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
    "option text in mrkdwn": (
        [actions(select(options=[{"text": mrkdwn("x"), "value": "v"}]))],
        "/options/0/text/type",
    ),
    "a link in a menu": (
        [actions(select(options=[option("v") | {"url": "https://example.com"}]))],
        "invalid additional property: url",
    ),
    "a chosen option of 76": (
        [
            section(
                accessory={"type": "multi_external_select", "initial_options": [option("x" * 76)]}
            )
        ],
        "less than 76",
    ),
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
