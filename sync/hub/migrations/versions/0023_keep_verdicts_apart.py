"""Keep what each reviewer said where no desk can read it; maker and reviewers are different people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TEXTS = ("user_code", "content_hash", "maker", "reason")


def upgrade() -> None:
    op.create_table(
        "verdict",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("read_ms", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("user_code <> maker", name=op.f("ck_verdict_maker_is_not_reviewer")),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "slot", name=op.f("pk_verdict")),
        sa.UniqueConstraint(
            "feed_id", "order_id", "content_hash", "revision", "user_code", "unread",
            name="uq_verdict_once",
        ),
    )  # fmt: skip
    op.create_index("ix_verdict_feed_id_user_code_given_at", "verdict", ["feed_id", "user_code", "given_at"])
