"""Know by which numbers a channel sells an article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("shop", "ext_sku", "item", "goods")],
        sa.PrimaryKeyConstraint("feed_id", "shop", "ext_sku", "item", "goods", name=op.f("pk_listing")),
    )
