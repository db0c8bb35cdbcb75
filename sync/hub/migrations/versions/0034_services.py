"""Keep the systems that are connected from a desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "manifest", "doc", "state")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("settings", "wrapped")),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_service_state")),
        sa.PrimaryKeyConstraint("feed_id", "name", name=op.f("pk_service")),
    )
