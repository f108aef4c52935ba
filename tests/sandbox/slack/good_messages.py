"""Messages that Slack takes, most of them at a limit."""

from tests.sandbox.slack.payload_parts import (
    DIVIDER,
    Json,
    actions,
    asks,
    button,
    confirm,
    context,
    data_table,
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
    "overflow with a link": [
        section(
            accessory={
                "type": "overflow",
                "action_id": "o",
                "options": [option("v") | {"url": "https://example.com"}],
            }
        )
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
    "checkboxes in mrkdwn": [
        actions(
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": [{"text": mrkdwn("*x*"), "value": "v", "description": mrkdwn("x")}],
            }
        )
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
