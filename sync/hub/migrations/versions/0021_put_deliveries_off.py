"""Put what channels sent off until its order is here, each for itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hook_delivery", sa.Column("not_before", sa.BigInteger(), nullable=True))
