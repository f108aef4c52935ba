"""What else the plan saw of a phone, why its tries failed, and its way by server."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("name", "server_name", "hindrance", "history"):
        op.add_column("phones", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("phones", sa.Column("place", sa.Integer(), nullable=False, server_default="-1"))
    op.create_index("phones_by_server", "phones", ["request_id", "server"])
