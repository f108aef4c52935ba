"""A person at the page: a browser, the page, and behind it the sandbox with the real bot.

These tests run where they are asked for, with `-m browser`.
"""

import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from sandbox.cloud.driver import CloudDriver
from sandbox.demo import running_bot
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.browser.person import AtThePage

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREEN: ViewportSize = {"width": 1280, "height": 800}
SEEDS = count(2)
SOON = 20_000  # milliseconds; a request of a few phones is done in about four seconds


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives the sandbox's page in a browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave these tests out of every run that does not ask for them by their mark."""
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.browser)
    if "browser" not in config.option.markexpr:
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="package")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """The real bot runs against it."""
    running = await serve_sandbox(Wishes(phones=1500, job_seconds=0.3))
    async with running_bot(running, tmp_path_factory.mktemp("bot")) as bot:
        await bot.ready()
        yield running
    await running.close()


@pytest.fixture(scope="package")
async def botless() -> AsyncIterator[Sandbox]:
    """No bot of ours runs against it."""
    running = await serve_sandbox(Wishes(phones=0))
    yield running
    await running.close()


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=SOON)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def fresh(sandbox: Sandbox) -> None:
    """No messages, and phones that no request of an earlier test still holds."""
    async with SlackDriver(sandbox.control_url) as slack, CloudDriver(sandbox.control_url) as cloud:
        await cloud.put_fleet(seed=next(SEEDS))
        await slack.reset()


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox, fresh: None) -> AsyncIterator[Page]:  # noqa: ARG001 - it comes first
    """A fresh page; an error in its scripts, or a breach of its policy, fails the test."""
    context = await browser.new_context(viewport=SCREEN)
    context.set_default_timeout(SOON)
    opened, mistakes = await context.new_page(), list[str]()
    opened.on("pageerror", lambda error: mistakes.append(str(error)))
    opened.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    await opened.goto(sandbox.page_url)
    yield opened
    await context.close()
    assert mistakes == []


@pytest.fixture
def person(page: Page) -> AtThePage:
    return AtThePage(page)
