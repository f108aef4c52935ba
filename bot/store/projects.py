"""What is kept of a project: its caller's pace, if it is the first of a caller's projects.

Its row is also the lock of its plans.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from bot.divert.transaction import Learned
from bot.store.held import Held
from bot.store.tables import projects


class ProjectRows(Held):
    """The projects' part of a transaction."""

    __slots__ = ()

    def keep_pace(self, caller: str, learned: Learned) -> None:
        """Under the lock, so that of two processes none overwrites what the other has learned."""
        lock_project(self, caller)
        query = update(projects).where(projects.c.name == caller)
        self.connection.execute(query.values(pace=dict(learned(*self.pace(caller)))))

    def pace(self, caller: str) -> tuple[Mapping[str, Any], float]:
        """The time is of after the record was read."""
        query = select(projects.c.pace).where(projects.c.name == caller)
        pace = dict(self.connection.execute(query).scalar() or {})
        return pace, self.clock()


def lock_project(held: Held, project: str) -> None:
    """Let one transaction of a project go on at a time."""
    held.insert_new(projects, name=project, pace={})
    query = select(projects.c.name).where(projects.c.name == project)
    held.connection.execute(held.locked(query))
