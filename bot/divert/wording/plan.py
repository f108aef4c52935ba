"""What is said of a selection and of the plan it makes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.divert.phones import Route
from bot.divert.selection import Selection
from bot.divert.sentence import Code, Moment, Sentence
from bot.divert.wording.speech import Speech

SERVERS_NAMED: Final = 5  # more are only counted


class OfPlan(Speech):
    """On the card, in a refusal, and where somebody only looks."""

    __slots__ = ()

    def would_change(self, phones: int, batches: int, route: Route) -> Sentence:
        calls = self.n_("{batches} call", "{batches} calls", batches).format(
            batches=self.number(batches)
        )
        return self.say(
            self.n_(
                "*{phones}* phone changes to *{route}*, in {calls}.",
                "*{phones}* phones change to *{route}*, in {calls}.",
                phones,
            ),
            phones=self.number(phones),
            route=route,
            calls=calls,
        )

    def selected_by(self, selection: Selection) -> Sentence:
        return self.say(
            self._("Selected by {terms}"), terms=tuple(Code(str(term)) for term in selection.terms)
        )

    def whole_fleet(self, project: str) -> Sentence:
        return self.say(
            self._("*This is every phone of project {project}: the whole fleet.*"),
            project=project,
        )

    def on_servers(
        self, servers: Sequence[tuple[str, int]], count: int, first: Sequence[str]
    ) -> Sentence:
        return self.say(
            self._("Phones by server: {servers}. The first ones: {ids}"),
            servers=self._servers(servers, count),
            ids=tuple(map(Code, first)),
        )

    def left_out(
        self, unchanged: int, unknown: int, excluded: int, repeated: int, unreadable: int
    ) -> Sentence:
        nowhere = self.n_("{n} is unknown to the cloud", "{n} are unknown to the cloud", unknown)
        named = self.counted(
            (unchanged, self.n_("{n} is there already", "{n} are there already", unchanged)),
            (unknown, nowhere),
            (excluded, self.n_("{n} is excluded", "{n} are excluded", excluded)),
            (repeated, self.n_("{n} was given twice", "{n} were given again", repeated)),
            (unreadable, self.n_("{n} word is unreadable", "{n} words are unreadable", unreadable)),
        )
        if not named:
            return self.say(self._("Nothing is left out."))
        return self.say(self._("Left out: {parts}."), parts=", ".join(named))

    def hindered(self, reasons: Sequence[tuple[str, int]], servers: Sequence[str]) -> Sentence:
        """Phones that may refuse the change now; `servers` are those without a container."""
        phones = sum(count for _, count in reasons)
        few = len(servers) <= SERVERS_NAMED
        where = ", ".join(servers) if few else self.number(len(servers))
        parts = (self._hindrance(why).format(n=self.number(n), servers=where) for why, n in reasons)
        return self.say(
            self.n_(
                "*Look:* {phones} phone may not take the change now: {parts}.",
                "*Look:* {phones} phones may not take the change now: {parts}.",
                phones,
            ),
            phones=self.number(phones),
            parts=", ".join(parts),
        )

    def _hindrance(self, why: str) -> str:
        """One reason, with its count for `{n}`; a status nobody has described is its number."""
        known = {
            "no_container": self._(
                "{n} on servers without a running encoding container ({servers})"
            ),
            "creating": self._("{n} being created"),
            "resetting": self._("{n} being reset"),
            "restarting": self._("{n} restarting"),
            "frozen": self._("{n} frozen"),
            "stopping": self._("{n} stopping"),
            "stopped": self._("{n} stopped"),
            "reset-failed": self._("{n} with a failed reset"),
            "restart-failed": self._("{n} with a failed restart"),
            "abnormal": self._("{n} abnormal"),
            "creation-failed": self._("{n} with a failed creation"),
            "stop-failed": self._("{n} with a failed stop"),
        }
        return known.get(why) or self._("{n} with the status {why}").replace("{why}", why)

    def plan_footer(self, request_id: str, plan: str, made: datetime) -> Sentence:
        return self.say(
            self._("{request} · plan {plan} · read from the cloud {made}"),
            request=Code(request_id),
            plan=Code(plan),
            made=Moment(made),
        )

    def no_such_server(self, value: str, project: str) -> Sentence:
        return self.say(
            self._("There is no server {value} in project {project}. Nothing was asked for."),
            value=Code(value),
            project=Code(project),
        )

    def no_such_tag(self, value: str, project: str) -> Sentence:
        return self.say(
            self._("No server of project {project} has the tag {value}. Nothing was asked for."),
            value=Code(value),
            project=Code(project),
        )

    def other_project(self, project: str) -> Sentence:
        return self.say(
            self._("Project {project} has one; add {term}."),
            project=Code(project),
            term=Code(f"project:{project}"),
        )

    def nothing_selected(self, selection: Selection) -> Sentence:
        return self.say(
            self._("No phone fits {terms}. Nothing was asked for."),
            terms=tuple(Code(str(term)) for term in selection.terms),
        )

    def too_many_meant(self, phones: int, limit: int) -> Sentence:
        return self.say(
            self._(
                "This means {phones} phones; one request holds at most {limit}. Select fewer, "
                "server by server for example. Nothing was asked for."
            ),
            phones=self.number(phones),
            limit=self.number(limit),
        )

    def still_reading(self, request_id: str, share: int, left: float) -> Sentence:
        return self.say(
            self._("{request}: I have read {share} of the phones, about {left} to go."),
            request=Code(request_id),
            share=self.percent(share / 100),
            left=self.span(left),
        )

    def _parts(self, counts: Sequence[tuple[str, int]]) -> str:
        return " · ".join(f"{name or '?'} ({self.number(count)})" for name, count in counts)

    def _servers(self, counts: Sequence[tuple[str, int]], servers: int) -> str:
        """The servers with most phones, and how many more there are."""
        more = servers - len(counts)
        named = self._parts(counts)
        if not more:
            return named
        return self.n_("{named} and {n} more", "{named} and {n} more", more).format(
            named=named, n=self.number(more)
        )
