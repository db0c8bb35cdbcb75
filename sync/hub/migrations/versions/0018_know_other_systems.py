"""Let other systems in with keys of their own, and tell them news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        _feed_id(),
        *_texts("code", "title"),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        *_texts("scopes", "made_by"),
        _at("made_at"),
        *(_at(name, known=False) for name in ("expires_at", "revoked_at", "used_at")),
        sa.PrimaryKeyConstraint("feed_id", "code", name=op.f("pk_api_key")),
        sa.UniqueConstraint("feed_id", "token_sha256", name=op.f("uq_api_key_feed_id_token_sha256")),
    )
    op.create_table(
        "api_request",
        _feed_id(),
        *_texts("code", "name"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), server_default="0", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        _at("made_at"),
        sa.PrimaryKeyConstraint("feed_id", "code", "name", name=op.f("pk_api_request")),
    )
    op.create_index("ix_api_request_feed_id_made_at", "api_request", ["feed_id", "made_at"])
    op.create_table(
        "news",
        _feed_id(),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("i", sa.Integer(), nullable=False),
        *_texts("kind", "subject", "about"),
        _at("at"),
        sa.PrimaryKeyConstraint("feed_id", "seq", "i", name=op.f("pk_news")),
    )
    op.create_table(
        "hook",
        _feed_id(),
        *_texts("code", "url", "kinds", "made_by"),
        _at("made_at"),
        _at("ended_at", known=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("i", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        _at("not_before"),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        _at("lease_until", known=False),
        sa.PrimaryKeyConstraint("feed_id", "code", name=op.f("pk_hook")),
    )
    op.create_table(
        "delivery",
        _feed_id(),
        *_texts("code"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("i", "tries", "status")),
        *_texts("state", "said"),
        _at("at"),
        sa.CheckConstraint("state IN ('sent', 'rejected', 'todo')", name=op.f("ck_delivery_state")),
        sa.PrimaryKeyConstraint("feed_id", "code", "seq", "i", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_feed_id_code_state", "delivery", ["feed_id", "code", "state"])


def _feed_id() -> sa.Column[int]:
    return sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _at(name: str, *, known: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not known)
