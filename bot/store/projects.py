"""What is kept of a project: the pace it has learned; its row is the lock of its plans."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from bot.store.held import Held
from bot.store.tables import projects


class ProjectRows(Held):
    """The projects' part of a transaction."""

    __slots__ = ()

    def keep_pace(self, project: str, pace: Mapping[str, Any]) -> None:
        if not self.insert_new(projects, name=project, pace=dict(pace)):
            query = update(projects).where(projects.c.name == project)
            self.connection.execute(query.values(pace=dict(pace)))

    def pace(self, project: str) -> Mapping[str, Any]:
        query = select(projects.c.pace).where(projects.c.name == project)
        return dict(self.connection.execute(query).scalar() or {})


def lock_project(held: Held, project: str) -> None:
    """Let one transaction of a project go on at a time."""
    held.insert_new(projects, name=project, pace={})
    query = select(projects.c.name).where(projects.c.name == project)
    held.connection.execute(held.locked(query))
