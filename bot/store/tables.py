"""The ledger's tables, the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        return None


metadata: Final = MetaData()

requests: Final = Table(
    "requests",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("project", String(100), nullable=False),
    Column("draft", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),  # the card is wanted at this one
    Column("shown_version", Integer, nullable=False),
    Column("shown_at", Utc),
    Column("asked_at", Utc, nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("planned_at", Utc),
    Column("expires_at", Utc),
    Column("started_at", Utc),
    Column("closed_at", Utc),
    Column("card_channel", String(30), nullable=False),
    Column("card_ts", String(30), nullable=False),
    Column("note", JSON, nullable=False),
    Index("requests_by_state", "state"),
    Index("requests_by_time", "asked_at"),
)

batches: Final = Table(
    "batches",
    metadata,
    Column("request_id", String(12), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(10), nullable=False),  # planned, sent, answered
    Column("due", Utc, nullable=False),
    Column("sent_at", Utc),
    Column("cloud_request_id", String(64), nullable=False),
    Column("next_poll", Utc),
    Index("batches_by_state", "request_id", "state", "due"),
    sqlite_with_rowid=False,
)

phones: Final = Table(
    "phones",
    metadata,
    Column("request_id", String(12), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("phone_id", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("route_before", String(20), nullable=False),
    Column("server", String(64), nullable=False),
    Column("batch", Integer),
    Column("tries", Integer, nullable=False),  # calls that were made for it
    Column("job_id", String(64), nullable=False),
    Column("job_ended", Boolean, nullable=False),
    Column("code", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("since", Utc, nullable=False),
    UniqueConstraint("phone_id", "request_id", name="phones_once_a_request"),
    Index("phones_by_batch", "request_id", "batch", "state"),
    sqlite_with_rowid=False,
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("request_id", String(12), nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("person", String(30), nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Index("decisions_by_request", "request_id", "id"),
)

posts: Final = Table(
    "posts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("request_id", String(12)),
    Column("once", String(30)),
    Column("post", JSON, nullable=False),
    Column("said_at", Utc, nullable=False),
    Column("ts", String(30)),  # empty until it is posted
    UniqueConstraint("request_id", "once", name="posts_said_once"),
    Index("posts_by_request", "request_id", "number"),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
)

leases: Final = Table(
    "leases",
    metadata,
    Column("name", String(30), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("until", Utc, nullable=False),
)

executors: Final = Table(
    "executors",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("beat_at", Utc, nullable=False),
)

projects: Final = Table(
    "projects",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("pace", JSON, nullable=False),
)
