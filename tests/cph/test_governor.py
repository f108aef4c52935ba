"""Turns: in order, so many at once, given ahead, lapsing, and kept for the next process."""

import asyncio

import pytest

from bot.cph.errors import Stated
from bot.cph.governor import Budget, Governor, Kind
from bot.cph.kept import with_news
from bot.cph.settings import Limits
from bot.cph.window import Turn
from tests.cph.virtual import VirtualClock, run


def test_no_more_calls_run_at_once_than_allowed() -> None:
    async def work() -> int:
        budget = Budget(Limits(calls_per_second=1000, concurrency=3), VirtualClock())
        running = most = 0

        async def one() -> None:
            nonlocal running, most
            turn = await budget.take()
            budget.begin(turn)
            running += 1
            most = max(most, running)
            await asyncio.sleep(1)
            running -= 1
            budget.answered(turn)

        await asyncio.gather(*(one() for _ in range(20)))
        return most

    assert run(work()) == 3


def test_turns_go_in_the_order_they_were_asked_for() -> None:
    async def work() -> list[int]:
        budget = Budget(Limits(calls_per_second=10, concurrency=50), VirtualClock())
        order: list[int] = []

        async def one(number: int) -> None:
            turn = await budget.take()
            order.append(number)
            budget.drop(turn)

        await asyncio.gather(*(one(number) for number in range(20)))
        return order

    assert run(work()) == list(range(20))


def test_a_turn_that_does_not_come_in_time_costs_nothing() -> None:
    async def work() -> tuple[bool, float, bool]:
        governor = Governor(Limits(calls_per_second=1, concurrency=1), VirtualClock())
        loop = asyncio.get_running_loop()
        turn = await governor[Kind.SEND].take()
        began = loop.time()
        in_time = await governor.sends.give(0.5)
        waited = loop.time() - began
        governor[Kind.SEND].drop(turn)
        return in_time, waited, await governor.sends.give(5)

    in_time, waited, later = run(work())
    assert (in_time, later) == (False, True)
    assert waited == pytest.approx(0.5)


def test_a_turn_that_is_there_is_given_without_waiting() -> None:
    async def work() -> bool:
        governor = Governor(Limits(calls_per_second=1), VirtualClock())
        given = await governor.sends.give(0)
        governor.sends.drop_all()
        return given

    assert run(work())


def test_a_permission_is_used_by_the_next_call_and_spaced_from_the_one_after() -> None:
    async def work() -> tuple[float, float]:
        governor = Governor(Limits(calls_per_second=1), VirtualClock())
        loop = asyncio.get_running_loop()
        await governor.sends.give(10)
        began = loop.time()
        governor[Kind.SEND].drop(await governor.sends.use())
        first = loop.time() - began
        governor[Kind.SEND].drop(await governor.sends.use())
        return first, loop.time() - began

    first, second = run(work())
    assert first == 0
    assert second == pytest.approx(1, rel=0.3)


def test_a_permission_nobody_uses_lapses() -> None:
    async def work() -> bool:
        governor = Governor(
            Limits(calls_per_second=100, concurrency=1, deadline=30), VirtualClock()
        )
        assert await governor.sends.give(1)
        assert not await governor.sends.give(20)  # the one place is taken
        return await governor.sends.give(20)

    assert run(work())


def test_each_kind_of_call_has_its_own_budget() -> None:
    async def work() -> tuple[float, float]:
        governor = Governor(Limits(calls_per_second=10), VirtualClock())
        jobs = governor[Kind.JOBS]
        turn = await jobs.take()
        jobs.begin(turn)
        wait = jobs.refused(turn, Stated(10, 60.0), None)
        loop = asyncio.get_running_loop()
        began = loop.time()
        governor[Kind.SEND].drop(await governor[Kind.SEND].take())
        return wait, loop.time() - began

    wait, sending = run(work())
    assert wait > 5
    assert sending == 0


def test_what_was_learned_goes_from_one_governor_to_the_next() -> None:
    async def work() -> None:
        governor = Governor(Limits(), VirtualClock(), "first")
        turn = await governor[Kind.SEND].take()
        governor[Kind.SEND].begin(turn)
        governor[Kind.SEND].refused(turn, Stated(10, 60.0), None)
        heir = Governor(Limits(), VirtualClock(), "heir")
        rubbish = {"jobs": "nonsense", "unheard_of": {"rate": 3}}
        heir.restore(with_news(governor.news(), rubbish, 0.0), 0.0)
        assert heir[Kind.SEND].limit == Stated(10, 60.0)
        assert heir[Kind.JOBS].limit is None
        assert heir.news() == governor.news() == {}

    run(work())


def break_off(budget: Budget, turn: Turn, *, begins: bool) -> None:
    with budget.using(turn):
        if begins:
            budget.begin(turn)
        raise OSError("broken")


def test_a_call_that_breaks_off_gives_its_place_back() -> None:
    async def work() -> None:
        budget = Budget(Limits(calls_per_second=100, concurrency=1), VirtualClock())
        for begins in (False, True, False, True):
            turn = await budget.take()
            with pytest.raises(OSError, match="broken"):
                break_off(budget, turn, begins=begins)
        turn = await budget.take()
        with budget.using(turn):
            budget.begin(turn)
            budget.answered(turn)
        budget.drop(await budget.take())

    run(work())


def test_a_turn_that_comes_too_late_by_a_refusal_is_waited_for_again() -> None:
    """The limit may be learned while the next call already waits."""

    async def work() -> float:
        budget = Budget(Limits(calls_per_second=10), VirtualClock())
        turn = await budget.take()
        budget.begin(turn)
        loop = asyncio.get_running_loop()
        began = loop.time()
        waiting = asyncio.create_task(budget.take())
        await asyncio.sleep(0.05)
        budget.refused(turn, None, 9.0)
        budget.drop(await waiting)
        return loop.time() - began

    assert run(work()) == pytest.approx(9.05)
