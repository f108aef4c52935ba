"""What the forms say: plain text without marks, as Slack's forms take no more."""

from bot.divert.phones import Route
from bot.divert.wording.speech import Speech


class InForm(Speech):
    """Labels, hints and mistakes of the forms."""

    __slots__ = ()

    def form_title(self) -> str:
        return self._("Divert phone traffic")

    def form_submit(self) -> str:
        return self._("Ask for it")

    def form_close(self) -> str:
        return self._("Close")

    def form_route(self) -> str:
        return self._("Route")

    def form_route_choice(self, route: Route) -> str:
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

    def form_reason(self) -> str:
        return self._("Reason")

    def form_needs_route(self) -> str:
        return self._("Choose a route.")

    def form_needs_phones(self) -> str:
        return self._("Give phone ids here, or a file below.")

    def form_no_ids(self, words: str) -> str:
        return self._(
            "There is no phone id in this; I read {words}. A phone id is 16 to 64 letters, "
            "digits or dashes."
        ).format(words=words)

    def form_not_recorded(self) -> str:
        return self._("I could not record this, so nothing was asked for. Please try again.")

    def deny_title(self) -> str:
        return self._("Deny the request")

    def deny_submit(self) -> str:
        return self._("Deny")

    def deny_reason(self) -> str:
        return self._("Why?")

    def deny_needs_reason(self) -> str:
        return self._("Say why, so that the person who asked can mend it.")
