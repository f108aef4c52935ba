"""What must hold at the end of a run, whatever happened to the bot in the middle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.divert.plan import BATCH_LIMIT
from sandbox.cloud.record import RecordedCall
from tests.crash.home import CONCURRENCY
from tests.crash.scene import Scene
from tests.walk.stage import Json

STATES = ("waiting for approval", "approved, about to start", "running", "done")
STARTED, JOBS, OUTCOME = "Approved. Sending", "Everything is sent", "*Proven:*"


async def assert_every_phone_is_accounted_for(
    scene: Scene, card: Json, ends: Mapping[str, str]
) -> None:
    """One row a phone, in each the end that it must have, and the cloud bears it out."""
    rows = await scene.table(card, "outcome")
    assert len(rows) == len(ends)
    assert {row["phone_id"]: row["state"] for row in rows} == ends
    routes = await scene.cloud.routes(list(ends))
    assert set(routes) == {phone for phone, end in ends.items() if end != "unknown"}
    there = {phone for phone, end in ends.items() if end in ("succeeded", "unchanged")}
    assert {phone for phone, route in routes.items() if route == "routing"} == there


async def assert_the_thread_tells_it_in_order(scene: Scene, card: Json) -> None:
    told = [post["text"] for post in await scene.thread(card)]
    expected = (STARTED, JOBS, OUTCOME)
    begins = [next((n for n, text in enumerate(told) if what in text), -1) for what in expected]
    assert -1 not in begins, told
    assert begins == sorted(begins), told


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
    calls: Sequence[RecordedCall], planned: Sequence[str], deaths: int
) -> None:
    """Each death has at most `CONCURRENCY` batches in flight, and nothing else goes out twice."""
    assert {phone for call in calls for phone in call.phone_ids} == set(planned)
    again = repeated(calls)
    batches = {place // BATCH_LIMIT for place, phone in enumerate(planned) if phone in again}
    assert len(batches) <= CONCURRENCY * deaths
