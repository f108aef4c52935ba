"""The policy in force, and the file it comes from, looked at again while the bot runs.

What the file says beside the policy counts from the next start on, and this is said.
"""

import asyncio
import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.config_file import ConfigFile
from bot.config_reading import parsed, read_content
from bot.divert.failures import LedgerAway
from bot.divert.new_policy import Operators
from bot.divert.policy import Policy
from bot.divert.transaction import Transaction
from bot.environment import ConfigError

EVERY: Final = 2.0  # seconds between two looks
# The sections that hold the policy; what is left of `operators` is looked at by itself.
_POLICY: Final = {"operators", "roles", "rules", "protected", "freezes", "approving"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """The file as one look found it; `content` is a digest of it, or why it cannot be read."""

    content: str
    mistakes: tuple[str, ...] = ()
    file: ConfigFile | None = None


@dataclass(slots=True)
class PolicyFile:
    """The file, and what of it is in force: the last policy that was in order."""

    path: str
    started: ConfigFile  # what this process was started with
    policy: Policy = field(init=False)
    mistakes: tuple[str, ...] = ()  # of the file as it is now
    _believed: str = ""  # the content that was acted on
    _last: str = ""  # the content that the last look saw

    def __post_init__(self) -> None:
        self.policy = self.started.policy()

    def look(self, *, at_once: bool) -> Seen | None:
        """What is new in the file.

        A file may be half written, or gone for a moment: what only one look has seen is not
        believed, unless somebody says that it is there.
        """
        content, reading = self._content()
        before, self._last = self._last, content
        if content == self._believed or (content != before and not at_once):
            return None
        self._believed = content
        return reading()

    def _content(self) -> tuple[str, Callable[[], Seen]]:
        try:
            found = read_content(self.path)
        except ConfigError as unreadable:
            seen = Seen(str(unreadable), unreadable.mistakes)
            return seen.content, lambda: seen
        content = hashlib.sha256(found).hexdigest()
        return content, lambda: self._read(content, found)

    def _read(self, content: str, found: bytes) -> Seen:
        try:
            return Seen(content, file=parsed(self.path, found, ConfigFile))
        except ConfigError as wrong:
            return Seen(content, wrong.mistakes)

    def others(self, file: ConfigFile) -> tuple[str, ...]:
        """The keys beside the policy that are other than at the start."""
        was, now = _rest(self.started), _rest(file)
        return tuple(key for key in was | now if was.get(key) != now.get(key))


def _rest(file: ConfigFile) -> dict[str, object]:
    """What the file says beside the policy, by key."""
    told = file.model_dump(mode="json", exclude=_POLICY | {"projects"})
    projects = {name: one.model_dump(mode="json") for name, one in file.projects.items()}
    return {
        **{f"{section}.{key}": value for section in told for key, value in told[section].items()},
        "operators.channel": file.operators.channel,
        "projects": list(projects),  # the first is the default
        **{f"projects.{name}": one for name, one in projects.items()},
    }


Work = Callable[[Transaction], None]


@dataclass(slots=True)
class PolicyWatch:
    """Looks at the file, puts a new policy in force, and tells the operators of it."""

    file: PolicyFile
    operators: Operators
    _untold: deque[Work] = field(default_factory=deque)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _hurried: asyncio.Task[None] | None = None  # kept, or it may vanish

    def __post_init__(self) -> None:
        self._tell_policy(self.file.policy)

    async def look(self, *, at_once: bool = False) -> None:
        """Look once, and tell what is new; while the ledger is away, it waits.

        Raises:
            LedgerAway: it is told after a later look.
        """
        async with self._turn:
            if seen := await asyncio.to_thread(self.file.look, at_once=at_once):
                self._take(seen)
            while self._untold:
                await self.operators.world.ledger.write(self._untold[0])
                self._untold.popleft()

    def hurry(self) -> None:
        """Begin to look at once, since somebody says that the file is as it shall be."""
        self._hurried = asyncio.create_task(self._hurry())

    async def _hurry(self) -> None:
        try:
            await self.look(at_once=True)
        except LedgerAway:
            _log.warning("what is new in the policy is told once the database is back")

    def _take(self, seen: Seen) -> None:
        self.file.mistakes = seen.mistakes
        if seen.file is None:
            self._keep_old(seen)
            return
        self._untold.append(self.operators.file_is_good)
        before, self.file.policy = self.file.policy, seen.file.policy()
        if self.file.policy.version != before.version:
            _log.info(
                "policy %s is in force, in place of %s", self.file.policy.version, before.version
            )
            self._tell_policy(before)
        self._tell_rest(seen.file)

    def _keep_old(self, seen: Seen) -> None:
        version = self.file.policy.version
        for line in seen.mistakes:
            _log.warning("policy %s stays in force: %s", version, line)
        self._untold.append(
            lambda tx: self.operators.file_is_bad(tx, seen.content, seen.mistakes, version)
        )

    def _tell_policy(self, before: Policy) -> None:
        policy = self.file.policy
        self._untold.append(lambda tx: self.operators.policy_is(tx, policy, before))

    def _tell_rest(self, file: ConfigFile) -> None:
        keys = self.file.others(file)
        if keys:
            _log.warning("this counts once the bot is started again: %s", ", ".join(keys))
        content = json.dumps(_rest(file), sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        self._untold.append(lambda tx: self.operators.rest_is(tx, digest, keys))
