"""Answers to the person who asks, before and beside the card."""

from collections.abc import Sequence

from bot.divert.policy import Refused, Why
from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech


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

    def misread(self, kind: str, word: str) -> Sentence:
        """What could not be understood; `word` is empty where something is missing."""
        told = self._misread(kind) if word else self._missing(kind)
        return self.say(told, word=Code(word))

    def _missing(self, kind: str) -> str:
        if kind == "route":
            return self._(
                "Which route? Write `direct` or `routing` after `divert`, then the phone ids. "
                "Nothing was asked for."
            )
        return self._(
            "There is no phone id in this. Write them after the route, or give a file in the form "
            "that `/cph divert` opens. Nothing was asked for."
        )

    def _misread(self, kind: str) -> str:
        return {
            "route": self._(
                "Which route? Write `direct` or `routing` after `divert`, then the phone ids. "
                "I read {word}. Nothing was asked for."
            ),
            "no_ids": self._(
                "There is no phone id in this; I read {word}. A phone id is 16 to 64 letters, "
                "digits or dashes. Nothing was asked for."
            ),
            "key": self._(
                "I do not know the term {word}. `reason:` and `project:` are read. "
                "Nothing was asked for."
            ),
            "request_id": self._("{word} is no request id. They look like `D-7K3M`."),
            "verb": self._("I do not know {word}. `/cph help` shows what I can do."),
        }[kind]

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

    def help(self) -> Sentence:
        return self.say(
            self._(
                "*Change the traffic route of cloud phones*\n"
                '`/cph divert routing <ids…> reason:"why"` asks for the route `routing`\n'
                "`/cph divert direct <ids…>` asks for the route `direct`, the default\n"
                "`/cph divert` opens the form, for long lists and files\n"
                "`/cph status` shows the latest requests, `/cph status D-7K3M` one of them\n"
                "Ids may be separated by spaces, commas or new lines. `project:name` chooses a "
                "project."
            )
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
            case "spreadsheet":
                message = self._(
                    "A spreadsheet has turned ids into numbers such as {detail}; the ids are lost. "
                    "Format the column as text and export it again."
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
        messages = {
            Why.BOT: self._("Bots may not ask here."),
            Why.DEACTIVATED: self._("This account is deactivated."),
            Why.GUEST: self._("Guests may not do this."),
            Why.EXTERNAL: self._("People of other workspaces may not do this."),
            Why.NO_RULE: self._("No rule of the policy lets you ask for this."),
            Why.PROJECT: self._("No rule of the policy lets you ask for this in this project."),
            Why.ROUTE: self._("No rule of the policy lets you ask for this route."),
            Why.CHANNEL: self._("The policy lets you ask for this in other channels only."),
            Why.TOO_MANY: self._("The policy lets you change at most {limit} phones at a time."),
            Why.OWN_REQUEST: self._("Nobody approves their own request. Ask {approvers}."),
            Why.NOT_APPROVER: self._("You are not among those who may approve this: {approvers}."),
            Why.ALREADY_APPROVED: self._("You have approved this already; another must too."),
        }
        return self.say(
            messages[refused.why],
            limit=self.number(refused.limit or 0),
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
