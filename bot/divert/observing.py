"""Phones read from the cloud as they are now: before a change, and after it as proof."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

from bot.divert.phones import Phone
from bot.divert.world import World

PAGE: Final = 200  # phones in one page of the cloud's list


async def observe(world: World, project: str, ids: Sequence[str]) -> dict[str, Phone]:
    """These phones as they are now, read by whichever costs fewer calls: one by one, or paged.

    Raises:
        CloudFailure: the cloud could not be read.
    """
    wanted = frozenset(ids)
    if len(wanted) <= 1:
        return await _one_by_one(world, project, wanted)
    seen: dict[str, Phone] = {}
    async for count, page in world.cloud.phone_pages(project):
        first = not seen
        seen.update((phone.id, phone) for phone in page if phone.id in wanted)
        left = wanted - seen.keys()
        if not left:
            break
        if first and len(left) < ceil(count / PAGE) - 1:
            return seen | await _one_by_one(world, project, left)
    return seen


async def _one_by_one(world: World, project: str, ids: Iterable[str]) -> dict[str, Phone]:
    found = [await world.cloud.phone(project, phone_id) for phone_id in ids]
    return {phone.id: phone for phone in found if phone is not None}
