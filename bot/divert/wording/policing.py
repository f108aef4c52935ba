"""What is said of the policy itself: that it has changed, and that its file has mistakes."""

from collections.abc import Sequence
from typing import Final

from bot.divert.policy.changes import Change, How, Part
from bot.divert.sentence import Code, Sentence
from bot.divert.wording.speech import Speech

SHOWN: Final = 20  # names or mistakes in one message


class Policing(Speech):
    """To operators what is in force since when; in a thread what became of its approvals."""

    __slots__ = ()

    def policy_is_another(self, version: str, before: str) -> Sentence:
        return self.say(
            self._(
                "*The policy has changed.* {version} is in force from now on, in place of {before}."
            ),
            version=Code(version),
            before=Code(before),
        )

    def policy_change(self, change: Change) -> Sentence:
        """One line of what has changed."""
        return self.say(
            "• " + self._policy_change(change),
            names=tuple(Code(name) for name in change.names[:SHOWN]),
            more=self.number(len(change.names) - SHOWN),
        )

    def _policy_change(self, change: Change) -> str:
        told = {
            (Part.ROLES, How.ADDED): self._("New roles: {names}"),
            (Part.ROLES, How.REMOVED): self._("Roles that are gone: {names}"),
            (Part.ROLES, How.CHANGED): self._("Roles with other members: {names}"),
            (Part.RULES, How.ADDED): self._("New rules: {names}"),
            (Part.RULES, How.REMOVED): self._("Rules that are gone: {names}"),
            (Part.RULES, How.CHANGED): self._("Rules that say something else: {names}"),
            (Part.RULES, How.REORDERED): self._("The rules stand in another order"),
            (Part.PROTECTED, How.CHANGED): self._("Other servers are protected, or otherwise"),
            (Part.FREEZES, How.ADDED): self._("New freezes: {names}"),
            (Part.FREEZES, How.REMOVED): self._("Freezes that are gone: {names}"),
            (Part.FREEZES, How.CHANGED): self._("Freezes at another time or place: {names}"),
            (Part.APPROVING, How.CHANGED): self._("People are asked to approve in another way"),
            (Part.OPERATORS, How.CHANGED): self._("Other roles may pause and resume"),
        }[change.part, change.how]
        return told + self._(" and {more} more") if len(change.names) > SHOWN else told

    def planned_again(self, requests: int) -> Sentence:
        return self.say(
            self.n_(
                "{n} waiting request had approvals under the old one; it is planned again, and "
                "they no longer count.",
                "{n} waiting requests had approvals under the old one; they are planned again, "
                "and the approvals no longer count.",
                requests,
            ),
            n=self.number(requests),
        )

    def policy_file_bad(self, host: str, version: str, mistakes: int) -> Sentence:
        return self.say(
            self.n_(
                "*The file of the policy on {host} has {n} mistake.* {version}, the policy of "
                "before, stays in force until it is mended:",
                "*The file of the policy on {host} has {n} mistakes.* {version}, the policy of "
                "before, stays in force until they are mended:",
                mistakes,
            ),
            host=Code(host),
            n=self.number(mistakes),
            version=Code(version),
        )

    def mistakes(self, lines: Sequence[str]) -> tuple[Sentence, ...]:
        """Each as the command line prints it."""
        shown = tuple(self.say("• {line}", line=Code(line)) for line in lines[:SHOWN])
        left = len(lines) - SHOWN
        if left <= 0:
            return shown
        more = self.n_("• and {n} more", "• and {n} more", left)
        return (*shown, self.say(more, n=self.number(left)))

    def policy_file_mended(self, host: str) -> Sentence:
        return self.say(
            self._("*The file of the policy on {host} is in order again.*"), host=Code(host)
        )

    def needs_restart(self, host: str, keys: Sequence[str]) -> Sentence:
        return self.say(
            self._(
                "*Something other than the policy has changed in the file on {host}*: {keys}. It "
                "counts once I am started again."
            ),
            host=Code(host),
            keys=tuple(Code(key) for key in keys[:SHOWN]),
        )
