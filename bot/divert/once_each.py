"""People as Slack knows them in one round of decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.divert.policy import Person
from bot.divert.ports import Directory


@dataclass(frozen=True, slots=True)
class OnceEach:
    """A directory for a round: everybody is asked for anew, and but once.

    Slack allows few look-ups of groups a minute, and one person may have many requests.
    """

    directory: Directory
    _known: dict[tuple[str, frozenset[str]], Person] = field(default_factory=dict)

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        known = self._known.get((user, groups))
        if known is None:
            known = await self.directory.person(user, groups, fresh=fresh)
            self._known[user, groups] = known
        return known

    async def members(self, groups: frozenset[str]) -> Mapping[str, frozenset[str]]:
        return await self.directory.members(groups)

    def locale(self, user: str) -> str:
        return self.directory.locale(user)
