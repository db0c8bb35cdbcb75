"""Let desks hold stock for a time, so that they can promise it without the network."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock", sa.Column("leases", sa.Text(), server_default="[]", nullable=False))
    op.add_column("reservation", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_reservation_feed_id_kind_expires_at"), "reservation", ["feed_id", "kind", "expires_at"]
    )
