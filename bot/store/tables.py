"""The ledger's tables, the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        return None


class Outside(TypeDecorator[str]):
    """Words of the cloud, kept whatever they hold, or they would be asked for again for ever.

    PostgreSQL takes no NUL, and no database half a surrogate pair.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(value)


def storable(value: str) -> str:
    """What of a text any database takes: no NUL, and half a surrogate pair as a question mark."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode(errors="replace").decode()


metadata: Final = MetaData()

requests: Final = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("project", String, nullable=False),
    Column("draft", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),  # the card is wanted at this one
    Column("shown_version", Integer, nullable=False),
    Column("shown_at", Utc),
    Column("asked_at", Utc, nullable=False),
    Column("plan_hash", String, nullable=False),
    Column("planned_at", Utc),
    Column("expires_at", Utc),
    Column("started_at", Utc),
    Column("closed_at", Utc),
    Column("card_channel", String, nullable=False),
    Column("card_ts", String, nullable=False),
    Column("note", JSON, nullable=False),
    Column("wish", String, nullable=False, server_default=""),  # digest of who means what
    Index("requests_by_state", "state"),
    Index(
        "requests_by_wish",
        "wish",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("requests_by_time", "asked_at"),
)

# Drafts that were asked back, since the same was asked for just before.
repeats: Final = Table(
    "repeats",
    metadata,
    Column("key", String, primary_key=True),
    Column("request_id", String, nullable=False),  # which had the same wish
    Column("draft", JSON, nullable=False),
    Column("at", Utc, nullable=False),
    Index("repeats_by_request", "request_id"),
)

batches: Final = Table(
    "batches",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String, nullable=False),  # planned, sent, answered
    Column("due", Utc, nullable=False),
    Column("sent_at", Utc),
    Column("cloud_request_id", Outside, nullable=False),
    Column("next_poll", Utc),
    Index("batches_by_state", "request_id", "state", "due"),
    sqlite_with_rowid=False,
)

# Only these are looked for by phone alone, whatever the past requests with the same phone.
UNDER_WAY: Final = "state IN ('planned', 'sent', 'accepted')"

phones: Final = Table(
    "phones",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("phone_id", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("route_before", Outside, nullable=False),
    Column("server", Outside, nullable=False),
    Column("batch", Integer),
    Column("tries", Integer, nullable=False),  # calls that were made for it
    Column("job_id", Outside, nullable=False),
    Column("job_ended", Boolean, nullable=False),
    Column("code", Outside, nullable=False),
    Column("message", Outside, nullable=False),
    Column("since", Utc, nullable=False),
    Column("name", Outside, nullable=False, server_default=""),
    Column("server_name", Outside, nullable=False, server_default=""),
    Column("hindrance", Outside, nullable=False, server_default=""),
    Column("history", Outside, nullable=False, server_default=""),  # tries that failed, and why
    Column("place", Integer, nullable=False, server_default="-1"),  # in the cloud's list; -1: none
    Index("phones_in_order", "request_id", "number"),
    Index("phones_by_state", "request_id", "state", "batch", "number"),
    Index("phones_by_server", "request_id", "server"),
    Index(
        "phones_under_way",
        "phone_id",
        sqlite_where=text(UNDER_WAY),
        postgresql_where=text(UNDER_WAY),
    ),
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("request_id", String, nullable=False),
    Column("plan_hash", String, nullable=False),
    Column("person", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("reason", Outside, nullable=False),
    Column("at", Utc, nullable=False),
    Index("decisions_by_request", "request_id", "id"),
)

posts: Final = Table(
    "posts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("request_id", String),
    Column("once", String, unique=True),  # what must not be said twice
    Column("post", JSON, nullable=False),
    Column("said_at", Utc, nullable=False),
    Column("ts", String),  # empty until it is posted
    Index("posts_by_request", "request_id", "number"),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry", JSON, nullable=False),
    Column("hash", String, nullable=False),
)

# The last entry once more, so that one cut off the end is missed; its lock keeps the chain single.
audit_head: Final = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("number", Integer, nullable=False),
    Column("hash", String, nullable=False),
)

leases: Final = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", Double, nullable=False),  # seconds since 1970 by the database's clock
)

announcements: Final = Table(
    "announcements",
    metadata,
    Column("thing", String, primary_key=True),
    Column("state", String, nullable=False),  # the last that was told of it
)

executors: Final = Table(
    "executors",
    metadata,
    Column("id", String, primary_key=True),
    Column("beat_at", Double, nullable=False),  # seconds since 1970 by the database's clock
)

projects: Final = Table(
    "projects",
    metadata,
    Column("name", String, primary_key=True),
    Column("pace", JSON, nullable=False),
)

# What operators have said, kept when it is over: a command that is carried out again finds itself.
pauses: Final = Table(
    "pauses",
    metadata,
    Column("key", String, primary_key=True),  # of the command
    Column("project", String, nullable=False),  # or * for every one
    Column("by", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("reason", Outside, nullable=False),
    Column("ended_at", Utc),  # empty while it stands
    Column("ended_by", String, nullable=False),
    Column("ended_key", String, nullable=False),
    Index(
        "pauses_that_stand",
        "project",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
