"""The hub's tables of imported files: which file brought which receipt, and how columns were understood.

The rules of `sync.tables` hold here too.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from sync.tables import Instant, metadata

__all__ = ["file_import", "file_mapping", "import_receipt", "import_reject", "metadata"]


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _feed_id() -> Column[int]:
    return Column("feed_id", Integer, nullable=False, autoincrement=False)


file_import = Table(
    "file_import",
    metadata,
    _feed_id(),
    _text("import_id"),
    _text("replica_id"),
    _text("shop"),
    _text("state"),
    Column("digest", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    _text("doc"),
    PrimaryKeyConstraint("feed_id", "import_id"),
    Index(None, "feed_id", "made_at"),
)
"""One import, under way or past: `doc` is its `records.Record`. `digest` names the bytes of its files."""

import_receipt = Table(
    "import_receipt",
    metadata,
    _feed_id(),
    _text("import_id"),
    Column("n", BigInteger, nullable=False),
    PrimaryKeyConstraint("feed_id", "import_id", "n"),
)
"""The receipts a file brought; their account is the import's."""

import_reject = Table(
    "import_reject",
    metadata,
    _feed_id(),
    _text("import_id"),
    _text("raw_id"),
    PrimaryKeyConstraint("feed_id", "import_id", "raw_id"),
)
"""The rows of a file nobody could read, each kept sealed in `raw`."""

file_mapping = Table(
    "file_mapping",
    metadata,
    _feed_id(),
    _text("shop"),
    _text("fingerprint"),
    _text("doc"),
    _text("user_code"),
    Column("made_at", Instant, nullable=False),
    PrimaryKeyConstraint("feed_id", "shop", "fingerprint"),
)
"""How a shop's files with these columns are understood: `doc` is a `plan.Plan`."""
