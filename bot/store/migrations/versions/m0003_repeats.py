"""What each request wishes for, and the drafts that were asked back for wishing the same."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("requests", sa.Column("wish", sa.String(), nullable=False, server_default=""))
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "requests_by_wish",
        "requests",
        ["wish"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "repeats",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("repeats_by_request", "repeats", ["request_id"])
