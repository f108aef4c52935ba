"""What the bot's database says, read beside it, on SQLite and on PostgreSQL alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.divert.request import CLOSED, State
from bot.store.audit_proof import verify
from bot.store.database import Database, open_database
from bot.store.tables import audit, decisions, executors, pauses, posts, requests


@dataclass(frozen=True)
class Asked:
    """A request as its row has it."""

    id: str
    state: State
    version: int
    shown_version: int
    card_ts: str


class Truth:
    """The database of a bot; before the bot has made its tables nothing is in them."""

    def __init__(self, url: str) -> None:
        self._database: Database = open_database(url)

    async def close(self) -> None:
        await self._database.close()

    async def asked(self) -> list[Asked]:
        """All requests, the oldest first."""
        query = select(requests).order_by(requests.c.asked_at)
        return [
            Asked(row.id, State(row.state), row.version, row.shown_version, row.card_ts or "")
            for row in await self._rows(query)
        ]

    async def at_rest(self, requests_asked: int) -> bool:
        """So many requests closed, every card as it should be, and all posts out."""
        found = await self.asked()
        if len(found) < requests_asked or any(one.state not in CLOSED for one in found):
            return False
        if any(one.shown_version != one.version for one in found):
            return False
        return not await self._rows(select(posts.c.id).where(posts.c.ts.is_(None)).limit(1))

    async def decisions(self, request_id: str) -> list[tuple[str, str]]:
        """Person and verdict of each."""
        query = select(decisions.c.person, decisions.c.verdict)
        return [
            (r.person, r.verdict)
            for r in await self._rows(query.where(decisions.c.request_id == request_id))
        ]

    async def moves(self, request_id: str) -> list[str]:
        """The states a request went through, by the audit."""
        rows = await self._rows(select(audit.c.entry).order_by(audit.c.number))
        entries = [row.entry for row in rows]
        return [one["to"] for one in entries if one["request"] == request_id and "to" in one]

    async def posts(self, request_id: str) -> int:
        """Posts of its thread that were made."""
        query = select(func.count()).where(posts.c.request_id == request_id)
        return int((await self._rows(query))[0][0])

    async def pauses(self) -> list[tuple[float, float]]:
        """When each began and ended, in seconds since 1970."""
        rows = await self._rows(select(pauses).order_by(pauses.c.at))
        return [(row.at.timestamp(), row.ended_at.timestamp()) for row in rows]

    async def owners(self, run: str = "%") -> set[str]:
        """The executors of work under way, of one kind or any (PostgreSQL only)."""
        query = text(
            "SELECT executor_id FROM dbos.workflow_status "
            "WHERE status = 'PENDING' AND name LIKE :run"
        )
        return {row.executor_id for row in await self._rows(query.bindparams(run=run))}

    async def workers(self, run: str) -> set[str]:
        """The executors that have done work of a kind (PostgreSQL only)."""
        query = text("SELECT executor_id FROM dbos.workflow_status WHERE name = :run")
        return {row.executor_id for row in await self._rows(query.bindparams(run=run))} - {None}

    async def living(self) -> set[str]:
        return {row.id for row in await self._rows(select(executors.c.id))}

    async def write(self, work: Callable[[Connection], None]) -> None:
        await self._database.write(work)

    async def audit_is_whole(self) -> bool:
        return await self._database.read(verify) is None

    async def _rows(self, query: Executable) -> list[Any]:
        try:
            return list(await self._database.read(lambda c: c.execute(query).all()))
        except DBAPIError:  # no tables yet
            return []
