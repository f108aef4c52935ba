"""One call to each project's cloud at the start: a refused key is known before somebody asks."""

import logging
from typing import Final

from bot.divert.failures import CloudFailure, Stop
from bot.divert.pacing import paced
from bot.divert.sentence import Post, Sentence, ToChannel
from bot.divert.world import World

_log: Final = logging.getLogger(__name__)


async def reach_all(world: World) -> None:
    """One project after the other."""
    for project in world.projects:
        await _reach(world, project)


async def _reach(world: World, project: str) -> None:
    """Try it, and tell the log of a failure; of one that a person must mend, the channel too."""
    try:
        async with paced(world.cloud, world.ledger, project):
            await world.cloud.check(project)
    except Stop as refusal:
        why = world.cloud.explain(refusal.code)
        _log.error("project %s cannot be used (%s): %s %s", project, refusal.code, *why)
        told = world.project_words(project).cannot_use(project, refusal.code, *why)
        await _tell(world, project, told)
    except CloudFailure as failure:
        _log.warning("the cloud of project %s does not answer: %s", project, failure)


async def _tell(world: World, project: str, told: Sentence) -> None:
    """Once a day, however often the bot is started."""
    day = world.clock.now().date()
    post = Post(ToChannel(world.projects[project].channel), (told,), once=f"reach {project} {day}")
    await world.ledger.write(lambda tx: tx.say(post))
