"""What must hold at the end of a run, whatever happened to the bot in the middle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.divert.plan import BATCH_LIMIT
from bot.divert.request import State
from sandbox.cloud.record import RecordedCall
from tests.crash.home import CONCURRENCY
from tests.crash.scene import Scene
from tests.crash.story import Story
from tests.crash.truth import Asked
from tests.walk.stage import Json

STATES = (
    (", waiting for approval",),
    (", approved, about to start",),
    (", running",),
    (", done", ", withdrawn"),
)
STARTED, OUTCOME = ("Approved. Sending",), ("*Proven:*",)
JOBS = ("Everything is sent", "Jobs are under way")  # many as a file, few as text


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
    """Job ids are told where there are any: of a call that was cut off none is known."""
    told = [post["text"] for post in await scene.thread(card)]
    has_jobs = any(row["job_id"] for row in await scene.table(card, "outcome"))
    expected = (STARTED, JOBS, OUTCOME) if has_jobs else (STARTED, OUTCOME)
    begins = [
        next((n for n, text in enumerate(told) if any(words in text for words in what)), -1)
        for what in expected
    ]
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
    places = (place for place, states in enumerate(STATES) if title.endswith(states))
    return next(places)


def repeated(calls: Sequence[RecordedCall]) -> set[str]:
    """The phones that were sent more than once."""
    sent = Counter(phone for call in calls for phone in call.phone_ids)
    return {phone for phone, times in sent.items() if times > 1}


def calls_repeated(calls: Sequence[RecordedCall]) -> int:
    """Calls with a phone that an earlier one had sent already."""
    seen: set[str] = set()
    again = 0
    for call in calls:
        again += not seen.isdisjoint(call.phone_ids)
        seen.update(call.phone_ids)
    return again


def assert_only_what_was_in_flight_is_sent_again(
    calls: Sequence[RecordedCall], planned: Sequence[str], deaths: int
) -> None:
    """Each death has at most `CONCURRENCY` batches in flight, and nothing else goes out twice."""
    assert {phone for call in calls for phone in call.phone_ids} == set(planned)
    again = repeated(calls)
    batches = {place // BATCH_LIMIT for place, phone in enumerate(planned) if phone in again}
    assert len(batches) <= CONCURRENCY * deaths


async def assert_the_story_holds(story: Story, deaths: int) -> None:
    """All that is promised, whatever the bot died of on the way, and how often."""
    scene, truth, big, small = story.scene, story.truth, story.big, story.small
    assert [one.id for one in await truth.asked()] == [big.id, small.id]
    assert await truth.moves(big.id) == ["pending", "approved", "sending", "done"]
    assert await truth.decisions(big.id) in ([("U0BOB", "approve")], [("U0CAROL", "approve")])
    assert await truth.audit_is_whole()
    card = {"ts": big.card_ts, "channel": scene.channel}
    await assert_every_phone_is_accounted_for(scene, card, story.ends)
    await assert_the_thread_tells_it_in_order(scene, card)
    await assert_nothing_is_untold(story, big, deaths)
    sent = [call for call in scene.sends() if not set(call.phone_ids) & set(story.few)]
    assert_only_what_was_in_flight_is_sent_again(sent, story.planned, deaths)
    await assert_one_of_two_won(story)
    await assert_nothing_is_untold(story, small, deaths)


async def assert_one_of_two_won(story: Story) -> None:
    """Withdrawn, and nothing was sent; or approved, and all of it was."""
    sent = {phone for call in story.scene.sends() for phone in call.phone_ids} & set(story.few)
    routes = set((await story.scene.cloud.routes(story.few)).values())
    moves = await story.truth.moves(story.small.id)
    decisions = await story.truth.decisions(story.small.id)
    if story.small.state is State.WITHDRAWN:
        assert (sent, routes, decisions) == (set(), {"direct"}, [])
        assert moves == ["pending", "withdrawn"]
    else:
        assert (sent, routes) == (set(story.few), {"routing"})
        assert decisions == [("U0BOB", "approve")]
        assert moves == ["pending", "approved", "sending", "done"]


async def assert_nothing_is_untold(story: Story, asked: Asked, deaths: int) -> None:
    """Each post is in the thread, and at worst one was made twice for each death."""
    card = {"ts": asked.card_ts, "channel": story.scene.channel}
    posts, told = await story.truth.posts(asked.id), await story.scene.thread(card)
    assert posts <= len(told) <= posts + deaths
    await assert_the_card_only_went_forward(story.scene, card)
