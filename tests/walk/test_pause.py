"""The emergency stop and the freezes, as operators and everybody else meet them in Slack."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config_file import ConfigFile
from bot.divert.outcome import PhoneState
from sandbox.cloud.kinds import Kind
from sandbox.slack.driver import Human
from tests.crash.scene import until
from tests.walk.stage import ACK_SECONDS, Json, Stage, request_id

SEND = Kind.IMPORT_TRAFFIC
BATCHES = 24
SLOW = 1.5  # seconds; a call of so many lets a person act between two
OPERATIONS = "C0OPS"  # where the operators are told


@pytest.fixture(autouse=True)
async def _goes_on(stage: Stage) -> AsyncIterator[None]:
    """Whatever came of a test, the next one finds nothing paused or frozen."""
    before = policy_file(stage)
    yield
    await says_policy(stage, before)
    if not await nothing_stands(stage):
        await stage.says("/cph resume", stage.dave)
        await until(lambda: nothing_stands(stage))


async def nothing_stands(stage: Stage) -> bool:
    pauses = await stage.bot.world.ledger.read(lambda tx: tx.pauses())
    return not pauses and not stage.bot.world.policy().freezes


def policy_file(stage: Stage) -> str:
    return Path(stage.bot.config.path).read_text(encoding="utf-8")


async def says_policy(stage: Stage, text: str) -> None:
    """Write the file anew, and let the bot take it up."""
    known = ConfigFile.model_validate(tomllib.loads(text)).policy().version
    _write(stage, text)
    stage.bot.reload()
    await until(lambda: stage.bot.world.policy().version == known)


def _write(stage: Stage, text: str) -> None:
    Path(stage.bot.config.path).write_text(text, encoding="utf-8")


async def orders(stage: Stage, text: str, answer: str, person: Human | None = None) -> str:
    """Give an order as an operator; the answer that holds this text."""
    person = person or stage.dave
    assert "whether you may do this" in await stage.says(f"/cph {text}", person)
    return await stage.hears(answer, person)


async def freezes(stage: Stage, name: str, seconds: float) -> None:
    """From now on, by the policy's file."""
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    more = f'[[freezes]]\nname = "{name}"\nprojects = ["demo"]\nuntil = "{end:%FT%T}"\n'
    await says_policy(stage, f"{policy_file(stage)}\n{more}")


async def shown(stage: Stage, card: Json, text: str) -> Json:
    """The card, once it holds this text."""
    return await stage.slack.wait_for(
        "message", channel=stage.channel, ts=card["ts"], text=text
    ) | {"channel": stage.channel}


async def sends(stage: Stage) -> int:
    return len(await stage.cloud.calls(SEND))


async def answered(stage: Stage, card: Json) -> bool:
    """Whether no call is under way any more."""
    request = request_id(card["text"])
    counts = await stage.bot.world.ledger.read(lambda tx: tx.counts(request))
    return not counts[PhoneState.SENT]


async def long_run(stage: Stage) -> Json:
    """The card of a run of many slow calls that has just begun."""
    homes = [await stage.server() for _ in range(BATCHES)]
    await stage.cloud.override(SEND, calls=BATCHES, answer_delay_seconds=SLOW)
    card = await stage.selects("routing", f"server:{','.join(one.name for one in homes)}")
    await stage.approve(card)
    await stage.posted(card, "Approved. Sending")
    return card


async def test_a_pause_stops_a_run_between_calls_and_resume_lets_it_go_on(stage: Stage) -> None:
    before = await sends(stage)
    card = await long_run(stage)
    told = await orders(stage, 'pause reason:"phones burn"', "phones burn")
    assert told.startswith("*All projects are paused* by <@U0DAVE> since ")
    assert "1 request stops between two calls" in told
    await stage.slack.wait_for("message", channel=OPERATIONS, text="phones burn")
    await stage.slack.wait_for("message", channel=stage.channel, text="phones burn")
    halted = await shown(stage, card, "*All projects are paused* by <@U0DAVE>")
    assert "“phones burn”. `/cph resume` lets it go on." in halted["text"]
    assert "halted" in halted["text"]
    post = await stage.posted(card, "*Halted:* all projects are paused since ")
    assert "<@" not in post["text"]
    await until(lambda: answered(stage, card))
    sent = await sends(stage)
    assert sent - before < BATCHES
    await shown(stage, card, f"{100 * (sent - before):,} proven")
    await stage.bob.click("resume", message=halted)
    assert "Until then nothing goes on." in await stage.hears("nothing goes on", stage.bob)
    assert await sends(stage) == sent
    answer = await orders(stage, "resume", "has ended the pause")
    assert "1 halted request goes on" in answer
    await stage.posted(card, "*The pause is over:* going on where it was halted.")
    ended = await stage.ends(card)
    assert f"all {100 * BATCHES:,} phones have the route" in ended["text"]
    assert await sends(stage) - before == BATCHES


async def test_a_freeze_stops_a_run_and_it_goes_on_by_itself(stage: Stage) -> None:
    before = await sends(stage)
    card = await long_run(stage)
    await freezes(stage, "year end", 40)  # it takes a busy machine a while to show it
    halted = await shown(stage, card, "*Freeze “year end”:* nothing is sent in project `demo`")
    assert "halted" in halted["text"]
    await stage.posted(card, "*Halted by the freeze “year end”* until ")
    await until(lambda: answered(stage, card))
    assert await sends(stage) - before < BATCHES
    other = await stage.asks("routing", await stage.phones(1))
    assert "*Freeze “year end”:*" in other["text"]
    await stage.approve(other)
    assert "no approval counts" in await stage.hears("year end", stage.bob)
    await stage.posted(card, "*The freeze is over:* going on where it was halted.")
    await stage.ends(card)
    assert await sends(stage) - before == BATCHES
    await stage.approve(other)
    await stage.ends(other)


async def test_a_freeze_that_the_file_drops_ends_at_once(stage: Stage) -> None:
    before, ids = policy_file(stage), await stage.phones(3)
    await stage.cloud.edit_phones(ids[:1], refuse_code="CPS.0042")  # so that something is left
    card = await stage.asks("routing", ids)
    await stage.approve(card)
    await shown(stage, card, "1 to be sent")
    await freezes(stage, "for long", 3600)
    await stage.posted(card, "*Halted by the freeze “for long”* until ")
    told = await stage.says("/cph status")
    assert told.startswith("*Freeze “for long”:* nothing is sent in project `demo` until ")
    await stage.cloud.edit_phones(ids[:1], refuse_code=None)
    await says_policy(stage, before)
    await stage.posted(card, "*The freeze is over:*")
    assert "all 3 phones have the route" in (await stage.ends(card))["text"]


async def test_nothing_is_approved_while_paused_and_the_card_says_so(stage: Stage) -> None:
    card = await stage.asks("routing", await stage.phones(1))
    assert "paused" not in card["text"]
    await orders(stage, "pause demo", "*Project `demo` is paused*")
    paused = await shown(stage, card, "*Project `demo` is paused* by <@U0DAVE>")
    assert "`/cph resume demo` lets it go on." in paused["text"]
    await stage.approve(card)
    assert "the button stays where it is" in await stage.hears("no approval counts", stage.bob)
    assert "approve" in await stage.buttons(card)
    later = await stage.asks("direct", await stage.phones(1, "routing"))
    assert "*Project `demo` is paused*" in later["text"]
    await orders(stage, "resume project:demo", "has ended the pause of project `demo`")
    await stage.approve(card)
    ended = await stage.ends(card)
    assert "paused" not in ended["text"]


async def test_what_needs_no_approval_is_refused_while_paused(stage: Stage) -> None:
    ids = await stage.phones(1)
    before = await sends(stage)
    await orders(stage, "pause quick reason:mending", "*Project `quick` is paused*")
    await stage.says(f"/cph divert routing {ids[0]} project:quick")
    assert "“mending”" in await stage.hears("so nothing was asked for")
    assert await sends(stage) == before


async def test_status_says_first_what_is_paused(stage: Stage) -> None:
    await stage.asks("routing", await stage.phones(1))
    await orders(stage, "pause small", "*Project `small` is paused*")
    first, second, *_ = (await stage.says("/cph status")).splitlines()
    assert first.startswith("*Project `small` is paused* by <@U0DAVE> since ")
    assert second.startswith("• D-")
    answer = await orders(stage, "pause small", "nothing was changed")
    assert answer.startswith("*Project `small` is paused* by <@U0DAVE>")


async def test_others_are_told_who_may(stage: Stage) -> None:
    answer = await orders(stage, "pause", "Only operators may", stage.bob)
    assert "<@U0CAROL>, <@U0DAVE>" in answer


async def test_a_project_that_is_none_stops_nothing_and_says_so(stage: Stage) -> None:
    said = await stage.says("/cph pause dmo reason:fire", stage.dave)
    assert "There is no project `dmo` here, so nothing was changed." in said
    meant = await stage.answered("Did you mean `/cph pause demo", stage.dave)
    assert (await stage.dave.click("run", message=meant))["acked"]
    await stage.hears("*Project `demo` is paused*", stage.dave)
    assert "Known" in await stage.says("/cph resume nowhere-near", stage.dave)


async def test_of_two_operators_at_once_one_pauses_and_the_other_hears_who_did(
    stage: Stage,
) -> None:
    await asyncio.gather(
        stage.says("/cph pause reason:me", stage.dave),
        stage.says("/cph pause reason:me", stage.carol),
    )
    found = await stage.slack.wait_for("message", channel=stage.channel, text="“me”")
    by = "U0DAVE" if "by <@U0DAVE>" in found["text"] else "U0CAROL"
    late = stage.carol if by == "U0DAVE" else stage.dave
    answer = await stage.hears("It stays so; nothing was changed.", late)
    assert answer.startswith(f"*All projects are paused* by <@{by}>")


async def test_an_order_delivered_twice_is_one(stage: Stage) -> None:
    await stage.slack.fault("duplicate", delivery="slash_commands", times=1)
    await orders(stage, "pause demo reason:once", "“once”")
    card = await stage.asks("routing", await stage.phones(1))
    await shown(stage, card, "“once”")
    seen = [one["text"] for one in await stage.dave.sees(stage.channel)]
    assert not any("nothing was changed" in one for one in seen)


async def test_a_slow_look_up_keeps_nobody_waiting_for_the_acknowledgement(stage: Stage) -> None:
    late = ACK_SECONDS + 1
    await stage.slack.fault("latency", method="users.info", seconds_late=late, times=1)
    answer = await stage.dave.command(stage.channel, "/cph pause token")
    assert answer["acked"]
    await stage.slack.clear_faults()
    await stage.hears("*Project `token` is paused*", stage.dave)


async def test_a_look_up_that_fails_is_made_again(stage: Stage) -> None:
    await stage.slack.fault("status", method="usergroups.users.list", times=2)
    await orders(stage, "pause token", "*Project `token` is paused*")
