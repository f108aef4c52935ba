"""What the forms say in which somebody looks once more before they decide."""

from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech


class Weighing(Speech):
    """Buttons that open a form before they decide, and what stands in it."""

    __slots__ = ()

    def approve_typed(self) -> str:
        return self._("Approve …")

    def break_glass(self) -> str:
        return self._("Break glass …")

    def mark_reviewed(self) -> str:
        return self._("Mark as reviewed")

    def confirm_reviewed(self) -> Sentence:
        return self.say(
            self._("You have looked at what was run without approval, and why. It is recorded.")
        )

    def ran_without_approval(self, request_id: str, by: str) -> Sentence:
        """To who comes too late to decide on it."""
        return self.say(
            self._("{request} was started without approval by {by}, who broke the glass."),
            request=Code(request_id),
            by=Mention(by),
        )

    def plan_is(self, request_id: str, plan: str) -> Sentence:
        return self.say(self._("{request}, plan {plan}"), request=Code(request_id), plan=Code(plan))

    def approve_title(self) -> str:  # at most 24 characters, as the titles and buttons below
        return self._("Approve this plan")

    def approve_submit(self) -> str:
        return self._("Approve")

    def form_type_number(self) -> str:
        return self._("Type the number of phones that change")

    def form_type_hint(self) -> str:
        return self._("For so many phones a click is not enough. 1000 and 1,000 are read alike.")

    def form_no_number(self, typed: str) -> str:
        return self._("I read {typed}, which is no number. Type how many phones change.").format(
            typed=typed
        )

    def form_other_number(self, typed: int, phones: int) -> str:
        return self.n_(
            "You typed {typed}, and {phones} phone changes. Nothing is decided yet.",
            "You typed {typed}, and {phones} phones change. Nothing is decided yet.",
            phones,
        ).format(typed=self.number(typed), phones=self.number(phones))

    def glass_title(self) -> str:
        return self._("Break the glass")

    def glass_submit(self) -> str:
        return self._("Run it now")

    def glass_warning(self) -> Sentence:
        return self.say(
            self._(
                "*This runs at once, without the approvals that are missing.* The operators are "
                "told who did it and why, and somebody else has to review it afterwards."
            )
        )

    def glass_reason(self) -> str:
        return self._("Why can it not wait?")

    def glass_needs_reason(self) -> str:
        return self._("Say why it cannot wait; whoever reviews it reads this.")
