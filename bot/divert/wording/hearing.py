"""What people hear who do not look at the card just now: who asked, who may approve, operators."""

from collections.abc import Sequence
from datetime import datetime

from bot.divert.phones import Route
from bot.divert.policy import Why
from bot.divert.sentence import Code, Mention, Moment, Sentence
from bot.divert.wording.speech import Speech


class Hearing(Speech):
    """Direct messages about a request, and what the operators' channel is told of one."""

    __slots__ = ()

    def your_request_approved(self, request_id: str, by: str) -> Sentence:
        return self._about(
            self._("{by} approved your request {request}; it starts."), request_id, by
        )

    def your_request_counted(self, request_id: str, by: str, more: int) -> Sentence:
        message = self.n_(
            "{by} approved your request {request}. One more approval is needed.",
            "{by} approved your request {request}. {more} more approvals are needed.",
            more,
        )
        return self.say(message, by=Mention(by), request=Code(request_id), more=self.number(more))

    def your_request_denied(self, request_id: str, by: str, reason: str) -> Sentence:
        return self.say(
            self._("{by} denied your request {request}: “{reason}”. Nothing was sent."),
            by=Mention(by),
            request=Code(request_id),
            reason=reason,
        )

    def your_request_expired(self, request_id: str, *, approved: bool) -> Sentence:
        """With `approved`, some did, and not all whose approval was needed."""
        if approved:
            message = self._(
                "Not all approved your request {request} in time. Nothing was sent; ask again."
            )
        else:
            message = self._(
                "Nobody approved your request {request} in time. Nothing was sent; ask again."
            )
        return self.say(message, request=Code(request_id))

    def your_request_not_started(self, request_id: str, why: Why) -> Sentence:
        if why is Why.NOT_APPROVER:
            message = self._(
                "Your request {request} was not started, and nothing was sent: an approval no "
                "longer counts under today's policy."
            )
        else:
            message = self._(
                "Your request {request} was not started, and nothing was sent: you may no longer "
                "ask for it."
            )
        return self.say(message, request=Code(request_id))

    def your_request_ran(self, request_id: str, by: str, reason: str) -> Sentence:
        return self.say(
            self._("{by} broke the glass and runs your request {request} at once: “{reason}”"),
            by=Mention(by),
            request=Code(request_id),
            reason=reason,
        )

    def glass_broken(  # noqa: PLR0913 - all that a person must hear at once
        self,
        request_id: str,
        phones: int,
        route: Route,
        *,
        by: str,
        reason: str,
        reviewers: Sequence[str],
    ) -> Sentence:
        message = self.n_(
            "*Glass broken:* {by} runs {request} without approval, {phones} phone to {route}: "
            "“{reason}”. To be reviewed on its card by {reviewers}.",
            "*Glass broken:* {by} runs {request} without approval, {phones} phones to {route}: "
            "“{reason}”. To be reviewed on its card by {reviewers}.",
            phones,
        )
        return self.say(
            message,
            by=Mention(by),
            request=Code(request_id),
            phones=self.number(phones),
            route=route,
            reason=reason,
            reviewers=tuple(Mention(one) for one in reviewers),
        )

    def please_approve(
        self, request_id: str, phones: int, route: Route, channel: str, until: datetime
    ) -> Sentence:
        message = self.n_(
            "{request} waits for your approval until {until}: {phones} phone to {route}. Its card "
            "is in {channel}.",
            "{request} waits for your approval until {until}: {phones} phones to {route}. Its card "
            "is in {channel}.",
            phones,
        )
        return self.say(
            message,
            request=Code(request_id),
            until=Moment(until),
            phones=self.number(phones),
            route=route,
            channel=Mention(channel),
        )

    def _about(self, message: str, request_id: str, by: str) -> Sentence:
        return self.say(message, by=Mention(by), request=Code(request_id))
