"""The whole walk, as people do it in the sandbox's page."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox.cloud.driver import CloudDriver
from sandbox.page.routes import sample_csv
from sandbox.server import Sandbox
from tests.browser.person import AtThePage


async def test_alice_asks_bob_approves_and_the_thread_tells_every_job(
    person: AtThePage, sandbox: Sandbox
) -> None:
    request = await person.tries("3 phones")
    await expect(person.card(request)).to_contain_text("3 phones to routing, waiting for approval")

    await person.becomes("Bob Brown")
    await expect(person.alone(request)).to_have_count(0)
    await person.presses(request, "Approve")
    await expect(person.question).to_contain_text("3 phones change to routing at once")
    await person.question.get_by_role("button", name="Approve").click()
    await expect(person.card(request)).to_contain_text("3 phones to routing, done")
    await expect(person.card(request).get_by_role("button", name="Approve")).to_have_count(0)

    await person.opens_thread(request)
    jobs = person.thread.locator("code", has_text=re.compile(r"^[0-9a-f]{32} job \S+$"))
    await expect(jobs).to_have_count(3)
    phones = [text.split()[0] for text in await jobs.all_inner_texts()]
    async with CloudDriver(sandbox.control_url) as cloud:
        assert set((await cloud.routes(phones)).values()) == {"routing"}


async def test_whoever_thinks_better_of_it_in_the_question_has_approved_nothing(
    person: AtThePage,
) -> None:
    request = await person.tries("3 phones")
    await person.becomes("Carol Chen")
    await person.presses(request, "Approve")
    await person.question.get_by_role("button", name="Back").click()
    await expect(person.question).to_be_hidden()
    await expect(person.card(request)).to_contain_text("waiting for approval")


async def test_a_form_with_a_file_becomes_a_request(
    person: AtThePage, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "phones.csv"
    file.write_text(sample_csv(sandbox.cloud, 150), encoding="utf-8")
    await person.types("/cph divert")
    await person.form.get_by_role("button", name="Ask for it").click()
    await expect(person.form).to_contain_text("Please complete this required field.")

    await person.form.get_by_label("routing: ").check()
    await person.form.get_by_role("button", name="Ask for it").click()
    await expect(person.form).to_contain_text("Give phone ids here, or a file below")
    await expect(person.form.get_by_label("routing: ")).to_be_checked()

    await person.form.get_by_label("File of phone ids").set_input_files(file)
    await expect(person.form.get_by_role("list", name="Chosen files")).to_contain_text("phones.csv")
    await person.form.get_by_label("Reason").fill("from a file")
    await person.form.get_by_role("button", name="Ask for it").click()
    await expect(person.form).to_be_hidden()
    await expect(person.card(await person.heard())).to_contain_text("“from a file”")


async def test_escape_closes_a_form_and_nothing_is_asked_for(person: AtThePage) -> None:
    await person.types("/cph divert")
    await expect(person.form).to_be_visible()
    await person.page.keyboard.press("Escape")
    await expect(person.form).to_be_hidden()
    asked = person.channel.locator("article", has_text="I am reading these phones")
    await expect(asked).to_have_count(0)


async def test_a_denial_tells_its_reason_on_the_card(person: AtThePage) -> None:
    request = await person.tries("3 phones")
    await person.becomes("Bob Brown")
    await person.presses(request, "Deny …")
    await person.form.get_by_label("Why?").fill("not during the <b>match</b> & not *now*")
    await person.form.get_by_role("button", name="Deny", exact=True).click()
    await expect(person.card(request)).to_contain_text("3 phones to routing, denied")
    await expect(person.card(request)).to_contain_text("not during the <b>match</b> & not ")
    await expect(person.card(request).locator("b")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("Dave Diaz", "No rule of the policy lets you ask for this."),
        ("Gus Guest", "Guests may not do this."),
        ("Olga Outside", "This bot serves another workspace"),
    ],
)
async def test_who_may_not_ask_is_told_why_and_no_card_goes_up(
    person: AtThePage, name: str, answer: str
) -> None:
    await person.becomes(name)
    await person.sends("3 phones")
    await expect(person.alone(answer)).to_have_count(1)
    await expect(person.channel.locator("article:not(.alone)")).to_have_count(0)


async def test_words_of_people_stay_words(person: AtThePage) -> None:
    await person.types("<img src=x onerror=alert(1)> *bold* & `code` @bob")
    said = person.channel.locator("article").last
    await expect(said).to_contain_text("<img src=x onerror=alert(1)> bold & code @bob")
    await expect(said.locator("img")).to_have_count(0)
    await expect(said.locator("strong", has_text="bold")).to_have_count(1)
    await expect(said.locator(".mention")).to_have_text("@bob")


async def test_a_mark_that_never_ends_does_not_stop_the_page(person: AtThePage) -> None:
    await person.types("*many" + " @bob" * 60)
    await expect(person.channel.locator(".mention")).to_have_count(60)


async def test_the_sample_file_is_offered_for_download(person: AtThePage) -> None:
    async with person.page.expect_download() as download:
        await person.page.get_by_role("link", name="A file for the form").click()
    path = await (await download.value).path()
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1235


async def test_trouble_made_in_the_drawer_reaches_the_cloud_and_is_undone(
    person: AtThePage, sandbox: Sandbox
) -> None:
    await person.page.get_by_text("The cloud", exact=True).click()
    await person.page.get_by_label("Jobs that fail").select_option("1 in 4")
    await person.page.get_by_label("Divert calls allowed").select_option("10 a minute")
    await expect(person.page.get_by_label("Divert calls allowed")).to_have_value("2")
    async with CloudDriver(sandbox.control_url) as cloud:
        switches = await cloud.switches()
        assert switches.job_failure_share == 0.25
        assert switches.write_limit is not None
        await person.page.get_by_role("button", name="Quiet again").click()
        await expect(person.page.get_by_label("Divert calls allowed")).to_have_value("0")
        switches = await cloud.switches()
        assert (switches.job_failure_share, switches.write_limit) == (0, None)


async def test_a_second_window_is_somebody_else(page: Page, sandbox: Sandbox) -> None:
    other = await page.context.new_page()
    await other.goto(f"{sandbox.page_url}#U0BOB/C0OPS")
    bob = other.get_by_role("button", name="Bob Brown")
    await expect(bob).to_have_attribute("aria-current", "true")
    alice = page.get_by_role("button", name="Alice Adams")
    await expect(alice).to_have_attribute("aria-current", "true")


async def test_the_keyboard_alone_is_enough(person: AtThePage) -> None:
    example = person.page.get_by_role("button", name="3 phones")
    await example.focus()
    await person.page.keyboard.press("Enter")
    await expect(person.page.get_by_label("Message or command")).to_be_focused()
    await expect(person.page.get_by_label("Message or command")).to_have_value(re.compile("^/cph"))
    await person.page.keyboard.press("Enter")
    request = await person.heard()
    bob = person.page.get_by_role("button", name="Bob Brown")
    await bob.focus()
    await person.page.keyboard.press("Enter")
    await expect(bob).to_be_focused()
    await person.card(request).get_by_role("button", name="Approve").focus()
    await person.page.keyboard.press("Enter")
    await expect(person.question.get_by_role("button", name="Approve")).to_be_focused()
    await person.page.keyboard.press("Escape")
    await expect(person.card(request)).to_contain_text("waiting for approval")
