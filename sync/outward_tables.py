"""The tables of other systems: their keys, what they asked, what there is to tell them, and what they got.

Part of `sync.tables` and under its rules.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, UniqueConstraint

from sync.columns import at, int_, table, text, texts

api_key = table(
    "api_key",
    ("code",),
    *texts("code", "title"),
    Column("token_sha256", LargeBinary, nullable=False),
    *texts("scopes", "made_by"),
    at("made_at"),
    *(at(name, known=False) for name in ("expires_at", "revoked_at", "used_at")),
    UniqueConstraint("feed_id", "token_sha256"),
)
"""The keys of other systems; `scopes` is a JSON list. A key is told once, only its digest stands here."""

api_request = table(
    "api_request",
    ("code", "name"),
    *texts("code", "name"),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False, server_default="0"),
    text("said", ""),
    at("made_at"),
    Index(None, "feed_id", "made_at"),
)
"""What a system asked for under an `Idempotency-Key` and was answered; `status` 0: not answered yet. `digest`
is keyed and of the whole request."""

news = table(
    "news",
    ("seq", "i"),
    int_("seq"),
    Column("i", Integer, nullable=False),
    *texts("kind", "subject", "about"),
    at("at"),
)
"""What other systems are told of, written by the batch that decided it, once there is somebody to tell."""

hook = table(
    "hook",
    ("code",),
    *texts("code", "url", "kinds", "made_by"),
    at("made_at"),
    at("ended_at", known=False),
    int_("seq"),
    Column("i", Integer, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    text("said", ""),
    at("not_before"),
    int_("fence", "0"),
    at("lease_until", known=False),
)
"""Where news is sent, and how far it has got: everything up to (`seq`, `i`) is settled."""

delivery = table(
    "delivery",
    ("code", "seq", "i"),
    text("code"),
    int_("seq"),
    *(Column(name, Integer, nullable=False) for name in ("i", "tries", "status")),
    *texts("state", "said"),
    at("at"),
    Index(None, "feed_id", "code", "state"),
    CheckConstraint("state IN ('sent', 'rejected', 'todo')", "state"),
)
"""What became of each piece of news at each hook; `todo` is one that somebody wants sent again."""
