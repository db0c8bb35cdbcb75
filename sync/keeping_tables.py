"""The hub's tables of its own safety: its lives, its backups, its anchors, and what desks have witnessed.

The rules of `sync.tables` hold here too.
"""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary

from sync.columns import at, int_, metadata, table, text, texts

__all__ = ["anchor", "backup", "evidence", "life", "metadata", "secret", "witness"]


def _hash(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


life = table(
    "life",
    ("epoch",),
    *texts("epoch", "before"),
    int_("from_seq"),
    _hash("from_hash"),
    at("begun_at"),
)
"""A life that began with a restore: it continues `before` from this number and hash."""

backup = table("backup", ("name",), *texts("name", "epoch"), int_("seq"), _hash("hash"), at("made_at"))
"""Backups that were rehearsed and count as protection."""

anchor = table(
    "anchor", ("epoch", "seq"), text("epoch"), int_("seq"), _hash("hash"), _hash("signature"), at("made_at"),
    text("stored"),
)  # fmt: skip
"""Signed heads that left the building; `stored` says where to."""

witness = table(
    "witness", ("epoch", "replica_id"), *texts("epoch", "replica_id"), int_("seq"), _hash("hash"),
    text("doc"), at("seen_at"),
)  # fmt: skip
"""The newest head each desk says it has seen in one life of the hub; `doc` is its whole `chain.Seen`."""

secret = table("secret", ("name",), text("name"), _hash("value"))
"""Keys the hub makes for itself that must come back with a backup, and that open nothing personal."""

evidence = table("evidence", ("id",), *texts("id", "replica_id", "doc"), at("told_at"))
"""What a desk holds against this history: two heads the hub signed of which one does not follow the other."""
