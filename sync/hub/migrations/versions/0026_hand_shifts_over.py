"""Keep whose two names stand under the page that one shift leaves to the next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "warehouse", "seal", "left_by")),
        sa.Column("left_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("taken_by", "taken_seal")),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("taken_by <> left_by", name=op.f("ck_handover_leaver_is_not_taker")),
        sa.CheckConstraint(
            "taken_by = '' OR taken_seal = seal", name=op.f("ck_handover_both_signed_one_page")
        ),
        sa.PrimaryKeyConstraint("feed_id", "id", name=op.f("pk_handover")),
    )
