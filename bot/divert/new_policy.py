"""The policy's file has changed while the bot runs: kept, told, and asked again of what waits."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.divert.click import Verdict
from bot.divert.decided import void_by_policy
from bot.divert.policy import Policy
from bot.divert.policy.changes import Change, changes
from bot.divert.sentence import Post, Sentence, ToChannel
from bot.divert.transaction import Transaction
from bot.divert.wording import Words
from bot.divert.world import World


@dataclass(frozen=True, slots=True)
class Operators:
    """Who is told; several processes read a file each, and one of them tells."""

    world: World
    host: str  # of this process

    @property
    def words(self) -> Words:
        return self.world.project_words(next(iter(self.world.projects)))

    def tell(self, tx: Transaction, sentences: Iterable[Sentence]) -> None:
        tx.say(Post(ToChannel(self.world.operators_channel), tuple(sentences)))

    def policy_is(self, tx: Transaction, policy: Policy, before: Policy) -> None:
        """Tell which policy is in force now, and plan again what another one let be approved.

        Where the ledger knows of another one before, what has changed since is not known here.
        """
        told = tx.announce("policy", policy.version)
        again = _plan_again(self.world, tx, policy)
        if told is None:
            return
        known = changes(before, policy) if told == before.version else ()
        changed = "; ".join(map(str, known))
        tx.note("policy", by="", policy=policy.version, before=told, changed=changed)
        if told:  # else it is the first one that this ledger knows
            self.tell(tx, self._taken_up(policy, told, known, again))

    def _taken_up(
        self, policy: Policy, before: str, changed: Iterable[Change], again: int
    ) -> list[Sentence]:
        told = [self.words.policy_is_another(policy.version, before)]
        told += [self.words.policy_change(one) for one in changed]
        return [*told, self.words.planned_again(again)] if again else told

    def file_is_bad(
        self, tx: Transaction, content: str, mistakes: tuple[str, ...], version: str
    ) -> None:
        """Tell the mistakes of a file with this content, and what stays in force."""
        if tx.announce("policy file", content) is not None:
            head = self.words.policy_file_bad(self.host, version, len(mistakes))
            self.tell(tx, (head, *self.words.mistakes(mistakes)))

    def file_is_good(self, tx: Transaction) -> None:
        """Tell that it is mended, if it was said to be bad."""
        if tx.announce("policy file", ""):
            self.tell(tx, (self.words.policy_file_mended(self.host),))

    def rest_is(self, tx: Transaction, content: str, keys: tuple[str, ...]) -> None:
        """Tell that these keys beside the policy are other than at the start, if any are."""
        if tx.announce("rest of the file", content) is not None and keys:
            self.tell(tx, (self.words.needs_restart(self.host, keys),))


def _plan_again(world: World, tx: Transaction, policy: Policy) -> int:
    """Plan again what has approvals under another policy; how many requests that are.

    What has none is planned again when somebody decides on it, as its card says from now on.
    """
    voided = [
        one
        for one in tx.waiting()
        if one.note.policy != policy.version and one.project in world.projects
        if any(decided.verdict == Verdict.APPROVE for decided in tx.decisions(one.id))
    ]
    for request in voided:
        void_by_policy(world, tx, request, "")
    tx.touch_waiting(list(world.projects))
    return len(voided)
