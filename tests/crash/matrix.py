"""The story, told with a bot that dies at one fault point after the other."""

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sandbox.demo import last_lines
from tests.crash.conftest import open_scene
from tests.crash.home import Home
from tests.crash.lives import NEVER, Lives
from tests.crash.nursery import Nursery
from tests.crash.proof import assert_the_story_holds, calls_repeated
from tests.crash.story import Story
from tests.crash.truth import Truth
from tests.leaks import folder

TRIES = 2  # at being the first point of a story, until a point counts as not reached


@dataclass(frozen=True)
class Told:
    """How one story went."""

    died_at: tuple[str, ...]
    unreached: str
    repeats: int  # calls for phones that had been sent before
    to_rest: float  # seconds from the last start of the bot


@dataclass
class Theatre:
    """Where the story is played: a new database each time, and `phones` for its people."""

    nursery: Nursery
    new_database: Callable[[], str]  # its URL; empty for a file of the stage's own
    phones: int = 3000

    async def tell(self, points: Sequence[str]) -> Told:
        """Play with a bot that dies at each of these points it comes by, and prove what is left."""
        async with self._staged(iter(points)) as (story, lives):
            try:
                await lives.survive(story.play())
                to_rest = time.monotonic() - lives.began
                await assert_the_story_holds(story, lives.deaths)
            except Exception as failure:
                failure.add_note(f"died at {lives.died_at}, then waited for {lives.unreached}")
                failure.add_note(f"asked {await story.truth.asked()}")
                failure.add_note(last_lines(lives.home.log))
                raise
            repeats = calls_repeated(story.scene.sends())
            unreached = "" if lives.unreached == NEVER else lives.unreached
            return Told(tuple(lives.died_at), unreached, repeats, to_rest)

    async def points(self) -> list[str]:
        """Every point of a story without a death: `name#1`, `name#2` and so on, in their order."""
        async with self._staged(iter(())) as (story, lives):
            await lives.survive(story.play())
            return list(_numbered(lives.passed()))

    @asynccontextmanager
    async def _staged(self, points: Iterator[str]) -> AsyncIterator[tuple[Story, Lives]]:
        with folder("cph-crash-") as place:
            async with open_scene() as scene:
                home = Home.of(scene.sandbox, place, self.new_database())
                truth = Truth(home.environment["CPH_BOT_DATABASE_URL"])
                story = await Story.prepare(scene, truth, self.phones)
                async with Lives(home, self.nursery, points) as lives:
                    yield story, lives
                await truth.close()


@dataclass
class Campaign:
    """Points to die at, taken a few a story until each was reached, or tried often enough."""

    points: deque[str]
    lives: int  # in one story
    until: float = math.inf  # by the monotonic clock; from then on no story begins
    told: list[Told] = field(default_factory=list)
    not_reached: list[str] = field(default_factory=list)
    _tries: Counter[str] = field(default_factory=Counter)

    async def run(
        self, theatre: Theatre, at_once: int, show: Callable[[str], None] = lambda _: None
    ) -> None:
        """Tell stories, so many side by side, until no point is left."""
        async with asyncio.TaskGroup() as stages:
            for _ in range(at_once):
                stages.create_task(self._run(theatre, show))

    async def _run(self, theatre: Theatre, show: Callable[[str], None]) -> None:
        while self.points and time.monotonic() < self.until:
            taken = [self.points.popleft() for _ in range(min(self.lives, len(self.points)))]
            told = await theatre.tell(taken)
            self.told.append(told)
            self._put_back(taken[len(told.died_at) :], first=not told.died_at)
            show(f"{self.kills} kills, {len(self.points)} points left")

    @property
    def kills(self) -> int:
        return sum(len(one.died_at) for one in self.told)

    @property
    def died_at(self) -> set[str]:
        return {name for one in self.told for name in one.died_at}

    def _put_back(self, left: list[str], *, first: bool) -> None:
        """What the story did not come to begins the next one, which may come by it."""
        if left and first:
            self._tries[left[0]] += 1
            if self._tries[left[0]] >= TRIES:
                self.not_reached.append(left.pop(0))
        self.points.extendleft(reversed(left))


def one_of_each(points: Sequence[str]) -> list[str]:
    """The first passing of each name, in their order."""
    return [point for point in points if point.endswith("#1")]


def at_any(places: Iterable[int]) -> list[str]:
    """Points by their place alone, whatever their names are then."""
    return [f"*#{place}" for place in places]


def _numbered(names: Sequence[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name}#{seen[name]}"
