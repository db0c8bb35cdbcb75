"""Keep what companies lay over the manifests of their shops, and what the records of those always held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("connection", sa.Column("shape", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "manifest_version",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "shop", "n", name=op.f("pk_manifest_version")),
    )
