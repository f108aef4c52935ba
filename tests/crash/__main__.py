"""`make crash`: the story killed again and again, on both databases side by side.

Writes what it saw to `crash-report.md`. Each database has a process of its own.
"""

import argparse
import asyncio
import json
import math
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.crash.matrix import Campaign, Theatre, at_any
from tests.crash.nursery import Nursery
from tests.postgres import fresh_database, running_postgres

DATABASES: Final = ("sqlite", "postgresql")
REPORT: Final = Path("crash-report.md")
MANY, FEW = 30, 5  # lives in one story
# Points in a life at most; some 40 are passed in a start, and on PostgreSQL more while the dead are
# given up.
SHORT: Final = {"sqlite": 100, "postgresql": 160}
LONG: Final = 0.3  # of all lives
AT_ONCE: Final = {"sqlite": 2, "postgresql": 5}  # stories

Figures = dict[str, Any]


def main() -> None:
    asked = _arguments()
    if asked.database:
        print(json.dumps(asyncio.run(_on_one(asked))))
    else:
        sys.exit(asyncio.run(_on_both(asked)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=520, help="so many a database")
    parser.add_argument("--each", action="store_true", help="at every place of a story, for hours")
    parser.add_argument("--minutes", type=float, help="begin no story after so many")
    parser.add_argument("--phones", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=DATABASES, help="only this one, figures as JSON")
    return parser.parse_args()


async def _on_both(asked: argparse.Namespace) -> int:
    figures = await asyncio.gather(*(_process(name, asked) for name in DATABASES))
    REPORT.write_text("".join(report(dict(zip(DATABASES, figures, strict=True)))), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))
    return 0 if all(figures) else 1


async def _process(database: str, asked: argparse.Namespace) -> Figures:
    """The figures; none where the story did not hold."""
    wishes = {"phones": asked.phones, "seed": asked.seed, "kills": asked.kills}
    if asked.minutes:
        wishes["minutes"] = asked.minutes
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __package__, "--database", database,
        *(f"--{name}={value}" for name, value in wishes.items()),
        *(["--each"] if asked.each else []),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    return json.loads(told) if process.returncode == 0 else {}


async def _on_one(asked: argparse.Namespace) -> Figures:
    chance = random.Random(asked.seed)  # noqa: S311 - repeatable by intent
    with _databases(asked.database) as new_database:
        async with Nursery() as nursery:
            theatre = Theatre(nursery, new_database, asked.phones)
            passed = len(await theatre.points())
            campaign = _chosen(asked, passed, chance)
            await campaign.run(
                theatre, AT_ONCE[asked.database], lambda text: _show(f"{asked.database}: {text}")
            )
    return _figures(campaign, passed)


def _chosen(asked: argparse.Namespace, passed: int, chance: random.Random) -> Campaign:
    """Short lives all over the story; or with `--each` every place of it in turn.

    Of a story only a few places are reached that lie far from the last start, so those are taken
    upwards in each, and each takes hours.
    """
    until = time.monotonic() + asked.minutes * 60 if asked.minutes else math.inf
    if not asked.each:
        places = [chance.randint(1, _length(asked, passed, chance)) for _ in range(asked.kills)]
        return Campaign(deque(at_any(places)), MANY, until)
    each = list(range(1, passed + 1))
    chance.shuffle(each)
    portions = (sorted(each[n : n + FEW]) for n in range(0, passed, FEW))
    return Campaign(deque(at_any(place for some in portions for place in some)), FEW, until)


def _length(asked: argparse.Namespace, passed: int, chance: random.Random) -> int:
    """Of a life at most: a plan is read anew in each, so only a long one comes to the sending."""
    return passed if chance.random() < LONG else SHORT[asked.database]


@contextmanager
def _databases(name: str) -> Iterator[Callable[[], str]]:
    if name == "sqlite":
        yield lambda: ""
        return
    with running_postgres() as server:
        yield lambda: fresh_database(server)


def _show(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _figures(campaign: Campaign, passed: int) -> Figures:
    deaths = [point for told in campaign.told for point in told.died_at]
    return {
        "stories": len(campaign.told),
        "points": passed,
        "kills": len(deaths),
        "left": len(campaign.points),
        "not_reached": campaign.not_reached,
        "repeats": sum(told.repeats for told in campaign.told),
        "to_rest": [told.to_rest for told in campaign.told],
        "names": Counter(deaths),
    }


def report(figures: dict[str, Figures]) -> Iterator[str]:
    """Markdown, a column for each database."""
    yield "# Killed at every fault point\n\n| | " + " | ".join(figures) + " |\n|---|---|---|\n"
    for name, tell in _LINES.items():
        cells = (tell(one) if one else "did not hold, see above" for one in figures.values())
        yield f"| {name} | {' | '.join(cells)} |\n"
    for database, one in figures.items():
        yield f"\n## Where it died on {database}\n\n"
        for name, times in sorted(one.get("names", {}).items()):
            yield f"- {name}: {times}\n"
        for point in one.get("not_reached", ()):
            yield f"- not reached again: {point}\n"


_LINES: Final[dict[str, Callable[[Figures], str]]] = {
    "kills survived": lambda one: f"{one['kills']:,}",
    "stories told": lambda one: f"{one['stories']:,}",
    "fault points of a story without a death": lambda one: f"{one['points']:,}",
    "points left for want of time": lambda one: f"{one['left']:,}",
    "calls repeated": lambda one: f"{one['repeats']:,}",
    "calls repeated for each kill": lambda one: f"{one['repeats'] / one['kills']:.3f}",
    "seconds from the last start to rest, median": lambda one: f"{median(one['to_rest']):.1f}",
    "and at most": lambda one: f"{max(one['to_rest']):.1f}",
}


if __name__ == "__main__":
    main()
