"""What must hold at the end of a run, whatever happened to the bot in the middle."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from sandbox.cloud.record import RecordedCall
from tests.crash.home import CONCURRENCY
from tests.crash.scene import Scene
from tests.walk.stage import Json

STATES = ("waiting for approval", "approved, about to start", "running", "done")
STARTED, JOBS, OUTCOME = "Approved. Sending", "Everything is sent", "*Proven:*"


async def assert_every_phone_is_accounted_for(scene: Scene, card: Json, ids: list[str]) -> None:
    """One row a phone, an end in each, and the end the cloud bears out."""
    rows = await scene.table(card, "outcome")
    assert Counter(row["phone_id"] for row in rows) == Counter(ids)
    assert Counter(row["state"] for row in rows) == {"succeeded": len(ids)}
    assert set((await scene.cloud.routes(ids)).values()) == {"routing"}


async def assert_the_thread_tells_it_in_order(scene: Scene, card: Json) -> None:
    told = [post["text"] for post in await scene.thread(card)]
    begins = [next((n for n, text in enumerate(told) if what in text), -1) for what in TOLD]
    assert -1 not in begins, told
    assert begins == sorted(begins), told


TOLD = (STARTED, JOBS, OUTCOME)


async def assert_the_card_only_went_forward(scene: Scene, card: Json) -> None:
    shown = await scene.shown(card)
    versions = [int(one["blocks"][0]["block_id"].split(":")[1]) for one in shown]
    states = [_state(one["text"]) for one in shown]
    assert all(earlier <= later for earlier, later in pairwise(versions)), versions
    assert states == sorted(states), states
    assert states[-1] == len(STATES) - 1


def _state(text: str) -> int:
    title = text.splitlines()[0]
    return next(place for place, state in enumerate(STATES) if title.endswith(f", {state}"))


def repeated(calls: Sequence[RecordedCall]) -> set[str]:
    """The phones that were sent more than once."""
    sent = Counter(phone for call in calls for phone in call.phone_ids)
    return {phone for phone, times in sent.items() if times > 1}


def assert_only_what_was_in_flight_is_sent_again(
    calls: Sequence[RecordedCall], ids: Collection[str], deaths: int
) -> None:
    """Each death has at most `CONCURRENCY` calls in flight, and nothing else goes out twice."""
    sent = {phone for call in calls for phone in call.phone_ids}
    assert sent == set(ids)
    first_calls = {frozenset(call.phone_ids) for call in calls[: len(ids) // 100]}
    again = repeated(calls)
    in_flight = {batch for batch in first_calls if batch & again}
    assert len(in_flight) <= CONCURRENCY * deaths
    assert len(again) <= 100 * CONCURRENCY * deaths
