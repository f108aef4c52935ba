"""What is offered while somebody types: servers and tags of a project, to who may see them."""

from collections.abc import Iterable
from typing import Final

from bot.divert.failures import CloudFailure, LookupFailed
from bot.divert.intake import may_see
from bot.divert.world import World

OFFERED: Final = 100  # options in one answer, by Slack's own limit


async def suggest_servers(world: World, person: str, project: str, typed: str) -> list[str]:
    """Names of servers that hold what was typed, at most 100; none to who may not see them."""
    if not await _may_see(world, person, project):
        return []
    servers = await world.names.servers(project)
    return _offered((server.name for server in servers), typed)


async def suggest_tags(world: World, person: str, project: str, typed: str) -> list[str]:
    """Tags as `key=value` that hold what was typed, at most 100; none to who may not see them."""
    if not await _may_see(world, person, project):
        return []
    tags = await world.names.tags(project)
    return _offered((f"{key}={value}" for key, values in tags.items() for value in values), typed)


async def _may_see(world: World, person: str, project: str) -> bool:
    if project not in world.projects:
        return False
    try:
        return await may_see(world, person, project)
    except (LookupFailed, CloudFailure):
        return False


def _offered(names: Iterable[str], typed: str) -> list[str]:
    """Those that begin with it first, then those that hold it; each in its order."""
    wanted = typed.strip().casefold()
    found = sorted({name for name in names if wanted in name.casefold()})
    found.sort(key=lambda name: not name.casefold().startswith(wanted))
    return found[:OFFERED]
