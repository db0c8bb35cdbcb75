"""Keep the keys of connected shops, how far they were read, what they sent, and what is read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _feed() -> sa.Column[int]:
    return sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _at(name: str, *, known: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not known)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _said(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    op.create_table(
        "connection",
        _feed(),
        *_texts("shop", "manifest"),
        _said("override", "{}"),
        _sealed("settings"),
        _sealed("wrapped"),
        *_texts("hook_key", "state"),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        _at("since"),
        _at("made_at"),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_connection_state")),
        sa.PrimaryKeyConstraint("feed_id", "shop", name=op.f("pk_connection")),
        sa.UniqueConstraint("feed_id", "hook_key", name=op.f("uq_connection_feed_id_hook_key")),
    )
    op.create_table(
        "stream",
        _feed(),
        *_texts("shop", "name"),
        _at("read_to", known=False),
        _count("fence"),
        _at("lease_until", known=False),
        _at("not_before", known=False),
        _count("tries"),
        _said("code"),
        _said("trouble"),
        _at("well_at", known=False),
        _at("newest_at", known=False),
        _count("orders"),
        sa.PrimaryKeyConstraint("feed_id", "shop", "name", name=op.f("pk_stream")),
    )
    op.create_table(
        "hook_delivery",
        _feed(),
        *_texts("shop", "delivery", "state", "topic"),
        _at("received_at"),
        _sealed("wrapped"),
        _sealed("body"),
        sa.CheckConstraint("state IN ('todo', 'done')", name=op.f("ck_hook_delivery_state")),
        sa.PrimaryKeyConstraint("feed_id", "shop", "delivery", name=op.f("pk_hook_delivery")),
    )
    op.create_index(
        "ix_hook_delivery_feed_id_state_received_at", "hook_delivery", ["feed_id", "state", "received_at"]
    )
    op.create_table(
        "wanted",
        _feed(),
        *_texts("shop", "ext_id", "why"),
        _at("asked_at"),
        _at("not_before"),
        _count("tries"),
        sa.PrimaryKeyConstraint("feed_id", "shop", "ext_id", name=op.f("pk_wanted")),
    )
    op.create_index("ix_wanted_feed_id_not_before", "wanted", ["feed_id", "not_before"])
