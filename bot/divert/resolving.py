"""A wish resolved at one moment: its plan, and what a card or an answer tells of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.divert.failures import CloudFailure
from bot.divert.outcome import PhoneRow, PhoneState
from bot.divert.phones import Route
from bot.divert.plan import Plan, cut_plan
from bot.divert.preflight import NO_CONTAINER, by_reason, hindrances
from bot.divert.request import Note
from bot.divert.selecting import Meant
from bot.divert.world import World

SERVERS_TOLD: Final = 5  # those with most phones; the file has all
FIRST: Final = 3  # ids told of a plan


@dataclass(frozen=True, slots=True)
class Resolved:
    """The plan with all that was seen beside it; `names` are the servers' names by their ids."""

    meant: Meant
    plan: Plan
    hindered: Mapping[str, str]  # of the phones to change, by phone id
    names: Mapping[str, str]

    def rows(self) -> Iterator[PhoneRow]:
        """Every distinct id as the ledger keeps it, in the order of the ids."""
        states = self._states()
        for number, phone_id in enumerate(self.meant.ids, 1):
            yield self._row(number, phone_id, states[phone_id])

    def _states(self) -> dict[str, PhoneState]:
        plan = self.plan
        return {
            **dict.fromkeys(plan.unknown, PhoneState.UNKNOWN),
            **{phone.id: PhoneState.UNCHANGED for phone in plan.unchanged},
            **{phone.id: PhoneState.EXCLUDED for phone in plan.excluded},
            **{phone.id: PhoneState.PLANNED for phone in plan.changes},
        }

    def _row(self, number: int, phone_id: str, state: PhoneState) -> PhoneRow:
        phone = self.meant.seen.get(phone_id)
        if phone is None:
            return PhoneRow(phone_id, number, state)
        return PhoneRow(
            phone_id,
            number,
            state,
            phone.route,
            phone.server,
            name=phone.name,
            server_name=self.names.get(phone.server, ""),
            hindrance=self.hindered.get(phone_id, ""),
            place=phone.place,
        )

    def note(self, before: Note) -> Note:
        """What the card tells beside the counts."""
        by_server = most_first(
            self.names.get(phone.server) or phone.server for phone in self.plan.changes
        )
        planned = {phone.id for phone in self.plan.changes}
        standing = {one: why for one, why in self.hindered.items() if one in planned}
        return replace(
            before,
            no_container=self._without_container(standing),
            hindered=by_reason(standing),
            servers=tuple(by_server[:SERVERS_TOLD]),
            server_count=len(by_server),
            first=tuple(phone.id for phone in self.plan.changes[:FIRST]),
            whole_fleet=self.meant.whole_fleet,
        )

    def _without_container(self, hindered: Mapping[str, str]) -> tuple[str, ...]:
        homes = (
            self.meant.seen[phone_id].server
            for phone_id, why in hindered.items()
            if why == NO_CONTAINER
        )
        return tuple(dict.fromkeys(self.names.get(home) or home for home in homes))


def most_first(names: Iterable[str]) -> list[tuple[str, int]]:
    """How often each name comes, the most frequent first, and of equals by name."""
    return sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))


async def resolve(
    world: World, project: str, route: Route, meant: Meant, *, leave_hindered_out: bool
) -> Resolved:
    """Cut the plan of what was meant, without the phones that cannot take it if so wished.

    Raises:
        CloudFailure: the cloud could not be read.
    """
    plan = cut_plan(project, route, meant.ids, meant.seen, meant.excluded)
    hindered = await hindrances(world, project, route, plan.changes)
    if leave_hindered_out and hindered:
        excluded = meant.excluded | hindered.keys()
        plan = cut_plan(project, route, meant.ids, meant.seen, excluded)
    return Resolved(meant, plan, hindered, await server_names(world, project))


async def server_names(world: World, project: str) -> dict[str, str]:
    """Names by id; none where they cannot be read, for an id names a server as well."""
    try:
        return {server.id: server.name for server in await world.names.servers(project)}
    except CloudFailure:
        return {}
