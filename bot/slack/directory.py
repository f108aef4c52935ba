"""Who people are and which user groups they are in, asked of Slack."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.divert.failures import LookupFailed
from bot.divert.policy import Person
from bot.slack.failures import WAIT, PersonGone, SlackAway, SlackFailure, slack_failures

AGAIN: Final = 0.5  # seconds before a look-up is made once more
CACHED: Final = 60.0  # seconds: usergroups.users.list allows 20 calls a minute
_NO_SUCH_GROUP: Final = frozenset({"no_such_subteam", "subteam_not_found"})
_SLACKBOT: Final = "USLACKBOT"

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Remembered(Generic[T]):
    """Answers of the last minute."""

    seconds: float
    clock: Callable[[], float]
    _held: dict[str, tuple[float, T]] = field(default_factory=dict)

    def get(self, key: str) -> T | None:
        born, value = self._held.get(key, (None, None))
        fresh = born is not None and self.clock() - born < self.seconds
        return value if fresh else None

    def put(self, key: str, value: T) -> T:
        now = self.clock()
        self._held = {k: held for k, held in self._held.items() if now - held[0] < self.seconds}
        self._held[key] = (now, value)
        return value


class SlackDirectory:
    """The `Directory` of the use-cases, for the people of one workspace."""

    def __init__(
        self, client: AsyncWebClient, team: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._team = team
        self._people = Remembered[Person](CACHED, clock)
        self._members = Remembered[frozenset[str]](CACHED, clock)
        self._locales: dict[str, str] = {}

    async def person(self, user: str, groups: frozenset[str], *, fresh: bool) -> Person:
        """The person with those of these groups they are in; `fresh` asks Slack for all of it.

        Raises:
            LookupFailed: Slack did not answer, so nothing may be decided.
        """
        try:
            found, members = await asyncio.gather(
                self._person(user, fresh=fresh), self._groups(groups, fresh=fresh)
            )
        except SlackFailure as failure:
            raise LookupFailed(failure.code) from None
        own = frozenset(group for group, users in members.items() if found.id in users)
        return replace(found, groups=own)

    async def members(self, groups: frozenset[str]) -> dict[str, frozenset[str]]:
        """The user ids in each of these user groups, as of the last minute.

        Raises:
            LookupFailed: Slack did not answer.
        """
        try:
            return await self._groups(groups, fresh=False)
        except SlackFailure as failure:
            raise LookupFailed(failure.code) from None

    def locale(self, user: str) -> str:
        """The language this person was last heard to speak; empty where nobody has asked yet."""
        return self._locales.get(user, "")

    async def _groups(self, groups: frozenset[str], *, fresh: bool) -> dict[str, frozenset[str]]:
        names = sorted(groups)
        members = await asyncio.gather(*(self._group(name, fresh=fresh) for name in names))
        return dict(zip(names, members, strict=True))

    async def _person(self, user: str, *, fresh: bool) -> Person:
        known = None if fresh else self._people.get(user)
        return known or self._people.put(user, await self._look_up(user))

    async def _look_up(self, user: str) -> Person:
        """Whoever Slack does not show us is a stranger."""
        try:
            answer = await asked(lambda: self._client.users_info(user=user, include_locale=True))
        except PersonGone:
            return Person(user, external=True)
        found = as_person(answer["user"], self._team)
        self._locales[user] = found.locale
        return found

    async def _group(self, group: str, *, fresh: bool) -> frozenset[str]:
        known = None if fresh else self._members.get(group)
        if known is not None:
            return known
        return self._members.put(group, await self._list(group))

    async def _list(self, group: str) -> frozenset[str]:
        """A group that is gone has no members; the policy names it in vain."""
        try:
            answer = await asked(lambda: self._client.usergroups_users_list(usergroup=group))
        except SlackFailure as failure:
            if failure.code not in _NO_SUCH_GROUP:
                raise
            log.warning("the policy names the user group %s, which Slack does not know", group)
            return frozenset()
        return frozenset(answer["users"] or ())


async def asked(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """Ask what changes nothing, and once more where Slack did not answer: someone waits for it.

    Raises:
        SlackFailure: it did not answer then either, or refused.
    """
    try:
        with slack_failures():
            return await call()
    except SlackAway as away:
        if away.wait > WAIT:
            raise
        await asyncio.sleep(min(away.wait, AGAIN))
    with slack_failures():
        return await call()


def as_person(user: dict[str, Any], team: str) -> Person:
    """A `users.info` answer in our words."""
    return Person(
        id=str(user["id"]),
        team=str(user.get("team_id") or ""),
        bot=bool(user.get("is_bot") or user.get("is_workflow_bot")) or user["id"] == _SLACKBOT,
        deactivated=bool(user.get("deleted")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        external=bool(user.get("is_stranger")) or team not in _teams(user),
        locale=str(user.get("locale") or ""),
    )


def _teams(user: dict[str, Any]) -> list[str]:
    """Workspaces the person belongs to; in an Enterprise organisation there are several."""
    enterprise = user.get("enterprise_user") or {}
    return [str(user.get("team_id") or ""), *enterprise.get("teams", ())]
