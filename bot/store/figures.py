"""How much there is of everything, for a monitor."""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from bot.divert.pause import EVERY
from bot.divert.request import OPEN
from bot.store.tables import executors, pauses, posts, requests


def figures(connection: Connection) -> list[tuple[str, int]]:
    """Named as Prometheus names them: open requests by state, and what is yet to be shown."""
    return list(_figures(connection))


def _figures(connection: Connection) -> Iterator[tuple[str, int]]:
    number = func.count().label("number")
    by_state = select(requests.c.state, number).group_by(requests.c.state)
    found = {row.state: row.number for row in connection.execute(by_state)}
    for state in sorted(OPEN):
        yield f'cph_requests_open{{state="{state}"}}', found.get(state, 0)
    behind = select(func.count()).where(
        requests.c.version > requests.c.shown_version, requests.c.planned_at.is_not(None)
    )
    yield "cph_cards_behind", connection.execute(behind).scalar_one()
    unsaid = select(func.count()).select_from(posts).where(posts.c.ts.is_(None))
    yield "cph_posts_waiting", connection.execute(unsaid).scalar_one()
    yield from _paused(connection)
    alive = select(func.count()).select_from(executors)
    yield "cph_executors", connection.execute(alive).scalar_one()


def _paused(connection: Connection) -> Iterator[tuple[str, int]]:
    """A line for each pause that stands, and always one for that of all projects."""
    query = select(pauses.c.project).where(pauses.c.ended_at.is_(None))
    found = set(connection.execute(query).scalars())
    for project in sorted({EVERY, *found}):
        yield f"cph_paused{{project={json.dumps(project)}}}", int(project in found)
