"""Know which file brought which receipt, and how its columns were understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_import",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "import_id", name=op.f("pk_file_import")),
    )
    op.create_index(op.f("ix_file_import_feed_id_made_at"), "file_import", ["feed_id", "made_at"])
    op.create_table(
        "import_receipt",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "import_id", "n", name=op.f("pk_import_receipt")),
    )
    op.create_table(
        "import_reject",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("raw_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "import_id", "raw_id", name=op.f("pk_import_reject")),
    )
    op.create_table(
        "file_mapping",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "shop", "fingerprint", name=op.f("pk_file_mapping")),
    )
