"""Pauses by operators: one at a time of a project, and one of all projects."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("ended_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "pauses_that_stand",
        "pauses",
        ["project"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
