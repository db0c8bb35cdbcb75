"""Know of each open exception whose it is and whether it may be handed to somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("claimed", "asleep"):
        op.add_column("snag", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("snag", sa.Column("why", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_snag_feed_id_state_owner", "snag", ["feed_id", "state", "owner"])
