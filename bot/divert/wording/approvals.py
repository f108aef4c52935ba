"""What the card says of approvals."""

from collections.abc import Sequence
from datetime import datetime

from bot.divert.sentence import Mention, Moment, Sentence
from bot.divert.wording.speech import Speech


class OfApprovals(Speech):
    """Which are needed, from whom and until when, and who gave them."""

    __slots__ = ()

    def may_approve(self, approvers: Sequence[str], until: datetime) -> Sentence:
        if not approvers:
            return self.say(self._("To be approved until {until}"), until=Moment(until))
        return self.say(
            self._("May approve until {until}: {approvers}"),
            until=Moment(until),
            approvers=tuple(Mention(one) for one in approvers),
        )

    def still_needed(self, approvals: Sequence[tuple[int, Sequence[str]]]) -> Sentence:
        """How many approvals are still to be given, by the roles that may give them."""
        parts = [
            self.n_("{n} approval of {roles}", "{n} approvals of {roles}", count).format(
                n=self.number(count), roles=self._any_of(roles)
            )
            for count, roles in approvals
        ]
        return self.say(self._("*Still needed:* {approvals}"), approvals=" · ".join(parts))

    def _any_of(self, roles: Sequence[str]) -> str:
        return self._(" or ").join(roles)

    def escalated(self, roles: Sequence[str], more: Sequence[str]) -> Sentence:
        return self.say(
            self._("{roles} have not answered, so {more} may approve as well."),
            roles=self._any_of(roles),
            more=self._any_of(more),
        )

    def too_few_approvers(self, roles: Sequence[str], more: Sequence[str]) -> Sentence:
        if not more:
            return self.say(
                self._(
                    "*Too few people can approve this:* there is nobody else in {roles}. Ask "
                    "whoever keeps the policy."
                ),
                roles=self._any_of(roles),
            )
        return self.say(
            self._("*Too few people are in {roles}*, so {more} may approve as well."),
            roles=self._any_of(roles),
            more=self._any_of(more),
        )

    def planned_under_another_policy(self) -> Sentence:
        return self.say(
            self._("The policy has changed since; Approve makes the plan again under the new one.")
        )

    def glass_broken_by(self, person: str, reason: str) -> Sentence:
        return self.say(
            self._("*Glass broken by {person}*, without approval: “{reason}”"),
            person=Mention(person),
            reason=reason,
        )

    def to_be_reviewed(self) -> Sentence:
        return self.say(self._("*To be reviewed* by somebody else."))

    def reviewed_by(self, people: Sequence[str]) -> Sentence:
        return self.say(
            self._("Reviewed by {people}"), people=tuple(Mention(one) for one in people)
        )

    def approved_by(self, people: Sequence[str]) -> Sentence:
        return self.say(
            self._("Approved by {people}"), people=tuple(Mention(one) for one in people)
        )

    def denied_by(self, person: str, reason: str) -> Sentence:
        return self.say(
            self._("Denied by {person}: “{reason}”"), person=Mention(person), reason=reason
        )
