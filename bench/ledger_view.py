"""What the ledger says, read beside the bot: where each request stands and what is not told yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, func, select, text
from sqlalchemy.engine import make_url

from bot.divert.reporting import NOWHERE
from bot.divert.request import CLOSED, State
from bot.store.tables import decisions, phones, posts, requests


@dataclass(frozen=True, slots=True)
class Standing:
    """A request as the ledger has it."""

    id: str
    state: State
    version: int
    shown_version: int
    planned: bool
    card_channel: str
    card_ts: str
    asked_at: datetime
    closed_at: datetime | None

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    @property
    def behind(self) -> bool:
        """Whether its card is to be shown anew; only planned requests have one."""
        return self.planned and self.shown_version < self.version


@dataclass(frozen=True, slots=True)
class Told:
    """A post of a thread: where it is, as the outbox knows, and the file it came with."""

    ts: str
    file: str
    post: dict[str, Any]

    @property
    def lost(self) -> bool:
        return self.ts == NOWHERE


@dataclass
class LedgerView:
    """Read from time to time; `standing` is by request id, `unsaid` counts posts by request."""

    url: str
    standing: dict[str, Standing] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)  # the reason that was given, to request id
    unsaid: dict[str | None, int] = field(default_factory=dict)
    oldest_unsaid: float = 0.0  # seconds
    megabytes: float = 0.0  # of the database, with its log
    _engine: Engine | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        view = cls(url)
        parts = make_url(url)
        if parts.drivername == "postgresql":
            parts = parts.set(drivername="postgresql+psycopg")
        view._engine = create_engine(parts)
        return view

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def refresh(self) -> None:
        """Read where everything stands; in a thread, as it takes some milliseconds."""
        with self._connection() as connection:
            found = connection.execute(select(requests).with_only_columns(*_COLUMNS)).all()
            unknown = {row.id for row in found} - self.standing.keys()
            self.standing = {row.id: _standing(row) for row in found}
            self._learn_names(connection, unknown)
            self._read_outbox(connection)
            self.megabytes = _bytes(connection) / 1e6

    def _connection(self) -> Connection:
        assert self._engine is not None
        return self._engine.connect()

    def _learn_names(self, connection: Connection, unknown: set[str]) -> None:
        if unknown:
            drafts = select(requests.c.id, requests.c.draft).where(requests.c.id.in_(unknown))
            self.named |= {row.draft["reason"]: row.id for row in connection.execute(drafts)}

    def _read_outbox(self, connection: Connection) -> None:
        waiting = (
            select(posts.c.request_id, func.count(), func.min(posts.c.said_at))
            .where(posts.c.ts.is_(None))
            .group_by(posts.c.request_id)
        )
        found = connection.execute(waiting).all()
        self.unsaid = {name: number for name, number, _ in found}
        oldest = min((at for _, _, at in found), default=datetime.now(UTC))
        self.oldest_unsaid = (datetime.now(UTC) - oldest).total_seconds()

    def phones(self, request_id: str) -> Sequence[Any]:
        """Rows with phone_id, state, code and job_id."""
        columns = (phones.c.phone_id, phones.c.state, phones.c.code, phones.c.job_id)
        with self._connection() as connection:
            return connection.execute(
                select(*columns).where(phones.c.request_id == request_id)
            ).all()

    def why(self, request_id: str) -> str:
        """What its requester was told where it was refused or halted."""
        with self._connection() as connection:
            query = select(requests.c.note).where(requests.c.id == request_id)
            return str(connection.execute(query).scalar_one().get("message", ""))

    def thread(self, request_id: str) -> list[Told]:
        """The posts of a request's thread in the order in which they are to be said."""
        query = select(posts.c.ts, posts.c.post).where(posts.c.request_id == request_id)
        with self._connection() as connection:
            rows = connection.execute(query.order_by(posts.c.number)).all()
        return [
            Told(row.ts or "", (row.post["table"] or {}).get("name", ""), row.post) for row in rows
        ]

    def approved_at(self) -> dict[str, datetime]:
        """When each request was approved."""
        query = select(decisions.c.request_id, func.max(decisions.c.at))
        approvals = query.where(decisions.c.verdict == "approve").group_by(decisions.c.request_id)
        with self._connection() as connection:
            return dict(connection.execute(approvals).tuples().all())


_COLUMNS = (
    requests.c.id, requests.c.state, requests.c.version, requests.c.shown_version,
    requests.c.planned_at, requests.c.card_channel, requests.c.card_ts, requests.c.asked_at,
    requests.c.closed_at,
)  # fmt: skip


def _standing(row: Any) -> Standing:  # noqa: ANN401 - a row of SQLAlchemy's
    return Standing(
        row.id, State(row.state), row.version, row.shown_version, row.planned_at is not None,
        row.card_channel, row.card_ts, row.asked_at, row.closed_at,
    )  # fmt: skip


def _bytes(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        return int(connection.execute(text(size)).scalar_one())
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
