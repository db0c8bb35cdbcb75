"""Keep what people sign with on the screen of another, and who did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signer",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("user_code", "pin_hash")),
        sa.Column("badge_digest", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("pin_at", "badge_at", "locked_until")),
        sa.PrimaryKeyConstraint("feed_id", "user_code", name=op.f("pk_signer")),
        sa.UniqueConstraint("feed_id", "badge_digest", name=op.f("uq_signer_feed_id_badge_digest")),
    )
    op.create_table(
        "presence",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("login_id", "user_code", "device_id", "beside", "command", "digest")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("made_at", "until")),
        sa.Column("used_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "login_id", name=op.f("pk_presence")),
    )
