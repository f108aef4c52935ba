"""What this process sees of its own trouble, on clocks that the tests set."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.divert.failures import Away, LedgerAway, Trouble, Undeliverable
from bot.divert.sentence import Sentence
from bot.divert.wording import words_in
from bot.machine import JUMP, SPARE, STEADY, ClockLook, handles_look
from bot.slack.mrkdwn import mrkdwn
from bot.watch import EVERY, Found, Look, Watch, database_look

FULL = Found(Trouble.DISK)


@dataclass
class Machine:
    """Its clocks, what is wrong with it, and the channel its operators read."""

    wrong: Found | None = None
    now: float = 1000.0
    set_by: float = 0.0  # what somebody set the wall clock by
    said: list[str] = field(default_factory=list)
    slack: Exception | None = None

    def wall(self) -> float:
        return 1.8e9 + self.now + self.set_by

    def ticks(self) -> float:
        return self.now

    async def look(self) -> Found | None:
        return self.wrong

    async def say(self, told: Sentence) -> None:
        if self.slack is not None:
            raise self.slack
        self.said.append(mrkdwn(told))

    def watch(self, look: Look | None = None) -> Watch:
        looks = {"part": look or self.look, "other": nothing}
        return Watch(looks, self.say, words_in("en"), "host-7", self.ticks)

    async def goes_on(self, watch: Watch, looks: int) -> None:
        for _ in range(looks):
            self.now += EVERY
            await watch.look()
            await watch.tell()


async def nothing() -> Found | None:
    return None


async def test_trouble_is_said_once_and_its_end_once_with_how_long_it_took() -> None:
    machine = Machine()
    watch = machine.watch()
    await machine.goes_on(watch, 5)
    assert (machine.said, await watch.is_well("part")()) == ([], True)
    machine.wrong = FULL
    await machine.goes_on(watch, 15)
    (begun,) = machine.said
    assert "trouble on `host-7`*: the disk is full or cannot be written. Free some space" in begun
    assert not await watch.is_well("part")()
    assert await watch.is_well("other")()
    machine.wrong = None
    await machine.goes_on(watch, 5)
    assert len(machine.said) == 2
    assert machine.said[1].startswith("*Over on `host-7`*, after 32 seconds")
    assert await watch.is_well("part")()


async def test_what_goes_wrong_once_is_no_trouble_and_one_good_look_is_no_end() -> None:
    machine = Machine()
    watch = machine.watch()
    for wrong in (FULL, None, FULL, None):
        machine.wrong = wrong
        await machine.goes_on(watch, 1)
    assert machine.said == []
    for wrong in (FULL, FULL, None, FULL, None, FULL):
        machine.wrong = wrong
        await machine.goes_on(watch, 1)
    assert len(machine.said) == 1
    assert not await watch.is_well("part")()


async def test_one_trouble_that_turns_into_another_is_said_once() -> None:
    machine = Machine(wrong=FULL)
    watch = machine.watch()
    await machine.goes_on(watch, 3)
    machine.wrong = Found(Trouble.LOCKED)
    await machine.goes_on(watch, 3)
    assert len(machine.said) == 1


async def test_trouble_waits_to_be_said_until_slack_can_be_reached() -> None:
    machine = Machine(wrong=FULL, slack=Away("down"))
    watch = machine.watch()
    await machine.goes_on(watch, 5)
    machine.slack = None
    await machine.goes_on(watch, 5)
    assert len(machine.said) == 1


async def test_trouble_that_is_over_before_slack_is_back_is_told_by_its_end() -> None:
    machine = Machine(wrong=FULL, slack=Away("down"))
    watch = machine.watch()
    await machine.goes_on(watch, 5)
    machine.wrong = None
    await machine.goes_on(watch, 5)
    machine.slack = None
    await machine.goes_on(watch, 5)
    (said,) = machine.said
    assert said.startswith("*Over on")


async def test_a_channel_that_takes_no_message_holds_nothing_up() -> None:
    machine = Machine(wrong=FULL, slack=Undeliverable("not_in_channel"))
    watch = machine.watch()
    await machine.goes_on(watch, 5)
    machine.slack, machine.wrong = None, None
    await machine.goes_on(watch, 5)
    assert len(machine.said) == 1


@pytest.mark.parametrize(
    ("by", "told"),
    [(7200.0, "jumped ahead by 2 hours"), (-7200.0, "jumped back by 2 hours")],
)
async def test_a_clock_that_jumps_is_told_and_over_once_it_runs_evenly(
    by: float, told: str
) -> None:
    machine = Machine()
    watch = machine.watch(ClockLook(machine.wall, machine.ticks))
    await machine.goes_on(watch, 5)
    assert machine.said == []
    machine.set_by = by
    await machine.goes_on(watch, 2)
    assert not await watch.is_well("part")()
    assert told in machine.said[0]
    await machine.goes_on(watch, int(STEADY / EVERY) + 2)
    assert await watch.is_well("part")()
    assert len(machine.said) == 2


async def test_a_clock_that_a_time_service_slews_does_not_jump() -> None:
    machine = Machine()
    look = ClockLook(machine.wall, machine.ticks)
    for _ in range(20):
        machine.now, machine.set_by = machine.now + EVERY, machine.set_by + JUMP - 1
        assert await look() is None


async def test_the_database_is_well_while_a_write_works() -> None:
    async def away() -> None:
        raise LedgerAway(Trouble.AWAY)

    assert await database_look(nothing)() is None
    assert await database_look(away)() == Found(Trouble.AWAY)


@contextmanager
def handles(left: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = sum(1 for _ in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened + left, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_file_handles_are_short_before_there_is_none() -> None:
    assert await handles_look() is None
    with handles(SPARE + 2):
        assert await handles_look() is None
    for left in (SPARE - 2, -5):
        with handles(left):
            found = await handles_look()
        assert found == Found(Trouble.HANDLES)
