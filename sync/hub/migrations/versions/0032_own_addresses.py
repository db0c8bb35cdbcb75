"""Keep where people want to hear of holds outside the program."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_address",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("user_code", "id", "way", "mask")),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("wrapped", "packed")),
        sa.PrimaryKeyConstraint("feed_id", "user_code", "id", name=op.f("pk_own_address")),
    )
