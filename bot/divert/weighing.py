"""What somebody looks at once more, in a form, before they decide on a plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.divert.card import plan_lines
from bot.divert.jury import too_late
from bot.divert.outcome import Counts
from bot.divert.plan import SHOWN_HASH
from bot.divert.request import Request
from bot.divert.sentence import Sentence
from bot.divert.transaction import Transaction
from bot.divert.wording import Words
from bot.divert.world import World


@dataclass(frozen=True, slots=True)
class Weighed:
    """A plan that waits for a decision; with `types` the number of its phones is to be typed."""

    request: Request
    counts: Counts
    types: bool

    @property
    def phones(self) -> int:
        return self.counts.planned_at_first

    @property
    def plan(self) -> str:
        return self.request.plan_hash[:SHOWN_HASH]

    def lines(self, words: Words) -> Sequence[Sentence]:
        """Who asked for what, how much of it, and under which hash."""
        request = self.request
        asked = words.asked_by(request.requester, request.project, request.draft.reason)
        told = plan_lines(request.draft, request.note, self.counts, words)
        return [asked, *told, words.plan_is(request.id, self.plan)]


def weigh(
    world: World, tx: Transaction, request_id: str, plan: str, words: Words
) -> Weighed | Sentence:
    """The plan as it waits now, or why this person can no longer decide on what they saw of it."""
    request = tx.request(request_id)
    if request is None:
        return words.unknown_button()
    late = too_late(tx, request, plan, words)
    if late is not None:
        return late
    counts = tx.counts(request.id)
    return Weighed(request, counts, world.policy().approving.types(counts.planned_at_first))
