"""Tell whoever is responsible for a hold, once, and keep whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("order_id", "gate", "person")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "teller")),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('todo', 'sent', 'failed')", name=op.f("ck_notice_state")),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "gate", "person", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_feed_id_state", "notice", ["feed_id", "state"])
