"""How far a plan reaches, as far as the policy cares: its servers, their tags, the whole fleet."""

from collections import defaultdict
from collections.abc import Iterable

from bot.divert.policy import Extent, Place
from bot.divert.selecting import fleet_size
from bot.divert.world import World


async def extent(world: World, project: str, homes: Iterable[str], fleet: int | None) -> Extent:
    """What the policy asks about these servers and this project, with no call that it needs not.

    `fleet` is the number of the project's phones where it is known already.

    Raises:
        CloudFailure: it cannot be read, so nothing can be decided.
    """
    policy = world.policy()
    if fleet is None and policy.speaks_of_shares(project):
        fleet = await fleet_size(world, project)
    if not policy.speaks_of_servers(project):
        return Extent(fleet)
    return Extent(fleet, await _places(world, project, homes))


async def _places(world: World, project: str, homes: Iterable[str]) -> tuple[Place, ...]:
    names = {one.id: one.name for one in await world.names.servers(project, fresh=True)}
    tags = await _tags(world, project)
    ordered = sorted(set(homes))
    return tuple(Place(home, names.get(home, ""), tuple(tags[home])) for home in ordered)


async def _tags(world: World, project: str) -> dict[str, list[str]]:
    """The tags that the policy speaks of, by server."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted(world.policy().tag_keys(project)):
        for server, value in (await world.cloud.tagged(project, key)).items():
            found[server].append(f"{key}={value}")
    return found
