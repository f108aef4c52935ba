"""What is said where a request is edited, or asked for again, from its card."""

from bot.divert.sentence import Code, Mention, Sentence
from bot.divert.wording.speech import Speech


class Editing(Speech):
    """On the buttons, in the form, in the old thread, and to who comes too late."""

    __slots__ = ()

    def edit(self) -> str:
        return self._("Edit …")

    def ask_again(self) -> str:
        return self._("Ask again …")

    def only_requester_edits(self, requester: str) -> Sentence:
        return self.say(
            self._("Only {requester}, who asked for this, can edit it or ask for it again."),
            requester=Mention(requester),
        )

    def too_late_to_edit(self) -> Sentence:
        """Behind what became of it."""
        return self.say(
            self._(
                "It can no longer be edited. The button opens its form for a request of its own."
            )
        )

    def too_late_to_replace(self) -> Sentence:
        """Behind what became of it while the form was open."""
        return self.say(
            self._(
                "What you have edited can no longer take its place, so I asked for nothing. The "
                "button asks for it as a request of its own."
            )
        )

    def heard_instead(self, request_id: str, replaced: str) -> Sentence:
        return self.say(
            self._(
                "{request}, in place of {replaced}: I am reading these phones from the cloud. The "
                "plan follows."
            ),
            request=Code(request_id),
            replaced=Code(replaced),
        )

    def replaced_by(self, request_id: str) -> Sentence:
        """In the thread of the one that waited."""
        return self.say(
            self._("Edited: {request} takes the place of this request, which is withdrawn."),
            request=Code(request_id),
        )

    def asked_again_as(self, request_id: str) -> Sentence:
        """In the thread of the one that was closed already."""
        return self.say(self._("Asked for again as {request}."), request=Code(request_id))

    def decided_elsewhere(self, request_id: str, replaced_by: str) -> Sentence:
        return self.say(
            self._("{request} was edited; {replaced_by} has taken its place. Look at its card."),
            request=Code(request_id),
            replaced_by=Code(replaced_by),
        )

    def form_replaces(self, request_id: str) -> str:
        return self._(
            "Sending this withdraws {request} and takes its place. Approvals given to it no longer "
            "count."
        ).format(request=request_id)

    def form_asks_again(self, request_id: str) -> str:
        return self._("This asks again for what {request} asked for.").format(request=request_id)

    def form_unchanged(self, request_id: str) -> str:
        return self._(
            "Nothing is changed. {request} waits for approval as it is; close the form to leave "
            "it so."
        ).format(request=request_id)

    def form_not_theirs(self, request_id: str) -> str:
        return self._(
            "{request} is no request of yours that I still have. Open a new form with /cph divert."
        ).format(request=request_id)

    def form_kept(self, request_id: str) -> str:
        return self._("Phone ids of {request}").format(request=request_id)

    def form_keep(self, ids: int) -> str:  # at most 75 characters
        return self.n_("Keep its {n} id", "Keep all {n} ids", ids).format(n=self.number(ids))

    def form_kept_hint(self) -> str:
        return self._(
            "They do not fit into a field. While this is ticked, they are asked for together with "
            "what you give below; untick it to ask for other phones instead."
        )

    def form_file_again(self) -> str:
        return self._("A file cannot be filled in. Give it again.")
