"""Write stock documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_doc",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('receipt', 'count', 'transfer')", name=op.f("ck_stock_doc_kind")),
        sa.CheckConstraint(
            "state IN ('asks', 'transit', 'done', 'withdrawn')", name=op.f("ck_stock_doc_state")
        ),
        sa.PrimaryKeyConstraint("feed_id", "id", name=op.f("pk_stock_doc")),
    )
    op.create_index(
        op.f("ix_stock_doc_feed_id_warehouse_sku"), "stock_doc", ["feed_id", "warehouse", "sku"], unique=False
    )
    op.add_column("stock", sa.Column("counting", sa.Text(), server_default="", nullable=False))
