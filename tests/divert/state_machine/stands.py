"""What holds of pauses and freezes: nothing begins while one stands, and operators are answered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.divert.click import Verdict
from bot.divert.order import Order
from bot.divert.policy import Freeze
from bot.divert.request import Event
from tests.divert.state_machine.people import GUS, OPERATORS
from tests.divert.state_machine.tells import replies
from tests.divert.state_machine.truth import Truth

BEGINS: Final = frozenset({Event.APPROVE, Event.START, Event.RESUME})
MAY_OPERATE: Final = OPERATORS - {GUS}
_ALWAYS: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time in which nothing may begin; of what is done at its very ends the order is open."""

    start: datetime
    end: datetime
    is_pause: bool = False

    def holds(self, at: datetime) -> bool:
        return self.start < at < self.end


def cut(stretches: Sequence[Stretch], now: datetime, freezes: Sequence[Freeze]) -> list[Stretch]:
    """The freezes up to now, and from now on those of another policy."""
    before = [replace(one, end=min(one.end, now)) for one in stretches]
    later = (Stretch(max(one.start or now, now), one.until or _ALWAYS) for one in freezes)
    return [*before, *later]


def nothing_begins(truth: Truth, frozen: Sequence[Stretch]) -> None:
    """No call, no run and no approval that starts one, by the ledger."""
    pauses = [Stretch(one.at, one.ended_at or _ALWAYS, is_pause=True) for one in truth.pauses]
    for request_id, what, at in _beginnings(truth):
        is_urgent = bool(truth.decided(request_id, Verdict.BREAK_GLASS))
        stands = [*pauses, *(() if is_urgent else frozen)]
        assert not any(one.holds(at) for one in stands), f"{what} of {request_id} at a standstill"


def _beginnings(truth: Truth) -> Iterator[tuple[str, str, datetime]]:
    for request_id, batches in truth.batches.items():
        for one in batches:
            if one.sent_at is not None:
                yield request_id, "a call", one.sent_at
    for entry in truth.entries:
        if entry["request"] and entry["event"] in BEGINS:
            yield entry["request"], entry["event"], datetime.fromisoformat(entry["at"])


def operators_are_obeyed(truth: Truth, orders: Sequence[Order]) -> None:
    """Each order is answered once it is done, and only operators pause and resume."""
    keys = {f"operate:{one.key}": one for one in orders}
    done = {one.key for one in truth.works if one.run == "operate" and one.done}
    for key in done:
        assert keys[key].reply_url in replies(truth), "an order without an answer"
    for row in truth.pauses:
        assert row.by in MAY_OPERATE
        assert keys[row.key].pauses
        assert not row.ended_at or row.ended_by in MAY_OPERATE
        assert not row.ended_at or not keys[row.ended_key].pauses
    noted = Counter(one["event"] for one in truth.entries if not one["request"])
    assert noted["pause"] == len(truth.pauses)
    assert noted["resume"] == sum(bool(row.ended_at) for row in truth.pauses)
