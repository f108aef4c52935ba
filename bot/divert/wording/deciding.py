"""Answers to the person who pressed a button."""

from collections.abc import Sequence

from bot.divert.request import State
from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech


class Deciding(Speech):
    """What only the pressing person reads."""

    __slots__ = ()

    def decided_already(self, request_id: str, state: State, by: str) -> Sentence:
        messages = {
            State.APPROVED: self._("{request} was approved by {by} before you."),
            State.SENDING: self._("{request} was approved by {by} and is running."),
            State.HALTED: self._("{request} was approved by {by} and is halted now."),
            State.CANCELLING: self._("{request} was cancelled by {by} and is coming to rest."),
            State.CANCELLED: self._("{request} was cancelled by {by}."),
            State.DENIED: self._("{request} was denied by {by} before you."),
            State.WITHDRAWN: self._("{request} was withdrawn by {by}."),
            State.EXPIRED: self._("{request} has expired. It must be asked for again."),
            State.REFUSED: self._("{request} was refused. It must be asked for again."),
            State.DONE: self._("{request} was approved by {by} and is done."),
            State.PLANNING: self._("{request} is being planned; wait for its new card."),
            State.PENDING: self._("{request} is waiting for approval, so this does not fit now."),
        }
        who = Mention(by) if by else self._("nobody")
        return self.say(messages[state], request=Code(request_id), by=who)

    def plan_changed(self, request_id: str) -> Sentence:
        return self.say(
            self._("The plan of {request} has changed since this card. Look at its present card."),
            request=Code(request_id),
        )

    def plan_too_old(self, request_id: str) -> Sentence:
        return self.say(
            self._(
                "The plan of {request} is too old to be sent as it is. I am reading the cloud "
                "again; approve the new plan when the card shows it."
            ),
            request=Code(request_id),
        )

    def policy_changed(self, request_id: str) -> Sentence:
        return self.say(
            self._(
                "The policy has changed since {request} was planned, so approvals of it are void. "
                "I am planning it again; approve the new plan when the card shows it."
            ),
            request=Code(request_id),
        )

    def type_the_number(self, phones: int) -> Sentence:
        return self.say(
            self._("For so many phones I need their number typed: {phones}. Press Approve again."),
            phones=self.number(phones),
        )

    def may_not_review(self, reviewers: Sequence[str]) -> Sentence:
        return self.say(
            self._("This is for somebody else to review: {reviewers}."),
            reviewers=tuple(Mention(one) for one in reviewers),
        )

    def reviewed_already(self, request_id: str, by: str) -> Sentence:
        return self.say(
            self._("{request} was reviewed by {by} already."),
            request=Code(request_id),
            by=Mention(by),
        )

    def no_glass(self, people: Sequence[str]) -> Sentence:
        return self.say(
            self._(
                "No rule of the policy lets you break the glass for this now. These may, within "
                "its limits: {people}."
            ),
            people=tuple(Mention(one) for one in people),
        )

    def asker_refused(self, requester: str) -> Sentence:
        """Before the reason, as it would be told to who asked."""
        return self.say(
            self._(
                "{requester}, who asked for this, may no longer ask for it, so nothing was "
                "decided. To them it says:"
            ),
            requester=Mention(requester),
        )

    def unknown_button(self) -> Sentence:
        return self.say(
            self._("I know no request for this button, so it does nothing. Please ask again.")
        )

    def only_requester_leaves_out(self, requester: str) -> Sentence:
        return self.say(
            self._("Only {requester}, who asked, can leave phones out."),
            requester=Mention(requester),
        )

    def only_requester(self, requester: str) -> Sentence:
        return self.say(
            self._("Only {requester}, who asked for this, can withdraw it."),
            requester=Mention(requester),
        )

    def not_operator(self) -> Sentence:
        return self.say(
            self._("Only who asked for this, or who may approve it, can stop it or let it go on.")
        )

    def approval_counted(self, request_id: str, missing: int) -> Sentence:
        return self.say(
            self.n_(
                "Your approval of {request} counts. One more is needed.",
                "Your approval of {request} counts. {missing} more are needed.",
                missing,
            ),
            request=Code(request_id),
            missing=self.number(missing),
        )
