"""The policy's file is changed under a running bot, as people see it in Slack."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.config_file import ConfigFile
from bot.config_reading import parsed
from tests.crash.scene import until
from tests.walk.stage import Json, Stage, request_id
from tests.walk_policy.test_typed_number import sends

ALARM = "C0OPS"
DENY = '\n[[rules]]\nname = "not now"\neffect = "deny"\nprojects = ["demo"]\n'
THIRTY = """
[[rules]]
name = "thirty"
who = ["oncall"]
max_phones = 30
approvals = [{ count = 1, from = ["approvers"] }]
"""


@dataclass
class File:
    """The bot's own, written as with an editor."""

    stage: Stage

    @property
    def path(self) -> Path:
        return Path(self.stage.bot.config.path)

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        """Have it looked at, as with SIGHUP."""
        self.path.write_text(text, encoding="utf-8")
        self.stage.bot.reload()

    async def counts(self, text: str) -> str:
        """Write a file that is in order, and wait until it is in force; its version."""
        self.write(text)
        return await self.in_force()

    async def in_force(self) -> str:
        file = parsed(str(self.path), self.path.read_bytes(), ConfigFile)
        version = file.policy().version
        await until(lambda: self.stage.bot.world.policy().version == version)
        return version

    async def heard(self, text: str) -> str:
        found = await self.stage.slack.wait_for("message", channel=ALARM, text=text)
        return str(found["text"])

    async def alarms(self, text: str) -> int:
        """How often the operators' channel was told this."""
        return sum(text in one["text"] for one in await self.stage.bob.sees(ALARM))

    async def asked(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            session.get(f"{self.stage.bot.address}{path}") as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def file(stage: Stage) -> AsyncIterator[File]:
    """It is put back at the end."""
    found = File(stage)
    before = found.text
    yield found
    await found.counts(before)


async def refused(stage: Stage, ids: list[str]) -> str:
    await stage.says(f"/cph divert routing {' '.join(ids)}")
    return await stage.hears("The policy")


async def test_a_new_rule_counts_from_the_next_decision_on_and_is_told(
    stage: Stage, file: File
) -> None:
    before = stage.bot.world.policy().version
    version = await file.counts(file.text + DENY)
    told = await file.heard(f"`{version}` is in force")
    assert f"in place of `{before}`" in told
    assert "New rules: `not now`" in told
    heard = await refused(stage, await stage.phones(1))
    assert "The policy denies this, by its rule `not now`" in heard


async def test_without_a_signal_it_is_seen_by_looking(stage: Stage, file: File) -> None:
    text = file.text + DENY
    file.path.write_text(text, encoding="utf-8")
    assert stage.bot.world.policy().rule_named("not now") is None
    await file.in_force()
    assert stage.bot.world.policy().rule_named("not now") is not None


async def test_a_file_with_mistakes_leaves_the_policy_in_force_and_says_so(
    stage: Stage, file: File
) -> None:
    before, good = stage.bot.world.policy().version, file.text
    assert "warnings" not in (await file.asked("/readyz"))[1]
    file.write(good + DENY.replace('"demo"', '"nowhere at all"'))
    told = await file.heard("nowhere at all")
    assert "has 1 mistake" in told
    assert f"`{before}`, the policy of before, stays in force" in told
    assert f"{file.path}: rules.2.projects: " in told
    status, ready = await file.asked("/readyz")
    assert status == 200
    assert f"policy file: 1 mistake; policy {before} stays in force" in ready
    assert "\ncph_policy_file_bad 1\n" in (await file.asked("/metrics"))[1]
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card)
    await stage.ends(card)
    file.write(good)
    await file.heard("is in order again")
    assert "warnings" not in (await file.asked("/readyz"))[1]
    assert "\ncph_policy_file_bad 0\n" in (await file.asked("/metrics"))[1]


async def test_what_is_no_policy_is_said_to_need_a_restart(stage: Stage, file: File) -> None:
    before = stage.bot.world.policy().version
    file.write(file.text.replace('poll = "150ms"', 'poll = "151ms"'))
    told = await file.heard("Something other than the policy")
    assert "`times.poll`. It counts once I am started again" in told
    assert stage.bot.world.policy().version == before


async def test_approvals_under_the_old_policy_are_void(stage: Stage, file: File) -> None:
    await file.counts(file.text.replace("count = 1", "count = 2"))
    card = await stage.asks("routing", await stage.phones(1))
    await stage.approve(card)
    await stage.hears("One more is needed", stage.bob)
    before = await sends(stage)
    version = await file.counts(file.text + THIRTY)
    assert "1 waiting request had approvals" in await file.heard(f"`{version}` is in force")
    await stage.posted(card, "The policy has changed, so approvals are void")
    again = await planned_again(stage, card)
    await stage.approve(again, stage.carol)
    await stage.hears("One more is needed", stage.carol)
    assert await sends(stage) == before
    await stage.approve(again)
    await stage.ends(card)


async def planned_again(stage: Stage, card: Json) -> Json:
    """The card with its new plan."""
    old = footer(card)
    found: list[Json] = []

    async def is_new() -> bool:
        seen = await stage.card(request_id(card["text"]), "waiting for approval")
        found[:] = [seen]
        return footer(seen) != old

    await until(is_new)
    return found[0] | {"ts": card["ts"], "channel": stage.channel}


def footer(card: Json) -> str:
    return str(card["blocks"][-1])


async def test_whoami_tells_what_the_policy_of_now_lets_one_do(stage: Stage, file: File) -> None:
    said = await stage.says("/cph whoami", stage.dave)
    assert "I am asking Slack who you are" in said
    heard = await stage.hears("You are <@U0DAVE>, in the role `oncall`", stage.dave)
    assert "In `demo` you may ask for nothing" in heard
    assert "`at night`: 9 phones at most" in heard
    assert f"This is by policy `{stage.bot.world.policy().version}`" in heard
    await file.counts(file.text + THIRTY)
    await stage.says("/cph whoami", stage.dave)
    heard = await stage.hears("`thirty`: 30 phones at most", stage.dave)
    assert "1 approval of `approvers`" in heard


async def test_whoami_is_of_another_project_or_of_none(stage: Stage) -> None:
    await stage.says("/cph whoami project:token")
    heard = await stage.hears("*In `token` you may ask for this*")
    assert "`everything`: anything · 1 approval of `approvers`" in heard
    assert "There is no project nowhere2" in (
        await stage.says("/cph whoami project:nowhere2")
    ).replace("`", "")
    assert "has no place in this command" in await stage.says("/cph whoami demo")


async def test_a_refusal_names_the_closest_rule_and_who_could(stage: Stage, file: File) -> None:
    few = file.text.replace('name = "everything"', 'name = "few"\nmax_phones = 1')
    await file.counts(few + THIRTY)
    heard = await refused(stage, await stage.phones(2))
    assert "The policy lets you change at most 1 phone" in heard
    assert "The rule that comes closest is `few`" in heard
    assert "This may be asked for by <@U0DAVE>" in heard
