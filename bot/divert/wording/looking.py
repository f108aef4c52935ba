"""Answers to who only looks: phones as they are, plans not asked for, what has drifted."""

from collections.abc import Sequence

from bot.divert.phones import Route
from bot.divert.selection import Selection
from bot.divert.sentence import Code, Sentence
from bot.divert.wording.plan import SERVERS_NAMED, OfPlan


class Looking(OfPlan):
    """What only the looking person reads."""

    __slots__ = ()

    def phones_now(self, phones: int, project: str, selection: Selection) -> Sentence:
        terms = tuple(Code(str(term)) for term in selection.terms)
        message = self.n_(
            "*{phones}* phone in project {project}",
            "*{phones}* phones in project {project}",
            phones,
        )
        if not terms:
            return self.say(message, phones=self.number(phones), project=project)
        return self.say(
            message + " · {terms}", phones=self.number(phones), project=project, terms=terms
        )

    def by_route(self, counts: Sequence[tuple[str, int]]) -> Sentence:
        return self.say(self._("By route: {parts}"), parts=self._parts(counts))

    def by_status(self, counts: Sequence[tuple[str, int]]) -> Sentence:
        return self.say(self._("By status: {parts}"), parts=self._parts(counts))

    def by_server(self, counts: Sequence[tuple[str, int]], servers: int) -> Sentence:
        return self.say(self._("By server: {parts}"), parts=self._servers(counts, servers))

    def nothing_found(self, selection: Selection) -> Sentence:
        if not selection:
            return self.say(self._("There is no such phone in this project."))
        return self.say(
            self._("No phone fits {terms}."),
            terms=tuple(Code(str(term)) for term in selection.terms),
        )

    def unknown_here(self, phones: int, project: str) -> Sentence:
        return self.say(
            self.n_(
                "{phones} phone is unknown in project {project}.",
                "{phones} phones are unknown in project {project}.",
                phones,
            ),
            phones=self.number(phones),
            project=project,
        )

    def only_looked(self) -> Sentence:
        return self.say(self._("This is only a look: nothing was asked for."))

    def still_looking(self, share: int, left: float) -> Sentence:
        return self.say(
            self._("I have read {share} of the phones, about {left} to go."),
            share=self.percent(share / 100),
            left=self.span(left),
        )

    def look_file(self) -> Sentence:
        return self.say(self._("The file has every phone of what you just looked at."))

    def look_file_is_there(self) -> Sentence:
        return self.say(self._("The file with every phone is in our direct messages."))

    def no_look_file(self) -> Sentence:
        return self.say(self._("The file with every phone could not be given to you."))

    def drift_too_early(self, request_id: str) -> Sentence:
        return self.say(
            self._("{request} has not ended yet; drift is what happens after that."),
            request=Code(request_id),
        )

    def nothing_was_moved(self, request_id: str) -> Sentence:
        return self.say(
            self._("{request} moved no phone, so none can have drifted."), request=Code(request_id)
        )

    def no_drift(self, request_id: str, phones: int, route: Route) -> Sentence:
        return self.say(
            self.n_(
                "The phone that {request} moved is still on {route}.",
                "All {phones} phones that {request} moved are still on {route}.",
                phones,
            ),
            request=Code(request_id),
            phones=self.number(phones),
            route=route,
        )

    def drifted(self, request_id: str, moved: int, phones: int, route: Route) -> Sentence:
        return self.say(
            self.n_(
                "*{moved}* of {phones} phone that {request} moved to {route} is elsewhere now.",
                "*{moved}* of {phones} phones that {request} moved to {route} are elsewhere now.",
                phones,
            ),
            request=Code(request_id),
            moved=self.number(moved),
            phones=self.number(phones),
            route=route,
        )

    def moved_by(self, requests: Sequence[tuple[str, int]], others: int) -> Sentence:
        by_us = [
            self.n_("{n} by {request}", "{n} by {request}", n).format(
                n=self.number(n), request=request
            )
            for request, n in requests[:SERVERS_NAMED]
        ]
        nobody = self.n_("{n} by no request of mine", "{n} by no request of mine", others)
        parts = [*by_us, *self.counted((others, nobody))]
        return self.say(self._("Moved: {parts}."), parts=", ".join(parts))
