"""Tell when a hold is over whoever was told that it was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("over_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_notice_feed_id_over_at", "notice", ["feed_id", "over_at"])
