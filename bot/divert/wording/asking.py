"""Answers to the person who asks, before and beside the card."""

from collections.abc import Sequence
from typing import Final

from bot.divert.policy import Refused, Why
from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech

NAMED: Final = 5  # people or groups who may do what the reader may not
_LIMITS: Final = frozenset(
    {
        Why.ROUTE,
        Why.CHANNEL,
        Why.HOURS,
        Why.SELECTION,
        Why.SERVERS,
        Why.TAGS,
        Why.TOO_FEW,
        Why.SHARE,
        Why.TOO_MANY,
    }
)
_OTHERS: Final = _LIMITS | {Why.NO_RULE, Why.PROJECT, Why.DENIED}


class Asking(Speech):
    """What only the asking person reads."""

    __slots__ = ()

    def heard(self, request_id: str) -> Sentence:
        return self.say(
            self._("{request}: I am reading these phones from the cloud. The plan follows."),
            request=Code(request_id),
        )

    def heard_before(self, request_id: str) -> Sentence:
        return self.say(
            self._("This came in already: it is request {request}."), request=Code(request_id)
        )

    def asked_just_now(self, request_id: str, seconds: float) -> Sentence:
        ago = max(round(seconds), 1)
        message = self.n_(
            "You asked for this {seconds} second ago as {request}, so I did nothing more now.",
            "You asked for this {seconds} seconds ago as {request}, so I did nothing more now.",
            ago,
        )
        return self.say(message, seconds=self.number(ago), request=Code(request_id))

    def ask_anyway(self) -> str:
        return self._("Ask for it anyway")

    def looking(self) -> Sentence:
        return self.say(self._("I am reading the cloud; the answer follows."))

    def card_is_up(self, request_id: str, channel: str) -> Sentence:
        return self.say(
            self._("The plan of {request} is up in {channel} and waits for approval."),
            request=Code(request_id),
            channel=Mention(channel),
        )

    def no_card_channel(self, channel: str) -> Sentence:
        return self.say(
            self._(
                "I am not in this channel and cannot post in {channel} either, so nothing was "
                "asked for. Invite me to one of them and ask again."
            ),
            channel=Mention(channel),
        )

    def no_such_project(self, project: str, known: Sequence[str]) -> Sentence:
        return self.say(
            self._("There is no project {project} here. Known: {known}. Nothing was asked for."),
            project=Code(project),
            known=tuple(Code(name) for name in known),
        )

    def no_such_request(self, request_id: str) -> Sentence:
        return self.say(
            self._("I know no request {request}. `/cph status` lists the latest ones."),
            request=Code(request_id),
        )

    def no_requests(self) -> Sentence:
        return self.say(self._("Nobody has asked for anything yet."))

    def standing_line(self, title: Sentence) -> Sentence:
        """One request in a list."""
        return self.say("• " + title.template, **title.values)

    def not_recorded(self) -> Sentence:
        return self.say(
            self._("I could not record this, so nothing was asked for. Please try again.")
        )

    def file_unreadable(self, why: str, detail: str) -> Sentence:
        match why:
            case "not_text":
                message = self._(
                    "The file is not text: {detail}. Save the ids as CSV or TXT and give it again."
                )
            case "too_large":
                message = self._("The file is larger than {detail}, the limit here.")
            case "too_many":
                message = self._("The file holds more than {detail} ids, the limit here.")
            case "no_ids":
                message = self._("There is no phone id in the file; it begins with {detail}.")
            case "not_ids":
                message = self._(
                    "More than {detail} words of the file are no phone ids. Is it the right file? "
                    "A column of ids alone is enough."
                )
            case "spreadsheet":
                message = self._(
                    "A spreadsheet has turned ids into numbers such as {detail}; the ids are lost. "
                    "Format the column as text and export it again."
                )
            case "broken":
                message = self._(
                    "The table is broken from line {detail} on: a quote is not closed, or a cell "
                    "is too long. Mend it, or give the ids alone."
                )
            case "gone":
                message = self._("The file is no longer there.")
            case _:
                message = self._("I could not fetch the file ({detail}).")
        return self.say(message, detail=Code(detail or "…"))

    def form_not_opened(self) -> Sentence:
        return self.say(self._("Slack did not open the form in time. This button opens it."))

    def press_again(self) -> Sentence:
        return self.say(self._("Slack did not open the form in time. Please press again."))

    def open_form_again(self) -> str:
        return self._("Open the form again")

    def refusal(self, refused: Refused, approvers: Sequence[str] = ()) -> Sentence:
        """Why not; of what a rule limits also which one came closest, and who may do it."""
        told = [self._why_not(refused, approvers)]
        if refused.rule and refused.why in _LIMITS:
            closest = self._("The rule that comes closest is {rule}.")
            told.append(self.say(closest, rule=Code(refused.rule)))
        if refused.could and refused.why in _OTHERS:
            told.append(self._they_may(refused.could))
        return self.joined(told, " ")

    def _they_may(self, people: Sequence[str]) -> Sentence:
        shown, more = tuple(Mention(one) for one in people[:NAMED]), len(people) - NAMED
        if more <= 0:
            return self.say(self._("This may be asked for by {people}."), people=shown)
        told = self._("This may be asked for by {people} and {more} more.")
        return self.say(told, people=shown, more=self.number(more))

    def _why_not(self, refused: Refused, approvers: Sequence[str]) -> Sentence:
        messages = {
            Why.BOT: self._("Bots may not ask here."),
            Why.DEACTIVATED: self._("This account is deactivated."),
            Why.GUEST: self._("Guests may not do this."),
            Why.EXTERNAL: self._("People of other workspaces may not do this."),
            Why.NO_RULE: self._("No rule of the policy lets you ask for this."),
            Why.PROJECT: self._("No rule of the policy lets you ask for this in this project."),
            Why.ROUTE: self._("No rule of the policy lets you ask for this route."),
            Why.CHANNEL: self._("The policy lets you ask for this in other channels only."),
            Why.DENIED: self._("The policy denies this, by its rule {rule}."),
            Why.HOURS: self._("The policy lets you ask for this at other hours only."),
            Why.SELECTION: self._("The policy does not let you point at phones in this way."),
            Why.SERVERS: self._("The policy lets you ask for phones of other servers only."),
            Why.TAGS: self._("The policy lets you ask for phones of other tags only."),
            Why.TOO_FEW: self._("The policy lets you ask for this from {limit} phones on."),
            Why.SHARE: self._(
                "The policy lets you change at most {limit} phones of this project at a time, "
                "which is a share of them."
            ),
            Why.TOO_MANY: self._("The policy lets you change at most {limit} phones at a time."),
            Why.OWN_REQUEST: self._(
                "Nobody decides on their own request, but you may withdraw it. Ask {approvers}."
            ),
            Why.NOT_APPROVER: self._("You are not among those who may approve this: {approvers}."),
            Why.ALREADY_APPROVED: self._("You have approved this already; another must too."),
        }
        return self.say(
            messages[refused.why],
            limit=self.number(refused.limit or 0),
            rule=Code(refused.rule or "?"),
            approvers=tuple(Mention(one) for one in approvers),
        )

    def other_team(self) -> Sentence:
        return self.say(self._("This bot serves another workspace and does nothing here."))

    def no_file(self, code: str) -> Sentence:
        return self.say(
            self._("The file that belongs here could not be uploaded ({code})."), code=Code(code)
        )

    def lookup_failed(self) -> Sentence:
        return self.say(
            self._(
                "Slack could not tell me who you are just now, so I decided nothing. "
                "Please try again in a minute."
            )
        )
