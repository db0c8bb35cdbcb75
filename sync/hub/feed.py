"""The feed: what a batch publishes under one number; `pages` is how desks read it back.

Source: sync.md sections 3, 6, 13.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from sync import tables
from sync.chain import next_hash
from sync.hub.bulk import Into, Of, pipelined
from sync.hub.database import reading
from sync.wire import row_mark

GENESIS = bytes(32)
UNSUMMED = "history"
"""History only grows and a desk may hold part of it, so checksums leave it out."""

_MODULUS = 2**64
_CHANGES = Into(tables.change, ("seq", "i", "scope", "tbl", "pk", "op", "row"))
_SUMS = Into(tables.scope_sum, ("scope", "sum64"), replaces=("sum64",))
_SUMS_OF = Of(tables.scope_sum, ("scope", "sum64"), ("scope",))
COMMAND_COLUMNS = (
    "replica_id", "n", "cmd_id", "user_code", "login_id", "name", "rev", "args", "args_hash", "because",
    "seen_ver", "status", "refusal", "conflict", "rules_rev", "seq", "hub_at", "client_at",
    "proof",
)  # fmt: skip
_COMMANDS = Into(tables.command, COMMAND_COLUMNS)
_LOCK = (
    select(
        tables.feed.c.epoch, tables.feed.c.head, tables.feed.c.head_hash, tables.feed.c.ref_rev,
        tables.feed.c.hub_at, tables.feed.c.protected_seq,
    )
    .where(tables.feed.c.feed_id == bindparam("feed"))
    .with_for_update()
)  # fmt: skip
_BLOCK = insert(tables.audit_block)
_MOVE = (
    update(tables.feed)
    .where(tables.feed.c.feed_id == bindparam("feed"))
    .values({name: bindparam(f"new_{name}") for name in ("head", "head_hash", "hub_at", "ref_rev")})
)
"""Asked at every commit, so made once: to build a statement costs more than to run it."""
_EPOCH = select(tables.feed.c.epoch).where(tables.feed.c.feed_id == bindparam("feed"))
_HEAD = select(tables.feed.c.head).where(tables.feed.c.feed_id == bindparam("feed"))


@dataclass(frozen=True, slots=True)
class Head:
    """The feed row, locked: its holder is the only one who writes."""

    feed_id: int
    epoch: str
    head: int
    head_hash: bytes
    ref_rev: int
    hub_at: datetime
    protected_seq: int = 0


class Edition:
    """What one batch will publish: rows in order, answers (`COMMAND_COLUMNS`), how the checksums move."""

    def __init__(self, head: Head, hub_at: datetime) -> None:
        self.seq = head.head + 1
        self.hub_at = hub_at
        self.ref_rev = head.ref_rev
        self.changes: list[tuple[Any, ...]] = []
        self.commands: list[tuple[Any, ...]] = []
        self.moves: dict[str, int] = {}

    def put(self, scope: str, tbl: str, pk: str, row: str, was: int = 0, left: str = "") -> None:
        """Publish a row; `was` is the number under which it stood before, 0 for a new one.

        `left` is the scope it stood in: who holds only that one is told that it is gone.
        """
        if was and left and left != scope:
            self.drop(left, tbl, pk, was)
            was = 0
        self.changes.append((self.seq, len(self.changes), scope, tbl, pk, "U", row))
        if tbl != UNSUMMED:
            self._move(scope, row_mark(tbl, pk, self.seq) - (row_mark(tbl, pk, was) if was else 0))

    def drop(self, scope: str, tbl: str, pk: str, was: int) -> None:
        """Publish that a row is gone."""
        self.changes.append((self.seq, len(self.changes), scope, tbl, pk, "D", None))
        self._move(scope, -row_mark(tbl, pk, was) if was else 0)

    def _move(self, scope: str, by: int) -> None:
        self.moves[scope] = self.moves.get(scope, 0) + by


class Closed(RuntimeError):
    """This hub is going down; the outcome is unknown and the same numbers may be sent again."""


def lock(db: Connection, feed_id: int, epoch: str = "") -> Head:
    """Take the feed row. Everything a batch reads afterwards is its own until it commits.

    Raises:
        Closed: the database was restored and lives another life than `epoch`.
    """
    row = db.execute(_LOCK, {"feed": feed_id}).one()
    if epoch and row.epoch != epoch:
        raise Closed
    return Head(
        feed_id, row.epoch, row.head, bytes(row.head_hash), row.ref_rev, row.hub_at, row.protected_seq
    )


def open_feed(db: Connection, feed_id: int, epoch: str, now: datetime) -> None:
    """Make an empty feed."""
    db.execute(
        insert(tables.feed).values(
            feed_id=feed_id, epoch=epoch, head_hash=GENESIS, hub_at=now, head=0, ref_rev=0
        )
    )


def publish(db: Connection, head: Head, edition: Edition, rows: Callable[[], object] = lambda: None) -> None:
    """Write `rows`, then changes, answers, checksums and the audit block of one batch; move the head."""
    feed_id, seq, commands = head.feed_id, edition.seq, edition.commands
    known = _SUMS_OF.read(db, feed_id, [(scope,) for scope in edition.moves])
    sums = {scope: unsigned(sum64) for scope, sum64 in known}
    moved = [(scope, signed(sums.get(scope, 0) + move)) for scope, move in sorted(edition.moves.items())]
    with pipelined(db):
        rows()
        _CHANGES.write(db, feed_id, edition.changes)
        _COMMANDS.write(db, feed_id, commands)
        _SUMS.write(db, feed_id, moved)
        rows_root = changes_root(edition.changes)
        root = root_of(rows_root, commands)
    digest = next_hash(head.head_hash, root)
    block = {
        "feed_id": feed_id, "seq": seq, "n": len(commands), "changes_root": rows_root, "root": root,
        "prev_hash": head.head_hash, "hash": digest,
    }  # fmt: skip
    db.execute(_BLOCK, block)
    moved_to = {
        "feed": feed_id, "new_head": seq, "new_head_hash": digest, "new_hub_at": edition.hub_at,
        "new_ref_rev": edition.ref_rev,
    }  # fmt: skip
    db.execute(_MOVE, moved_to)


def changes_root(changes: Iterable[Sequence[Any]]) -> bytes:
    """Return the digest of a batch's change rows by `i`; kept, so that the chain outlives compaction."""
    digest = hashlib.sha256()
    for row in changes:
        digest.update(msgspec.json.encode(row))
    return digest.digest()


def root_of(rows_root: bytes, commands: Iterable[Sequence[Any]]) -> bytes:
    """Return the digest of a batch: that of its change rows, then its commands by replica and n.

    A command without a proof counts as it did before there were any.
    Source: sync.md section 13, root over its commands and changes.
    """
    digest = hashlib.sha256(rows_root)
    for row in sorted(commands, key=lambda c: (c[0], c[1])):
        digest.update(msgspec.json.encode(row if row[-1] is not None else row[:-1]))
    return digest.digest()


def signed(sum64: int) -> int:
    """Return a checksum as the database holds it."""
    return (sum64 + _MODULUS // 2) % _MODULUS - _MODULUS // 2


def unsigned(sum64: int) -> int:
    """Return a checksum as desks see it."""
    return sum64 % _MODULUS


# --- reading ------------------------------------------------------------------------------------


def epoch(engine: Engine, feed_id: int) -> str:
    """Return which life of the database this is."""
    with reading(engine) as db:
        return str(db.execute(_EPOCH, {"feed": feed_id}).scalar_one())


def head(engine: Engine, feed_id: int) -> int:
    """Return the newest number."""
    with reading(engine) as db:
        return int(db.execute(_HEAD, {"feed": feed_id}).scalar_one())
