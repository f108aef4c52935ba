"""What is said of pauses and freezes: on cards, in threads, to operators and to who is refused."""

from collections.abc import Sequence
from datetime import datetime

from bot.divert.pause import EVERY, Frozen, Pause, Standstill
from bot.divert.policy import Why
from bot.divert.sentence import Code, Mention, Moment, Sentence, Value
from bot.divert.wording.speech import Speech


class Pausing(Speech):
    """In a thread nobody is mentioned; the card says who paused."""

    __slots__ = ()

    def standing(self, standing: Standstill) -> Sentence:
        """What stands, on cards and in `/cph status`."""
        return self._frozen(standing) if isinstance(standing, Frozen) else self._paused(standing)

    def _paused(self, pause: Pause) -> Sentence:
        if pause.project == EVERY and pause.reason:
            message = self._("*All projects are paused* by {operator} since {at}: “{reason}”.")
        elif pause.project == EVERY:
            message = self._("*All projects are paused* by {operator} since {at}.")
        elif pause.reason:
            message = self._("*Project {project} is paused* by {operator} since {at}: “{reason}”.")
        else:
            message = self._("*Project {project} is paused* by {operator} since {at}.")
        goes_on = self._("{command} lets it go on.")
        return self.say(
            f"{message} {goes_on}",
            project=Code(pause.project),
            operator=Mention(pause.by),
            at=Moment(pause.at),
            reason=pause.reason,
            command=_resume(pause),
        )

    def _frozen(self, freeze: Frozen) -> Sentence:
        return self._with_end(
            freeze.until,
            self._("*Freeze “{name}”:* nothing is sent in project {project} until {until}."),
            self._("*Freeze “{name}”:* nothing is sent in project {project}, without an end."),
            name=freeze.name,
            project=Code(freeze.project),
        )

    def _with_end(
        self, until: datetime | None, ending: str, endless: str, **values: Value
    ) -> Sentence:
        if until is None:
            return self.say(endless, **values)
        return self.say(ending, until=Moment(until), **values)

    def _beside(self, standing: Standstill, message: str) -> Sentence:
        """What stands, and what follows from it."""
        told = self.standing(standing)
        return Sentence(f"{told.template} {message}", told.values)

    def not_approved_now(self, standing: Standstill) -> Sentence:
        return self._beside(
            standing, self._("Until then no approval counts; the button stays where it is.")
        )

    def not_asked_now(self, standing: Standstill) -> Sentence:
        return self._beside(
            standing,
            self._("This needs no approval and would start at once, so nothing was asked for."),
        )

    def not_gone_on_now(self, standing: Standstill) -> Sentence:
        return self._beside(standing, self._("Until then nothing goes on."))

    def halted_for(self, standing: Standstill) -> tuple[Sentence, Sentence]:
        """In the thread, as a request halts."""
        if isinstance(standing, Frozen):
            rest = self._(
                "Nothing more is sent. What is under way is followed to its end; the rest goes on "
                "by itself."
            )
            return self._halted_by_freeze(standing), self.say(rest)
        rest = self._(
            "Nothing more is sent. What is under way is followed to its end. The card says who "
            "paused; {command} lets it go on."
        )
        return self._halted_by_pause(standing), self.say(rest, command=_resume(standing))

    def _halted_by_freeze(self, freeze: Frozen) -> Sentence:
        return self._with_end(
            freeze.until,
            self._("*Halted by the freeze “{name}”* until {until}."),
            self._("*Halted by the freeze “{name}”*, which has no end."),
            name=freeze.name,
        )

    def _halted_by_pause(self, pause: Pause) -> Sentence:
        if pause.project == EVERY and pause.reason:
            message = self._("*Halted:* all projects are paused since {at}: “{reason}”.")
        elif pause.project == EVERY:
            message = self._("*Halted:* all projects are paused since {at}.")
        elif pause.reason:
            message = self._("*Halted:* this project is paused since {at}: “{reason}”.")
        else:
            message = self._("*Halted:* this project is paused since {at}.")
        return self.say(message, at=Moment(pause.at), reason=pause.reason)

    def pause_over(self) -> Sentence:
        return self.say(self._("*The pause is over:* going on where it was halted."))

    def freeze_over(self) -> Sentence:
        return self.say(self._("*The freeze is over:* going on where it was halted."))

    def goes_on_soon(self) -> Sentence:
        """On the card, for the moment until it does."""
        return self.say(
            self._("*Halted.* What it was halted for is over; it goes on as soon as Slack has said "
                   "who asked and approved.")
        )  # fmt: skip

    def still_halted(self, refusal: Why) -> Sentence:
        """In the thread and on the card, where the policy does not let it go on."""
        if refusal is Why.NOT_APPROVER:
            message = self._(
                "*Still halted:* an approval no longer counts under today's policy. Go on once "
                "that is mended, or cancel the rest."
            )
        else:
            message = self._(
                "*Still halted:* who asked may no longer ask for this under today's policy. Go on "
                "once that is mended, or cancel the rest."
            )
        return self.say(message)

    def order_heard(self) -> Sentence:
        return self.say(self._("I am finding out whether you may do this; the answer follows."))

    def not_an_operator(self, operators: Sequence[str]) -> Sentence:
        if not operators:
            return self.say(
                self._("The configuration names no operators, so nobody can pause or resume here.")
            )
        return self.say(
            self._("Only operators may pause and resume, and you are none of them: {operators}."),
            operators=tuple(map(Mention, operators)),
        )

    def order_not_checked(self) -> Sentence:
        return self.say(
            self._(
                "Slack could not tell me who you are, so nothing was paused or resumed. Please "
                "try again."
            )
        )

    def no_project_to_pause(self, project: str, known: Sequence[str]) -> Sentence:
        return self.say(
            self._("There is no project {project} here, so nothing was changed. Known: {known}."),
            project=Code(project),
            known=tuple(map(Code, known)),
        )

    def paused_now(self, pause: Pause, running: int) -> tuple[Sentence, Sentence]:
        """To operators, and where the command was given."""
        message = self.n_(
            "{n} request stops between two calls; what it has sent is followed to its end.",
            "{n} requests stop between two calls; what they have sent is followed to its end.",
            running,
        )
        return self.standing(pause), self.say(message, n=self.number(running))

    def paused_before(self, pause: Pause) -> Sentence:
        return self._beside(pause, self._("It stays so; nothing was changed."))

    def resumed_now(self, ended: Sequence[Pause], by: str, halted: int) -> tuple[Sentence, ...]:
        """To operators, and where the command was given; `halted` requests waited for it."""
        going_on = self.n_(
            "{n} halted request goes on, if the policy still lets it.",
            "{n} halted requests go on, as far as the policy still lets them.",
            halted,
        )
        told = (self._ended(pause, by) for pause in ended)
        return (*told, self.say(going_on, n=self.number(halted)))

    def _ended(self, pause: Pause, by: str) -> Sentence:
        if pause.project == EVERY:
            return self.say(self._("*{by} has ended the pause of all projects.*"), by=Mention(by))
        return self.say(
            self._("*{by} has ended the pause of project {project}.*"),
            by=Mention(by),
            project=Code(pause.project),
        )

    def not_paused(self, project: str) -> Sentence:
        if project == EVERY:
            return self.say(self._("Nothing is paused, so nothing was changed."))
        return self.say(
            self._("Project {project} is not paused, so nothing was changed."),
            project=Code(project),
        )

    def only_all_together(self, pause: Pause) -> Sentence:
        return self._beside(
            pause, self._("No project goes on alone meanwhile, so nothing was changed.")
        )


def _resume(pause: Pause) -> Code:
    project = "" if pause.project == EVERY else f" {pause.project}"
    return Code(f"/cph resume{project}")
