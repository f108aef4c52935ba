"""Whether what the bot says of a request is so: held against the cloud and against the channel."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bench.ledger_view import Standing, Told
from bot.divert.outcome import LEFT_OUT, UNDER_WAY, PhoneState
from bot.divert.request import State
from sandbox.cloud.cloud import Cloud
from sandbox.cloud.tally import fullest
from sandbox.slack.rooms import Message, Room
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
THERE = (PhoneState.SUCCEEDED, PhoneState.UNCHANGED)
_CARD = re.compile(r"(D-\w+):(\d+)")  # the name of a card's first block: request and version
# The order in which a card shows a request's states, by how its title ends.
FORWARD = (
    "waiting for approval", "approved, about to start", "running", "halted", "being cancelled",
    "done", "refused", "denied", "expired", "withdrawn", "cancelled",
)  # fmt: skip


def wrong_phones(
    cloud: Cloud, route: str, ids: Sequence[str], rows: Sequence[Any], *, sent: bool = True
) -> list[str]:
    """What is not so in a closed request's account of its phones; empty where all is.

    Those of a request that was denied or withdrawn, so not `sent`, stay as they were planned.
    """
    wrong = []
    if sorted(row.phone_id for row in rows) != sorted(set(ids)):
        wrong.append(f"{len(rows)} phones are accounted for and not {len(set(ids))}")
    states = set(PhoneState) - UNDER_WAY - {PhoneState.UNCLEAR}
    if not sent:
        states = {PhoneState.PLANNED, *LEFT_OUT}
    wrong += [f"{row.phone_id} ended {row.state}" for row in rows if row.state not in states]
    return wrong + [told for row in rows for told in _wrong_phone(cloud, route, row)]


def _wrong_phone(cloud: Cloud, route: str, row: Any) -> Iterator[str]:  # noqa: ANN401 - a row of SQLAlchemy's
    """The cloud's faults here refuse phones and fail jobs, and never leave a doubt in the end."""
    phone, now = cloud.main.fleet.phones[row.phone_id], cloud.now()
    state, is_there = PhoneState(row.state), phone.route(now) == route
    if (state in THERE) != is_there:
        yield f"{row.phone_id} is told {state}, and is on {phone.route(now)}"
    job = cloud.main.jobs.by_id.get(row.job_id)
    if state is PhoneState.FAILED and (job is None or job.error_code != row.code):
        yield f"{row.phone_id} is told failed by {row.code}, and its job says otherwise"
    if state is PhoneState.REJECTED and row.code != cloud.switches.refuse_code:
        yield f"{row.phone_id} is told rejected by {row.code}"


@dataclass
class Shown:
    """What became of cards and posts at Slack, kept from its calls while they come."""

    workspace: Workspace
    edits: dict[str, list[Json]] = field(default_factory=dict)  # by request: channel, ts, version
    times: dict[str, list[float]] = field(default_factory=dict)  # of posts, by channel
    calls: int = 0
    unsure: int = 0  # calls that were carried out and whose answer was lost
    _seen: int = 0

    def look(self) -> int:
        """Take in the calls since the last look; how many there were."""
        fresh = []
        for call in reversed(self.workspace.calls.calls):
            if call.seq <= self._seen:
                break
            fresh.append(call)
        for call in reversed(fresh):
            if not call.finished:
                break
            self._seen = call.seq
            self.calls += 1
            self._take(call.method, call.args, call.at, ok=call.ok)
        return len(fresh)

    def _take(self, method: str, args: Json, at: float, *, ok: bool) -> None:
        if method == "chat.postMessage" and ok:
            self.times.setdefault(str(args.get("channel")), []).append(at)
        if method in ("chat.postMessage", "chat.update") and ok and (card := card_of(args)):
            place = {"channel": args["channel"], "ts": args.get("ts"), "text": args["text"]}
            self.edits.setdefault(card[0], []).append(place | {"version": card[1]})

    def fullest(self, seconds: float = 5.0) -> int:
        """The most posts that one channel got in any stretch of so many seconds."""
        return max((fullest(sorted(times), seconds) for times in self.times.values()), default=0)


def card_of(message: Json) -> tuple[str, int] | None:
    """Request and version, where the message is a card."""
    blocks = message.get("blocks") or []
    found = _CARD.match(str(blocks[0].get("block_id"))) if blocks else None
    return (found[1], int(found[2])) if found else None


def wrong_card(shown: Shown, request: Standing) -> Iterator[str]:
    """A card only goes forward, and ends at the newest version, where the ledger has it."""
    history = shown.edits.get(request.id, [])
    versions = [one["version"] for one in history]
    if any(later < earlier for earlier, later in pairwise(versions)):
        yield f"{request.id}: its card went back: {versions}"
    places = [_place(one["text"]) for one in history]
    if any(later < earlier for earlier, later in pairwise(places)):
        yield f"{request.id}: its card went back: {[FORWARD[place] for place in places]}"
    card = _message(shown.workspace, request)
    at = None if card is None else card_of({"blocks": card.blocks})
    if at != (request.id, request.version):
        yield f"{request.id}: its card is {at} and not at version {request.version}"


def _place(text: str) -> int:
    title = text.splitlines()[0]
    return next((n for n, word in enumerate(FORWARD) if title.endswith(f", {word}")), -1)


def _message(workspace: Workspace, request: Standing) -> Message | None:
    room = workspace.rooms.get(request.card_channel)
    return room.messages.get(request.card_ts) if room else None


def wrong_thread(shown: Shown, request: Standing, told: Sequence[Told]) -> Iterator[str]:
    """Every post of the outbox stands in a thread of the card, in order, and once."""
    places = [_found(shown.workspace, one) for one in told]
    for one, place in zip(told, places, strict=True):
        if place is None or not place.thread_ts:
            yield f"{request.id}: not in a thread: {one.post['sentences'][0]['template']!r}"
    here = [place.ts for place in places if place is not None]
    if here != sorted(here):
        yield f"{request.id}: its thread is not in order"
    if request.state is State.DONE and not told:
        yield f"{request.id}: nothing was told"


def twice(shown: Shown, told: Sequence[Told]) -> int:
    """How many posts stand in the threads of a card more often than once."""
    threads = {place.thread_ts for one in told if (place := _found(shown.workspace, one))} - {None}
    rooms = shown.workspace.rooms.values()
    messages = (one for room in rooms for one in room.messages.values())
    return sum(one.thread_ts in threads and one.ts != one.thread_ts for one in messages) - len(told)


def replies(room: Room, ts: str) -> list[Message]:
    return [one for one in room.messages.values() if one.thread_ts == ts != one.ts]


def _found(workspace: Workspace, told: Told) -> Message | None:
    """Where it is; Slack does not tell the bot the time stamp of a message with a file."""
    for room in workspace.rooms.values():
        if told.ts in room.messages:
            return room.messages[told.ts]
        if told.file and (found := _with_file(room, told.file)):
            return found
    return None


def _with_file(room: Room, name: str) -> Message | None:
    messages = (one for one in room.messages.values() if one.files)
    return next((one for one in messages if any(f["name"] == name for f in one.files)), None)
