"""The examples above the box: commands that fit the fleet there is."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from sandbox.cloud.driver import CloudDriver
from sandbox.cloud.phone import PhoneStatus
from sandbox.server import Sandbox
from sandbox.slack.driver import SlackDriver
from tests.browser.person import AtThePage


@pytest.fixture
def sandbox(botless: Sandbox) -> Sandbox:
    return botless


@pytest.fixture
async def lively(sandbox: Sandbox, page: Page) -> AsyncIterator[CloudDriver]:
    async with CloudDriver(sandbox.control_url) as cloud:
        await cloud.put_fleet(lively=True)
        await page.reload()
        yield cloud


async def line(person: AtThePage, example: str) -> str:
    """What the example puts into the box."""
    await person.page.get_by_role("button", name=example).click()
    box = person.page.get_by_label("Message or command")
    await expect(box).to_have_value(re.compile("^/cph "))
    await expect(box).to_be_focused()
    return await box.input_value()


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize(
    ("example", "command"),
    [
        ("Plan env=staging", "/cph plan routing tag:env=staging"),
        ("Phones env=staging", "/cph phones tag:env=staging"),
        ("The form", "/cph divert"),
        ("Status", "/cph status"),
        ("A typo", "/cph divret routing server:edge-10"),
        (
            "Running on edge-10",
            '/cph divert routing server:edge-10 status:running reason:"video ads test"',
        ),
    ],
)
async def test_each_is_a_command_ready_to_be_sent(
    person: AtThePage, example: str, command: str
) -> None:
    assert await line(person, example) == command


async def test_the_three_phones_can_move(person: AtThePage, lively: CloudDriver) -> None:
    await lively.edit_servers(
        [f"edge-{number:02}" for number in range(9, 25)], phone_status=PhoneStatus.STOPPED
    )
    ids = re.findall(r"[0-9a-f]{32}", await line(person, "3 phones"))
    found = (await lively.phones_by_id(ids)).values()
    assert {(phone.server, phone.status, phone.route) for phone in found} == {
        ("edge-25", PhoneStatus.RUNNING, "direct")
    }


@pytest.mark.usefixtures("lively")
async def test_drift_is_of_the_newest_request_here(person: AtThePage, sandbox: Sandbox) -> None:
    assert await line(person, "Drift") == "/cph drift D-"
    async with SlackDriver(sandbox.control_url) as slack:
        for request in ("D-7K3M", "D-9ZZZ"):
            await slack.person("U0BOB").say("C0OPS", f"what became of {request}?")
    await expect(person.channel).to_contain_text("D-9ZZZ")
    assert await line(person, "Drift") == "/cph drift D-9ZZZ"
