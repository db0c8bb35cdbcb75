"""Let several hubs share the budgets of channels, and take turns with shops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _made("turn", ("name", "holder"), ("until",), ("name",))
    _made("quota", ("name",), ("calls", "rests_until"), ("name",))
    _made("quota_place", ("name",), ("place", "free_at"), ("name", "place"))


def _made(table: str, texts: tuple[str, ...], ints: tuple[str, ...], key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ints),
        sa.PrimaryKeyConstraint("feed_id", *key, name=op.f(f"pk_{table}")),
    )
