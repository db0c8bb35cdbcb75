"""Keep what of which lot lies on a shelf; together they are what is on hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock", sa.Column("lots", sa.Text(), server_default="[]", nullable=False))
    op.add_column("stock", sa.Column("held", sa.BigInteger(), server_default="0", nullable=False))
    # written out: with the column it needs no copy of the table on either database
    op.execute(
        "ALTER TABLE stock ADD COLUMN lotted BIGINT DEFAULT '0' NOT NULL "
        "CONSTRAINT ck_stock_lots_add_up CHECK (lots = '[]' OR lotted = on_hand)"
    )
