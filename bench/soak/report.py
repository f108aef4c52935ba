"""What a soak comes to: a short table, and what was wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.ledger_view import LedgerView
from bench.soak.crowd import Crowd
from bench.soak.samples import Sample, third
from bench.soak.trouble import SlackTrouble
from bench.soak.wishes import Wish
from bench.truth import Shown, twice, wrong_card, wrong_thread

FLAT = 1.05  # the last third's memory may be this much of the middle third's
# Pools keep the threads they once needed: as many as things are done at once, and that is bounded.
THREADS = 80
LISTED = 20  # lines of what is wrong


@dataclass
class Report:
    crowd: Crowd
    shown: Shown
    trouble: SlackTrouble
    samples: Sequence[Sample]
    before: Sample
    after: Sample
    asked: float  # seconds
    rested: float  # seconds from the last asking on
    wrong: list[str] = field(default_factory=list)
    _twice: int = 0

    def __post_init__(self) -> None:
        for wish in self.crowd.wishes:
            self.wrong += [*wish.wrong, *self._wrong(wish)]
        self.wrong += self._grown()
        if self._twice > self.trouble.unsure:
            self.wrong.append(f"{self._twice} posts twice, {self.trouble.unsure} answers lost")

    def _wrong(self, wish: Wish) -> Iterator[str]:
        if not wish.shown:
            yield f"{wish.reason} ({wish.request_id}, {wish.fate}) did not come to rest"
            return
        request = self.ledger.standing[wish.request_id]
        if request.planned:
            told = self.ledger.thread(request.id)
            yield from wrong_card(self.shown, request)
            yield from wrong_thread(self.shown, request, told)
            self._twice += max(0, twice(self.shown, told))

    def _grown(self) -> Iterator[str]:
        if self.ratio > FLAT:
            yield f"memory grew by {self.ratio - 1:.1%}"
        early = max(one.handles for one in self.steady[: len(self.steady) // 3])
        if self.after.handles > early:
            yield f"{self.after.handles} handles at rest, and {early} at most in the first third"
        if self.after.threads > THREADS:
            yield f"{self.after.threads} threads at rest"

    @property
    def ledger(self) -> LedgerView:
        return self.crowd.ledger

    @property
    def steady(self) -> list[Sample]:
        """While people asked."""
        return [one for one in self.samples if one.at <= self.asked]

    @property
    def ratio(self) -> float:
        return third(self.steady, 3) / third(self.steady, 2)

    def __str__(self) -> str:
        parts = (self._requests(), self._memory(), self._handles(), self._waits(), self._speed())
        return "\n".join([*parts, self._faults(), *self.wrong[:LISTED]])

    def _requests(self) -> str:
        wishes = self.crowd.wishes
        states = Counter(str(one.state) for one in self.ledger.standing.values())
        ends = ", ".join(f"{number} {state}" for state, number in states.most_common())
        return (
            f"{len(wishes)} requests of {sum(len(one.ids) for one in wishes)} phones"
            f" asked in {self.asked:.0f} s: {ends}\n"
            f"{sum(bool(one.shown) for one in wishes)} at rest {self.rested:.0f} s after the last"
            f" was asked, {len(self.wrong)} things wrong"
        )

    def _memory(self) -> str:
        thirds = (third(self.steady, number) for number in (1, 2, 3))
        means = ", ".join(f"{one:.1f}" for one in thirds)
        return (
            f"memory {means} MB by thirds, last ÷ middle {self.ratio:.3f};"
            f" {self.after.rss_mb:.1f} MB at rest (sandbox {self.after.sandbox_mb:.0f} MB)"
        )

    def _handles(self) -> str:
        most = max(one.handles for one in self.samples), max(one.threads for one in self.samples)
        return (
            f"handles {self.before.handles} before, {most[0]} at most,"
            f" {self.after.handles} at rest;"
            f" threads {self.before.threads}, {most[1]}, {self.after.threads}"
        )

    def _waits(self) -> str:
        return (
            f"database {self.after.database_mb:.0f} MB; at most a post waited"
            f" {max(one.oldest_unsaid for one in self.samples):.0f} s and"
            f" {max(one.cards_behind for one in self.samples)} cards were behind"
        )

    def _speed(self) -> str:
        """From approval to the end of small requests, as the ledger has it, and beyond."""
        approved = self.ledger.approved_at()
        ran = [w for w in self.crowd.wishes if w.small and w.shown and w.request_id in approved]
        if not ran:
            return "no small request ran"
        ends = {one.request_id: self.ledger.standing[one.request_id].closed_at for one in ran}
        times = [(end - approved[name]).total_seconds() for name, end in ends.items() if end]
        told, card = (
            max(one.told - one.closed for one in ran),
            max(w.shown - w.closed for w in ran),
        )
        return (
            f"{len(times)} small ones ran: {median(times):.1f} s from approval to rest,"
            f" {max(times):.1f} s at most; all told {told:.0f} s later at most, card {card:.0f} s"
        )

    def _faults(self) -> str:
        return (
            f"{self.trouble.set} faults at {self.shown.calls} calls of Slack, {self._twice} posts"
            f" twice; {self.crowd.tries} times somebody tried again;"
            f" at most {self.shown.fullest()} messages to one channel in 5 s"
        )
