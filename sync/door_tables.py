"""The tables of the door: PCs that were let in, logins and their tokens, passwords, single rights.

Part of `sync.tables` and under its rules.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, UniqueConstraint

from sync.columns import at, ats, table, text, texts

device = table(
    "device",
    ("device_id",),
    text("device_id"),
    text("title", ""),
    Column("public_key", LargeBinary),
    text("asked_by", ""),
    text("approved_by", ""),
    at("enrolled_at"),
    *(at(name, known=False) for name in ("approved_at", "revoked_at", "alarm_at")),
)
"""The PCs. One that is not approved waits; `alarm_at`: a token of it was used by somebody else."""

login = table(
    "login",
    ("login_id",),
    text("login_id"),
    Column("token_sha256", LargeBinary, nullable=False),
    *texts("user_code", "device_id", "replica_id"),
    *ats("made_at", "expires_at"),
    *(at(name, known=False) for name in ("revoked_at", "stolen_at")),
    UniqueConstraint("feed_id", "token_sha256"),
)
"""Who sat down where. `revoked_at` also voids work on its way, `stolen_at` only the tokens."""

refresh_token = table(
    "refresh_token",
    ("token_sha256",),
    Column("token_sha256", LargeBinary, nullable=False),
    text("login_id"),
    Column("next_sha256", LargeBinary),
    at("until"),
)
"""Every refresh token of a login until it runs out: one that comes again is told from one nobody knows."""

credential = table(
    "credential",
    ("user_code",),
    *texts("user_code", "password_hash"),
    Column("failures", Integer, nullable=False, server_default="0"),
    *(at(name, known=False) for name in ("locked_until", "first_until")),
)
"""`first_until`: the password came from an administrator; it opens the door once, until then."""

user_grant = table(
    "user_grant",
    ("user_code", "code"),
    *texts("user_code", "code"),
    Column("allowed", Boolean, nullable=False),
)
"""A single right given to (or taken from) one person, beside their role's bundle."""

signer = table(
    "signer",
    ("user_code",),
    *texts("user_code", "pin_hash"),
    Column("badge_digest", LargeBinary),
    Column("failures", Integer, nullable=False, server_default="0"),
    *(at(name, known=False) for name in ("pin_at", "badge_at", "locked_until")),
    UniqueConstraint("feed_id", "badge_digest"),
)
"""What somebody signs with on the screen of another: a PIN as passwords are kept, a badge by keyed digest."""

presence = table(
    "presence",
    ("login_id",),
    *texts("login_id", "user_code", "device_id", "beside", "command", "digest"),
    *ats("made_at", "until"),
    text("used_by", ""),
)
"""Who signed on which PC beside whom; `used_by` is the one command that was given with it."""

own_address = table(
    "own_address",
    ("user_code", "id"),
    *texts("user_code", "id", "way", "mask"),
    at("made_at"),
    Column("wrapped", LargeBinary, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
"""Where a person hears of holds outside the program: sealed, but for a mask."""
