"""Count how often an effect came to nothing, so that the next try waits longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("effect", sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False))
