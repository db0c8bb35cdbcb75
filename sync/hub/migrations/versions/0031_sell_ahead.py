"""Let orders wait for goods that are announced, never for more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KINDS = sa.text("kind IN ('receipt', 'count', 'transfer', 'arrival', 'quota')")
STATES = sa.text("state IN ('asks', 'transit', 'expected', 'done', 'withdrawn')")


def upgrade() -> None:
    for name in ("set_aside", "coming"):
        op.add_column("stock", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("stock", sa.Column("arrivals", sa.Text(), server_default="[]", nullable=False))
    # written out: with the column it needs no copy of the table on either database
    op.execute(
        "ALTER TABLE stock ADD COLUMN awaited BIGINT DEFAULT '0' NOT NULL "
        "CONSTRAINT ck_stock_never_sold_ahead_uncovered CHECK (0 <= awaited AND awaited <= coming)"
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("stock_doc") as paper:
        for name, words in ((op.f("ck_stock_doc_kind"), KINDS), (op.f("ck_stock_doc_state"), STATES)):
            if not is_sqlite:
                paper.drop_constraint(name, type_="check")
            paper.create_check_constraint(name, words)
