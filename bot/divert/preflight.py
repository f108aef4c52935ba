"""What may keep a phone from taking the change now, seen before anyone approves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from bot.divert.failures import CloudFailure
from bot.divert.phones import Phone, Route
from bot.divert.selection import STATUSES, status_word
from bot.divert.world import World

NO_CONTAINER: Final = "no_container"
# A status the cloud did not give says nothing against a phone.
_READY: Final = frozenset({0, STATUSES["running"]})


async def hindrances(
    world: World, project: str, route: Route, phones: Sequence[Phone]
) -> dict[str, str]:
    """Why some of these phones may refuse the change: phone id to a status word or NO_CONTAINER.

    The cloud refuses phones that do not run (CPS.0141, CPS.0165, CPS.0053), and sends `routing`
    through the container of the phone's server (CPS.0123, CPS.0124, CPS.0195).
    """
    found = {one.id: status_word(one.status) for one in phones if one.status not in _READY}
    if route is Route.ROUTING:
        for phone in await _without_container(world, project, phones):
            found.setdefault(phone.id, NO_CONTAINER)
    return found


async def _without_container(
    world: World, project: str, phones: Sequence[Phone]
) -> Sequence[Phone]:
    servers = frozenset(phone.server for phone in phones)
    try:
        running = await world.cloud.containers(project, servers)
    except CloudFailure:
        return ()  # a warning less is no reason to refuse
    return [phone for phone in phones if phone.server not in running]


def by_reason(hindered: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """The reasons, the most frequent first, and how many phones each concerns."""
    return tuple(Counter(hindered.values()).most_common())
