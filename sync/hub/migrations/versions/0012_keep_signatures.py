"""Keep what a desk signed, so that it can be shown later that a command came from its PC."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("command", sa.Column("proof", sa.LargeBinary(), nullable=True))
