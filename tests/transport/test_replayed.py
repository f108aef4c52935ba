"""A request of Slack that somebody recorded and sends again, byte for byte, does nothing twice."""

from collections.abc import Awaitable, Callable

import pytest

from tests.crash.home import Home
from tests.crash.scene import Scene, until
from tests.walk.stage import Json

TABLES = ("requests", "phones", "batches", "decisions", "repeats", "posts", "workflow_status")
Act = Callable[[Scene], Awaitable[None]]


def kept(home: Home) -> dict[str, int]:
    """How much of everything there is: wishes, decisions, words to people, and work begun."""
    return {table: home.ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}  # noqa: S608


async def settled(home: Home) -> dict[str, int]:
    """The same, once nothing is under way any more."""
    open_work = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
    waiting = "SELECT count(*) FROM posts WHERE ts IS NULL"
    await until(lambda: home.ask(open_work) == home.ask(waiting) == [(0,)])
    return kept(home)


async def asks_by_command(scene: Scene) -> None:
    await scene.says(f"/cph divert routing {(await scene.phones(1))[0]}")


async def asks_twice(scene: Scene) -> None:
    """The second time it is asked back."""
    wish = f"/cph divert routing {(await scene.phones(1))[0]}"
    await scene.says(wish)
    assert "You asked for this" in await scene.says(wish)


async def wants_it_anyway(scene: Scene) -> None:
    await asks_twice(scene)
    answer = await scene.answered("You asked for this")
    assert (await scene.alice.click("ask_anyway", message=answer))["acked"]


async def asks_by_form(scene: Scene) -> None:
    await scene.says("/cph divert")
    ids = (await scene.phones(1))[0]
    answer = await scene.alice.submit({"route": {"value": "routing"}, "ids": {"value": ids}})
    assert answer["acked"], answer


async def looks(scene: Scene) -> None:
    await scene.says(f"/cph plan routing {(await scene.phones(1))[0]}")


async def looks_at_one(scene: Scene) -> None:
    await scene.says("/cph status")


async def misspells(scene: Scene) -> None:
    await scene.says("/cph diverrt routing")


async def runs_what_was_meant(scene: Scene) -> None:
    ids = (await scene.phones(1))[0]
    await scene.says(f"/cph divertt routing {ids}")
    await scene.presses_run(await scene.answered("Did you mean"))


async def approves(scene: Scene) -> None:
    await scene.approve(await waiting(scene))


async def withdraws(scene: Scene) -> None:
    await pressed(scene, "withdraw")


async def denies(scene: Scene) -> None:
    await scene.bob.click("deny", message=await waiting(scene))
    answer = await scene.bob.submit({"reason": {"value": "not today"}})
    assert answer["acked"], answer


async def denies_without_a_reason(scene: Scene) -> None:
    await scene.bob.click("deny", message=await waiting(scene))
    await scene.bob.submit({"reason": {"value": " "}})
    await scene.bob.close(clear=True)


async def pressed(scene: Scene, action: str) -> None:
    answer = await scene.alice.click(action, message=await waiting(scene))
    assert answer["acked"], answer


async def waiting(scene: Scene) -> Json:
    return await scene.asks("routing", await scene.phones(1))


@pytest.mark.parametrize(
    "act",
    [
        asks_by_command, asks_twice, wants_it_anyway, asks_by_form, looks, looks_at_one, misspells,
        runs_what_was_meant, approves, withdraws, denies, denies_without_a_reason,
    ],
)  # fmt: skip
async def test_what_is_sent_again_within_five_minutes_leaves_all_as_it_was(
    scene: Scene, home: Home, act: Act
) -> None:
    await act(scene)
    before = await settled(home)
    sends = len(scene.sends())
    for _ in range(3):
        assert await scene.slack.fault("replay") == 200
    assert await settled(home) == before
    assert len(scene.sends()) == sends
