"""Let PCs in one by one, know their keys, and change tokens for new ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("public_key", sa.LargeBinary(), nullable=True))
    op.add_column("device", sa.Column("asked_by", sa.Text(), server_default="", nullable=False))
    op.add_column("device", sa.Column("approved_by", sa.Text(), server_default="", nullable=False))
    op.add_column("device", sa.Column("approved_at", sa.BigInteger(), nullable=True))
    op.add_column("device", sa.Column("alarm_at", sa.BigInteger(), nullable=True))
    op.add_column("login", sa.Column("stolen_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "refresh_token",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", sa.Text(), nullable=False),
        sa.Column("next_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "token_sha256", name=op.f("pk_refresh_token")),
    )
