"""Forms as people fill them: menus that search, chips, long forms, buttons only one person sees."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.slack.driver import SlackDriver
from sandbox.slack.settings import BOT_TOKEN
from tests.browser.form_bot import FormBot
from tests.browser.person import AtThePage
from tests.sandbox.slack.bolt_app import connected
from tests.sandbox.slack.menu_app import form, holding, menu
from tests.sandbox.slack.payload_parts import (
    Json,
    asks,
    modal,
    option,
    options,
    plain,
    section,
    select,
    typed,
)

STATUSES: Json = {
    "type": "multi_static_select",
    "action_id": "status",
    "placeholder": plain("Any status"),
    "options": [option(name, name) for name in ("running", "stopped", "frozen")],
}


@pytest.fixture
def sandbox(botless: Sandbox) -> Sandbox:
    return botless


@pytest.fixture
async def bot(sandbox: Sandbox, fresh: None) -> AsyncIterator[FormBot]:  # noqa: ARG001 - it comes first
    with pytest.MonkeyPatch.context() as environment:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            environment.delenv(name, raising=False)  # slack_sdk would send everything there
        made = FormBot(AsyncWebClient(token=BOT_TOKEN, base_url=sandbox.slack_api_url))
        async with connected(made.app):
            yield made


@pytest.fixture
def servers(person: AtThePage) -> Locator:
    """The menu of the form."""
    return person.form.get_by_role("combobox", name="Label")


def dropped(person: AtThePage) -> Locator:
    return person.form.get_by_role("option")


def chips(person: AtThePage) -> Locator:
    return person.form.locator(".chip span")


async def sends_form(person: AtThePage) -> None:
    await person.form.get_by_role("heading").click()  # away from a list that is still open
    await person.form.get_by_role("button", name="Send").click()
    await expect(person.form).to_be_hidden()


def chosen(bot: FormBot, block_id: str = "servers", action_id: str = "pick") -> list[str]:
    state = bot.submitted[-1]["view"]["state"]["values"][block_id][action_id]
    return [one["value"] for one in state["selected_options"]]


async def test_the_keyboard_searches_picks_and_sends(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    await person.types("/form")
    await servers.press_sequentially("edge-1")
    await expect(dropped(person)).to_have_count(10)
    await servers.press("ArrowDown")
    await servers.press("Enter")
    await expect(chips(person)).to_have_text(["Server edge-11"])
    await expect(servers).to_have_value("")
    await expect(dropped(person)).to_have_count(0)
    await servers.press_sequentially("-07")
    await expect(dropped(person)).to_have_text(["Server edge-07"])
    await servers.press("Enter")
    await expect(chips(person)).to_have_text(["Server edge-11", "Server edge-07"])
    await sends_form(person)
    assert chosen(bot) == ["edge-11", "edge-07"]


async def test_the_mouse_picks_several_and_a_cross_takes_one_away(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    await person.types("/form")
    await servers.click()
    for name in ("edge-02", "edge-03", "edge-04", "edge-03"):
        await person.form.get_by_role("option", name=name).click()
    await expect(chips(person)).to_have_text(["Server edge-02", "Server edge-04"])
    picked = person.form.get_by_role("option", name="edge-04")
    await expect(picked).to_have_attribute("aria-selected", "true")
    await person.form.get_by_role("button", name="Remove Server edge-02").click()
    await expect(chips(person)).to_have_text(["Server edge-04"])
    await expect(servers).to_be_focused()
    await sends_form(person)
    assert chosen(bot) == ["edge-04"]


async def test_backspace_in_the_empty_box_takes_the_last_one_back(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    bot.form = form(initial_options=[option("a", "First"), option("b", "Second")])
    await person.types("/form")
    await expect(chips(person)).to_have_text(["First", "Second"])
    await servers.press("Backspace")
    await expect(chips(person)).to_have_text(["First"])
    await sends_form(person)
    assert chosen(bot) == ["a"]


async def test_escape_closes_the_list_and_then_the_form(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    await person.types("/form")
    await servers.press_sequentially("edge")
    await expect(dropped(person)).to_have_count(25)
    await servers.press("Escape")
    await expect(dropped(person)).to_have_count(0)
    await expect(person.form).to_be_visible()
    await servers.press("Escape")
    await expect(person.form).to_be_hidden()
    assert bot.submitted == []


async def test_words_that_were_not_picked_are_gone_when_one_leaves(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    await person.types("/form")
    await servers.press_sequentially("edge-07")
    await expect(dropped(person)).to_have_count(1)
    await person.form.get_by_role("textbox", name="Label").click()
    await expect(servers).to_have_value("")
    await expect(dropped(person)).to_have_count(0)
    await sends_form(person)
    assert chosen(bot) == []


async def test_one_is_told_how_much_to_type_and_nobody_is_asked_before(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    bot.form = form(min_query_length=3)
    await person.types("/form")
    await servers.press_sequentially("ed")
    await expect(person.form).to_contain_text("Type at least 3 characters.")
    assert bot.asked == []
    await servers.press_sequentially("ge-07")
    await expect(dropped(person)).to_have_text(["Server edge-07"])


async def test_typing_fast_shows_what_fits_the_whole_word(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    async def slow_at_first() -> None:
        await asyncio.sleep(0.6 if len(bot.asked) == 1 else 0)

    bot.before = slow_at_first
    await person.types("/form")
    await servers.press_sequentially("edge")
    await asyncio.wait_for(bot.heard.wait(), 5)
    await servers.press_sequentially("-07")
    await expect(dropped(person)).to_have_text(["Server edge-07"])
    await asyncio.sleep(0.8)
    await expect(dropped(person)).to_have_text(["Server edge-07"])


async def test_enter_before_the_answer_picks_what_is_found_alone(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    await person.types("/form")
    await servers.press_sequentially("edge-07")
    await servers.press("Enter")
    await expect(chips(person)).to_have_text(["Server edge-07"])
    await servers.press_sequentially("edge-1")
    await servers.press("Enter")
    await expect(dropped(person)).to_have_count(10)
    await expect(chips(person)).to_have_text(["Server edge-07"])
    assert bot.submitted == []


async def test_of_a_wrong_answer_one_sees_nothing_and_why(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    bot.answer = lambda _text: {"options": options(101)}
    await person.types("/form")
    await servers.press_sequentially("edge")
    await expect(person.form).to_contain_text("No results.")
    await expect(person.form).to_contain_text("no more than 100 items allowed")
    await expect(dropped(person)).to_have_count(0)
    bot.answer = holding
    await servers.press_sequentially("-07")
    await expect(dropped(person)).to_have_count(1)


async def test_an_app_that_is_too_slow_is_said_to_be(
    person: AtThePage, bot: FormBot, sandbox: Sandbox, servers: Locator
) -> None:
    async def slow() -> None:
        await asyncio.sleep(1)

    bot.before = slow
    async with SlackDriver(sandbox.control_url) as slack:
        await person.types("/form")
        await expect(servers).to_be_visible()
        await slack.put("limits", ack_seconds=0.2)
        await servers.press_sequentially("edge")
        await expect(person.form).to_contain_text("operation_timeout")
        await slack.put("limits", ack_seconds=3)


async def test_options_in_groups_stand_below_their_titles(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    found = option("edge-05", "edge-05") | {"description": plain("60 phones, rack r1")}
    bot.answer = lambda _text: {"option_groups": [{"label": plain("Staging"), "options": [found]}]}
    await person.types("/form")
    await servers.click()
    group = person.form.get_by_role("group", name="Staging")
    await expect(group.get_by_role("option")).to_contain_text("60 phones, rack r1")
    await expect(group).to_contain_text("Staging")


async def test_a_menu_with_options_of_its_own_is_searched_here(
    person: AtThePage, bot: FormBot
) -> None:
    bot.form = modal(asks(STATUSES | {"max_selected_items": 2}, block_id="s"), callback_id="form")
    await person.types("/form")
    box = person.form.get_by_role("combobox")
    await box.press_sequentially("o")
    await expect(dropped(person)).to_have_text(["stopped", "frozen"])
    await box.fill("")
    await expect(dropped(person)).to_have_count(3)
    for name in ("stopped", "running", "frozen"):
        await person.form.get_by_role("option", name=name).click()
    await expect(person.form).to_contain_text("At most 2 can be chosen.")
    await expect(chips(person)).to_have_text(["stopped", "running"])
    await sends_form(person)
    assert chosen(bot, "s", "status") == ["stopped", "running"]
    assert bot.asked == []


async def test_a_mistake_told_below_a_field_keeps_what_was_picked(
    person: AtThePage, bot: FormBot, servers: Locator
) -> None:
    bot.form = form()
    bot.form["blocks"][1] |= {"optional": False}
    del bot.form["blocks"][1]["element"]["initial_value"]
    await person.types("/form")
    await servers.press_sequentially("edge-07")
    await servers.press("Enter")
    await expect(chips(person)).to_have_text(["Server edge-07"])
    await person.form.get_by_role("button", name="Send").click()
    await expect(person.form).to_contain_text("Please complete this required field.")
    await expect(chips(person)).to_have_text(["Server edge-07"])
    await person.form.get_by_role("textbox", name="Label").fill("now it is there")
    await sends_form(person)
    assert chosen(bot) == ["edge-07"]


LONG: list[Json] = [asks(typed(action_id=f"t{n}"), optional=True) for n in range(15)]


@pytest.mark.parametrize("size", [(1280, 800), (400, 560)])
async def test_a_long_form_scrolls_and_its_last_list_is_wholly_on_the_screen(
    person: AtThePage, bot: FormBot, page: Page, size: tuple[int, int]
) -> None:
    width, height = size
    await page.set_viewport_size({"width": width, "height": height})
    last = asks(menu(), block_id="servers", label=plain("The last one"), optional=True)
    bot.form = modal(*LONG, last, callback_id="form")
    await person.types("/form")
    button = person.form.get_by_role("button", name="Send")
    await expect(button).to_be_in_viewport(ratio=1)
    box = person.form.get_by_role("combobox", name="The last one")
    await expect(box).not_to_be_in_viewport()
    await box.click()
    await expect(dropped(person)).to_have_count(25)
    shown = await person.form.locator(".drop").bounding_box()
    assert shown is not None
    assert shown["y"] >= 0
    assert shown["height"] > 100
    assert shown["y"] + shown["height"] <= height
    assert shown["x"] + shown["width"] <= width
    await person.form.get_by_role("option", name="edge-25").click()
    await expect(chips(person)).to_be_in_viewport()
    await expect(button).to_be_in_viewport(ratio=1)


async def test_a_choice_the_app_is_told_of_at_once_comes_with_all_that_was_typed(
    person: AtThePage, bot: FormBot
) -> None:
    project = asks(select(action_id="project"), block_id="p", dispatch_action=True)
    why = asks(typed(), block_id="why", label=plain("Reason"), optional=True)
    bot.form = modal(project, why, callback_id="form")
    more = asks(menu(), block_id="servers", label=plain("Servers"), optional=True)
    bot.update = modal(project, why, more, callback_id="form")
    await person.types("/form")
    await person.form.get_by_label("Reason").fill("typed before")
    await person.form.get_by_label("Label").focus()
    await person.form.get_by_label("Label").select_option("1")
    await expect(person.form.get_by_role("combobox", name="Servers")).to_be_visible()
    [body] = bot.clicked
    assert body["view"]["state"]["values"]["why"]["text"]["value"] == "typed before"
    await expect(person.form.get_by_label("Reason")).to_have_value("typed before")
    await expect(person.form.get_by_label("Label")).to_have_value("1")
    await expect(person.form.get_by_label("Label")).to_be_focused()


async def test_a_menu_in_a_message_searches_and_tells_the_app(
    person: AtThePage, bot: FormBot
) -> None:
    bot.card = [section(accessory=menu(type="external_select"))]
    await person.types("/card")
    box = person.channel.get_by_role("combobox")
    await box.press_sequentially("-07")
    await person.channel.get_by_role("option", name="edge-07").click()
    await expect(person.channel.locator(".chip")).to_contain_text("Server edge-07")
    await asyncio.wait_for(bot.told.wait(), 5)
    assert bot.clicked[0]["actions"][0]["selected_option"]["value"] == "edge-07"


async def test_a_button_that_only_one_person_sees_works_and_is_replaced(
    person: AtThePage, bot: FormBot
) -> None:
    await person.types("/divret routing server:edge-07")
    asked = person.alone("Did you mean divert?")
    await expect(asked).to_contain_text("Only visible to you")
    await asked.get_by_role("button", name="Yes, divert").click()
    await expect(person.alone("Diverting.")).to_have_count(1)
    await expect(asked).to_have_count(0)
    [body] = bot.clicked
    assert body["container"]["is_ephemeral"] is True
    assert "/actions/" in body["response_url"]
    assert "message" not in body
