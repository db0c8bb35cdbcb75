"""The tables of what two people look at: what reviewers said, who signed a shift over, who practises.

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

handover = table(
    "handover",
    ("id",),
    *texts("id", "warehouse", "seal", "left_by"),
    at("left_at"),
    *texts("taken_by", "taken_seal"),
    at("taken_at", known=False),
    CheckConstraint("taken_by <> left_by", "leaver_is_not_taker"),
    CheckConstraint("taken_by = '' OR taken_seal = seal", "both_signed_one_page"),
)
"""Whose two names stand under which page; the page itself is a row of `ref`."""

learner = table("learner", ("user_code",), *texts("user_code", "beat"), at("heard_at"))
"""Where each person who practises was last heard of; `beat` is an `attempt.Beat`. No journal has it."""
