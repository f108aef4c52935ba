"""A picture of every state of a card and of every form, to be looked at by a person.

`python -m tests.browser.gallery [folder] [name …]` plays the scenes of `scenes.py`, all of them or
those that are named, against the sandbox with the real bot, and photographs each on the page.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser, Error, Locator, Page, ViewportSize, async_playwright

from bot.app import Bot
from bot.config import Environment, load
from sandbox.cloud.driver import CloudDriver
from sandbox.server import Sandbox, Wishes, serve_sandbox
from sandbox.slack.driver import SlackDriver
from tests.browser.conftest import CHROMIUM, FLAGS, SOON
from tests.browser.person import AtThePage
from tests.browser.scenes import SCENES, Scene
from tests.browser.scenes.shot import Shot
from tests.walk.stage import Stage

FOLDER: Final = "gallery"
SCREEN: Final[ViewportSize] = {"width": 1100, "height": 1500}

CONFIG: Final = """
[limits]
calls_per_second = 500

[times]
approval = "8h"
plan_max_age = "1h"
first_poll = "300ms"
poll = "300ms"
job_deadline = "2m"

[roles]
requesters = ["S0OPS"]
approvers = ["S0APPROVE"]
leads = ["U0DAVE"]
oncall = ["U0DAVE"]
gone = ["U0GONE"]

[operators]
channel = "C0OPS"
who = ["leads"]

[approving]
type_above = 30

[[rules]]
name = "one stage"
who = ["requesters"]
projects = ["demo", "glass", "frozen", "paused", "guarded", "limited"]
approvals = [{ count = 1, from = ["approvers"] }]

[[rules]]
name = "two stages"
who = ["requesters"]
projects = ["two"]
approvals = [{ count = 1, from = ["approvers"] }, { count = 1, from = ["leads"] }]

[[rules]]
name = "soon escalated"
who = ["requesters"]
projects = ["escalated"]
approvals = [{ count = 1, from = ["leads"], escalate = { after = "1s", to = ["approvers"] } }]

[[rules]]
name = "nobody there"
who = ["requesters"]
projects = ["nobody"]
approvals = [{ count = 1, from = ["gone"] }]

[[rules]]
name = "at night"
effect = "break_glass"
who = ["oncall"]
projects = ["glass"]

[[protected]]
projects = ["guarded"]
servers = ["*"]
approvals = [{ count = 1, from = ["leads"] }]

[[freezes]]
name = "year end"
from = "2020-12-24T00:00"
until = "2099-01-02T00:00"
projects = ["frozen"]
"""
SLOW: Final = ("limited", "paused")  # projects whose runs are to stay unsent for a while
PROJECTS: Final = (
    "demo", "two", "guarded", "escalated", "nobody", "glass", "frozen", "paused", "limited",
)  # fmt: skip


def project(name: str, sandbox: Sandbox) -> str:
    """All are the sandbox's one; only the policy tells them apart.

    By another name of the cloud, what is learned of its limits stays with those that are slow.
    """
    url = sandbox.cloud_url
    place = json.dumps(url.replace("127.0.0.1", "localhost") if name in SLOW else url)
    return (
        f'[projects.{name}]\nregion = "cn-north-4"\nchannel = "C0OPS"\n'
        f"project_id = {json.dumps(sandbox.project_id)}\nendpoint = {place}\n"
    )


@asynccontextmanager
async def running_bot(sandbox: Sandbox, folder: Path) -> AsyncIterator[Bot]:
    file = folder / "bot.toml"
    projects = "".join(project(name, sandbox) for name in PROJECTS)
    file.write_text(projects + CONFIG, encoding="utf-8")
    given = {
        **sandbox.environment(),
        "CPH_BOT_CONFIG": str(file),
        "CPH_BOT_DATABASE_URL": f"sqlite:///{folder}/bot.sqlite",
        "CPH_BOT_LISTEN": "127.0.0.1:0",
    }
    bot = Bot(load(Environment(given)))
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


@asynccontextmanager
async def opened_page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=SCREEN, device_scale_factor=1.5)
    context.set_default_timeout(SOON)
    yield await context.new_page()
    await context.close()


async def show(page: Page, sandbox: Sandbox, stage: Stage, shot: Shot) -> Locator:
    """What is to be seen, on the screen of who sees it."""
    await page.goto("about:blank")
    await page.goto(f"{sandbox.page_url}#{shot.viewer}/{stage.channel}")
    person = AtThePage(page)
    if shot.form:
        return person.form
    if shot.pressed:
        await person.presses(shot.request, shot.pressed)
        return person.question
    return person.card(shot.request)


@dataclass(frozen=True)
class Gallery:
    folder: Path
    sandbox: Sandbox
    bot: Bot
    slack: SlackDriver
    cloud: CloudDriver
    browser: Browser

    async def photograph(self, number: int, name: str, scene: Scene) -> bool:
        """Play a scene and keep its picture; False where it could not be played."""
        stage = await Stage.fresh(self.bot, self.sandbox, self.slack, self.cloud)
        file = self.folder / f"{number:02} {name}.png"
        try:
            shot = await scene(stage)
            async with opened_page(self.browser) as page:
                seen = await show(page, self.sandbox, stage, shot)
                await seen.screenshot(path=file, animations="disabled")
            await shot.leave()
        except (AssertionError, Error) as failure:
            print(f"{file}: {failure}")
            return False
        print(file, flush=True)
        return True


async def play(folder: Path, wanted: Collection[str]) -> int:
    """Photograph the scenes; how many could not be played."""
    sandbox = await serve_sandbox(Wishes(phones=3000, servers=40, job_seconds=0.1))
    with TemporaryDirectory() as place:
        async with (
            SlackDriver(sandbox.control_url) as slack,
            CloudDriver(sandbox.control_url) as cloud,
            running_bot(sandbox, Path(place)) as bot,
            async_playwright() as playwright,
        ):
            await slack.put("limits", off=True)
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            gallery = Gallery(folder, sandbox, bot, slack, cloud, browser)
            taken = [
                await gallery.photograph(number, name, scene)
                for number, (name, scene) in enumerate(SCENES.items(), 1)
                if not wanted or name in wanted
            ]
            await browser.close()
    await sandbox.close()
    return taken.count(False)


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0] if arguments else FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return 1 if asyncio.run(play(folder, set(arguments[1:]))) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
