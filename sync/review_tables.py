"""The tables of the review: what each reviewer said.

Part of `sync.tables` and under its rules. No row of them ever travels to a desk.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, UniqueConstraint

from sync.columns import at, table, text, texts

verdict = table(
    "verdict",
    ("order_id", "slot"),
    text("order_id"),
    Column("slot", Integer, nullable=False),
    *texts("user_code", "content_hash", "maker", "reason"),
    Column("revision", Integer, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("read_ms", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    at("given_at"),
    UniqueConstraint(
        "feed_id", "order_id", "content_hash", "revision", "user_code", "unread", name="uq_verdict_once"
    ),
    CheckConstraint("user_code <> maker", "maker_is_not_reviewer"),
    Index(None, "feed_id", "user_code", "given_at"),
)
"""What each reviewer said, before anybody else may know."""

mistake = table("mistake", ("id",), *texts("id", "fault"), text("doc"), at("kept_at"))
"""What review once found and somebody mended, without anybody's data. It is no order."""
