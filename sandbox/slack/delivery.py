"""Getting commands, interactions and events to the bot, and its acknowledgement back."""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from sandbox.slack.calls import CallLog, DeliveryRecord
from sandbox.slack.faults import Faults
from sandbox.slack.http_delivery import Posted, Seal, post, signed_post
from sandbox.slack.settings import Settings
from sandbox.slack.shapes import Json
from sandbox.slack.sockets import NoConnection, Sockets

KEPT = 500  # parcels that can be delivered again

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass
class Outcome:
    acked: bool
    ack_ms: float | None = None
    body: Json | None = None
    error: str | None = None
    """dispatch_failed or operation_timeout, the words a person sees."""
    reason: str = "timeout"
    may_retry: bool = True


@dataclass
class Parcel:
    kind: Kind
    payload: Json
    answers: bool
    """The acknowledgement may carry an answer."""
    id: str


class Delivery:
    """Redeliveries go on in the background until `close`."""

    def __init__(self, settings: Settings, sockets: Sockets, faults: Faults) -> None:
        self._settings, self._sockets, self._faults = settings, sockets, faults
        self.log = CallLog()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[asyncio.Event] = []
        self._sent: deque[Parcel] = deque(maxlen=KEPT)
        self.last_post: Posted | None = None

    async def send(self, kind: Kind, payload: Json, *, answers: bool = False) -> Outcome:
        """Deliver once, and in the background again while it stays unacknowledged."""
        parcel = Parcel(kind, payload, answers, str(uuid.uuid4()))
        self._sent.append(parcel)
        await self._wait_turn(kind)
        if self._faults.take(kind, "duplicate"):
            self._later(self._again(parcel))
        outcome = await self._attempt(parcel, 0, "")
        self.release_held()
        if not outcome.acked and outcome.may_retry:
            self._later(self._retry(parcel, outcome.reason))
        return outcome

    def send_event(self, event: Json, payload: Json) -> None:
        """Deliver an event of the Events API in the background, if the app subscribed to it."""
        name = event["type"] + (".im" if event.get("channel_type") == "im" else "")
        if name in self._settings.events:
            self._later(self._event(payload))

    async def _event(self, payload: Json) -> None:
        await self.send("events_api", payload)

    async def redeliver(self, wanted: str) -> Outcome | None:
        """Deliver once more what went out before, whenever that was.

        `wanted` is an id of the record, or a kind: the newest of it. None where none is known.
        """
        for parcel in reversed(self._sent):
            if parcel.id == wanted or fnmatchcase(label(parcel), wanted):
                return await self._attempt(parcel, 1, "timeout")
        return None

    async def replay(self) -> int | None:
        """Send the newest HTTP request again, byte for byte; the status it got."""
        if self.last_post is None:
            return None
        return (await post(self.last_post, self._settings.ack_seconds)).status

    def forget(self) -> None:
        """Give up redeliveries, and let what was held for later go now."""
        self.release_held()
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _wait_turn(self, kind: Kind) -> None:
        if late := self._faults.take(kind, "late"):
            await asyncio.sleep(late.seconds_late)
        if self._faults.take(kind, "reorder"):
            turn = asyncio.Event()
            self._held.append(turn)
            await turn.wait()

    def release_held(self) -> None:
        for turn in self._held:
            turn.set()
        self._held.clear()

    async def _attempt(self, parcel: Parcel, number: int, reason: str) -> Outcome:
        mode = self._settings.mode
        record = DeliveryRecord(label(parcel), mode, number, parcel.id)
        self.log.delivery(record)
        started = time.monotonic()
        if self._faults.outage():
            outcome = Outcome(acked=False, error="dispatch_failed", may_retry=False)
        elif mode == "socket":
            outcome = await self._by_socket(parcel, number, reason)
        else:
            outcome = await self._by_http(parcel, number, reason)
        if outcome.acked and self._faults.take(parcel.kind, "drop_ack"):
            again = mode == "socket" or is_event(parcel)
            outcome = Outcome(acked=False, error="operation_timeout", may_retry=again)
        if outcome.acked:
            outcome.ack_ms = round((time.monotonic() - started) * 1000, 1)
        record.ack_ms, record.error = outcome.ack_ms, outcome.error
        return outcome

    async def _by_socket(self, parcel: Parcel, number: int, reason: str) -> Outcome:
        # A retry comes in a new envelope: only what is in the payload tells that it is the same.
        envelope_id = str(uuid.uuid4()) if number else parcel.id
        envelope: Json = {"envelope_id": envelope_id, "type": parcel.kind}
        envelope["payload"] = parcel.payload
        envelope["accepts_response_payload"] = parcel.answers
        if number or parcel.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        seconds = self._settings.ack_seconds
        try:
            answer = await self._sockets.send(envelope, seconds)
        except NoConnection:
            return Outcome(acked=False, error="dispatch_failed", may_retry=is_event(parcel))
        if answer is None:
            return Outcome(acked=False, error="operation_timeout")
        return Outcome(acked=True, body=answer.get("payload") or {})

    async def _by_http(self, parcel: Parcel, number: int, reason: str) -> Outcome:
        seal, retry = self._seal(parcel.kind), (number, reason)
        self.last_post = signed_post(self._settings.url, parcel.kind, parcel.payload, seal, retry)
        answer = await post(self.last_post, self._settings.ack_seconds)
        if answer.body is not None:
            return Outcome(acked=True, body=answer.body)
        error = "operation_timeout" if answer.error == "http_timeout" else "dispatch_failed"
        again = is_event(parcel) and not answer.no_retry
        return Outcome(acked=False, error=error, reason=answer.error or "", may_retry=again)

    def _seal(self, kind: Kind) -> Seal:
        wrong = self._faults.take(kind, "bad_signature") is not None
        stale = self._faults.take(kind, "stale_signature") is not None
        return Seal("not-the-signing-secret" if wrong else self._settings.signing_secret, stale)

    async def _again(self, parcel: Parcel) -> None:
        await self._attempt(parcel, 0, "")

    async def _retry(self, parcel: Parcel, reason: str) -> None:
        """Events three times, interactions and commands (Socket Mode) once."""
        pauses = self._settings.retry_seconds
        for number, pause in enumerate(pauses if is_event(parcel) else pauses[:1], start=1):
            await asyncio.sleep(pause)
            outcome = await self._attempt(parcel, number, reason)
            if outcome.acked or not outcome.may_retry:
                return

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def is_event(parcel: Parcel) -> bool:
    return parcel.kind == "events_api"


def label(parcel: Parcel) -> str:
    """What was delivered, as the record shows it: `interactive:block_actions`."""
    if parcel.kind == "events_api":
        return f"events_api:{parcel.payload['event']['type']}"
    if parcel.kind == "interactive":
        return f"interactive:{parcel.payload['type']}"
    return parcel.kind


def summed_up(outcome: Outcome) -> Json:
    """As control tells it: acked, ack_ms, response, and what the person is told instead."""
    told: Json = {"acked": outcome.acked, "ack_ms": outcome.ack_ms, "response": outcome.body}
    return told | ({"error": outcome.error} if outcome.error else {})
