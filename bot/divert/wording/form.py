"""What the forms say: plain text without marks, as Slack's forms take no more."""

from bot.divert.phones import Route
from bot.divert.wording.speech import Speech


class InForm(Speech):
    """Labels, hints and mistakes of the forms."""

    __slots__ = ()

    def form_title(self) -> str:  # at most 24 characters, as the next two
        return self._("Divert phone traffic")

    def form_submit(self) -> str:
        return self._("Ask for it")

    def form_close(self) -> str:
        return self._("Close")

    def form_route(self) -> str:
        return self._("Route")

    def form_route_choice(self, route: Route) -> str:  # at most 75
        if route is Route.DIRECT:
            return self._("direct: the default route")
        return self._("routing: through the server's encoding container")

    def form_project(self) -> str:
        return self._("Project")

    def form_ids(self) -> str:
        return self._("Phone ids")

    def form_ids_hint(self) -> str:
        return self._("Up to 90 fit here, separated by spaces, commas or lines. More go in a file.")

    def form_file(self) -> str:
        return self._("File of phone ids")

    def form_file_hint(self) -> str:
        return self._("CSV or text, one id a line or in a column named phone_id.")

    def form_servers(self) -> str:
        return self._("Servers")

    def form_narrows(self) -> str:
        return self._(
            "Servers, tags, status and terms must all hold. They choose phones by themselves, or "
            "narrow the ids and the file above."
        )

    def form_tags(self) -> str:
        return self._("Tags of servers")

    def form_type_some(self) -> str:  # at most 150, as the other placeholder
        return self._("Type a part of it")

    def form_status(self) -> str:
        return self._("Status of phones")

    def form_any_status(self) -> str:
        return self._("Any")

    def form_terms(self) -> str:
        return self._("Further terms")

    def form_terms_hint(self) -> str:
        return self._("As in a command, such as name:mobile-* -server:edge-03; a dash excludes.")

    def form_reason(self) -> str:
        return self._("Reason")

    def form_needs_route(self) -> str:
        return self._("Choose a route.")

    def form_needs_phones(self) -> str:
        return self._("Give phone ids here, or a file below, or choose phones by terms.")

    def form_only_excluded(self) -> str:
        return self._(
            "This only excludes. Say also which phones are meant: by ids, a file, servers, tags, "
            "status or a term."
        )

    def form_unreadable_terms(self, words: str) -> str:
        return self._(
            "Only terms are read here, such as name:mobile-* or route:direct; I read {words}."
        ).format(words=words)

    def form_did_you_mean(self, terms: str) -> str:
        return self._("Did you mean {terms}?").format(terms=terms)

    def form_terms_left_out(self) -> str:
        return self._(
            "The terms of this request are too long for the form and none of them is filled in. "
            "Give them again."
        )

    def form_no_ids(self, words: str) -> str:
        return self._(
            "There is no phone id in this; I read {words}. A phone id is 16 to 64 letters, "
            "digits or dashes."
        ).format(words=words)

    def form_not_recorded(self) -> str:
        return self._("I could not record this, so nothing was asked for. Please try again.")

    def deny_title(self, request_id: str) -> str:  # at most 24, as the next one
        return self._("Deny {request}").format(request=request_id)

    def deny_submit(self) -> str:
        return self._("Deny")

    def deny_reason(self) -> str:
        return self._("Why?")

    def deny_needs_reason(self) -> str:
        return self._("Say why, so that the person who asked can mend it.")
