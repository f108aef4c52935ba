"""What the card says."""

from typing import Final

from bot.divert.outcome import Counts, PhoneState
from bot.divert.phones import Route
from bot.divert.request import State
from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.plan import OfPlan

BAR_CELLS: Final = 20


class OnCard(OfPlan):
    """Lines, titles and labels of the card."""

    __slots__ = ()

    def state(self, state: State) -> str:
        return {
            State.PLANNING: self._("reading the cloud again"),
            State.PENDING: self._("waiting for approval"),
            State.APPROVED: self._("approved, about to start"),
            State.SENDING: self._("running"),
            State.HALTED: self._("halted"),
            State.CANCELLING: self._("being cancelled"),
            State.DONE: self._("done"),
            State.REFUSED: self._("refused"),
            State.DENIED: self._("denied"),
            State.EXPIRED: self._("expired"),
            State.WITHDRAWN: self._("withdrawn"),
            State.CANCELLED: self._("cancelled"),
        }[state]

    def card_title(self, request_id: str, phones: int, route: Route, state: State) -> Sentence:
        return self.say(
            self.n_(
                "{request}: {phones} phone to {route}, {state}",
                "{request}: {phones} phones to {route}, {state}",
                phones,
            ),
            request=request_id,
            phones=self.number(phones),
            route=route,
            state=self.state(state),
        )

    def asked_by(self, requester: str, project: str, reason: str) -> Sentence:
        if not reason:
            return self.say(
                self._("Asked for by {requester} in project {project}"),
                requester=Mention(requester),
                project=project,
            )
        return self.say(
            self._("Asked for by {requester} in project {project}: “{reason}”"),
            requester=Mention(requester),
            project=project,
            reason=reason,
        )

    def leave_out(self, phones: int) -> str:
        return self.n_("Leave {n} out", "Leave {n} out", phones).format(n=self.number(phones))

    def withdrawn(self) -> Sentence:
        return self.say(self._("Withdrawn before anyone approved. Nothing was sent."))

    def replaced(self, request_id: str) -> Sentence:
        return self.say(
            self._("Edited: {request} has taken its place. Nothing was sent."),
            request=Code(request_id),
        )

    def in_place_of(self, request_id: str, state: State) -> Sentence:
        return self.say(
            self._("In place of {request} ({state})"),
            request=Code(request_id),
            state=self.state(state),
        )

    def expired(self, *, approved: bool) -> Sentence:
        """With `approved`, some did, and not all whose approval was needed."""
        if approved:
            message = self._("Not all approved in time. Nothing was sent; ask again if needed.")
        else:
            message = self._("Nobody approved in time. Nothing was sent; ask again if needed.")
        return self.say(message)

    def refused(self) -> Sentence:
        return self.say(self._("Nothing was sent. The thread says why."))

    def nothing_sent(self) -> Sentence:
        return self.say(self._("Nothing was sent."))

    def progress(self, counts: Counts) -> Sentence:
        total = counts.planned_at_first
        share = counts.ended / total if total else 1.0
        filled = int(share * BAR_CELLS)
        return self.say(
            "{bar} {percent}",
            bar="█" * filled + "░" * (BAR_CELLS - filled),
            percent=self.percent(share),
        )

    def tally(self, counts: Counts) -> Sentence:
        named = self.counted(
            (counts[PhoneState.SUCCEEDED], self._("{n} proven")),
            (counts[PhoneState.ACCEPTED], self._("{n} with a job under way")),
            (counts[PhoneState.SENT], self._("{n} sent, no answer yet")),
            (counts[PhoneState.PLANNED], self._("{n} to be sent")),
            (counts[PhoneState.REJECTED], self._("{n} refused")),
            (counts[PhoneState.FAILED], self._("{n} failed")),
            (counts[PhoneState.UNCLEAR], self._("{n} unclear")),
            (counts[PhoneState.CANCELLED], self._("{n} cancelled")),
        )
        return self.say("{parts}", parts=" · ".join(named))

    def time_left(self, seconds: float, calls_per_second: float) -> Sentence:
        fast = calls_per_second >= 1
        message = (
            self._("About {left} left to send, at {rate} calls a second")
            if fast
            else self._("About {left} left to send, at {rate} calls a minute")
        )
        rate = calls_per_second if fast else calls_per_second * 60
        return self.say(message, left=self.span(seconds), rate=self.number(round(rate, 1)))

    def halted_by(self, code: str, meaning: str, advice: str) -> Sentence:
        return self.say(
            self._("*Halted by {code}:* {meaning} {advice}"),
            code=Code(code or "?"),
            meaning=self.advised(meaning),
            advice=self.advised(advice),
        )

    def result(self, counts: Counts) -> Sentence:
        total = counts.planned_at_first
        proven = counts[PhoneState.SUCCEEDED]
        if proven == total:
            return self.say(
                self.n_(
                    "*Proven:* {total} phone has the route, as read back from the cloud.",
                    "*Proven:* all {total} phones have the route, as read back from the cloud.",
                    total,
                ),
                total=self.number(total),
            )
        other = self.counted(
            (counts[PhoneState.FAILED] + counts[PhoneState.REJECTED], self._("*Failed:* {n}.")),
            (counts[PhoneState.UNCLEAR], self._("*Unclear:* {n}.")),
            (counts[PhoneState.CANCELLED], self._("*Cancelled:* {n}.")),
        )
        message = self.n_(
            "*Proven:* {proven} of {total} phone, as read back from the cloud.",
            "*Proven:* {proven} of {total} phones, as read back from the cloud.",
            total,
        )
        return self.say(
            " ".join((message, *other)),
            proven=self.number(proven),
            total=self.number(total),
        )

    def approve(self) -> str:
        return self._("Approve")

    def deny(self) -> str:
        return self._("Deny …")

    def withdraw(self) -> str:
        return self._("Withdraw")

    def cancel(self) -> str:
        return self._("Cancel the rest")

    def resume(self) -> str:
        return self._("Go on")

    def back(self) -> str:
        """Closes a dialog without doing what its button says."""
        return self._("Back")

    def confirm_approve(self, phones: int, route: Route) -> Sentence:
        return self.say(
            self.n_(
                "{phones} phone changes to {route} at once.",
                "{phones} phones change to {route} at once.",
                phones,
            ),
            phones=self.number(phones),
            route=route,
        )

    def confirm_cancel(self) -> Sentence:
        return self.say(
            self._("What is sent already runs to its end; everything else stays as it is.")
        )
