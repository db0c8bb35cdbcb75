"""Pages of the feed for desks: those that stand at one place share what was read and opened once.

Twenty desks wait at the head; when it moves, all of them ask for the same rows.
Source: sync.md section 6.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import msgspec
from sqlalchemy import Connection, Engine, func, select

from app.domain.company import User
from app.domain.values import Role
from sync import tables
from sync.hub.database import reading
from sync.hub.feed import unsigned
from sync.hub.project import opened_changes
from sync.hub.seal import Seal
from sync.hub.witness.heads import Signer, roots_inline
from sync.wire import Change, PullReply

KEPT = 16
"""Places remembered at once; each is forgotten when the head has moved on."""


_Place = tuple[str, int, int, int]
"""Epoch, cursor, limit, head: what follows never changes."""


@dataclass(slots=True)
class _Shared:
    """What follows one place under one head, sealed, and opened for the roles that asked."""

    to: int
    changes: list[Change]
    sums: dict[str, str]
    roots: tuple[str, ...]
    opened: dict[Role, list[Change]] = field(default_factory=dict)


class Pages:
    """Reads pages; safe from many threads."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal) -> None:
        self._engine, self._feed_id, self._seal = engine, feed_id, seal
        self._signer = Signer(seal)
        self._kept: OrderedDict[_Place, _Shared] = OrderedDict()
        self._lock = Lock()

    def read(self, replica_id: str, cursor: int, limit: int) -> tuple[PullReply, int]:
        """Return what follows `cursor` from one snapshot, receivers sealed, and the floor of the feed.

        About `limit` rows; a page ends where a number ends. `last_n` is of the same snapshot, on a partial
        page only of what the page covers. Below the floor history is compacted away.
        """
        feed = tables.feed
        with reading(self._engine) as db:
            now = db.execute(select(feed).where(feed.c.feed_id == self._feed_id)).one()
            shared = self._shared(db, (now.epoch, cursor, limit, now.head))
            last_n = self._last_n(db, replica_id, shared.to)
        reply = PullReply(
            epoch=now.epoch,
            since=cursor,
            to=shared.to,
            head=now.head,
            more=shared.to < now.head,
            last_n=last_n,
            protected_seq=now.protected_seq,
            hub_time=now.hub_at,
            head_hash=bytes(now.head_hash).hex(),
            sums=shared.sums,
            changes=shared.changes,
            head_sig=self._signer.sign(now.epoch, now.head, bytes(now.head_hash)).sig,
            hub_key=self._signer.key,
            roots=shared.roots,
        )
        return reply, now.floor

    def opened(self, reply: PullReply, limit: int, user: User, now: datetime) -> PullReply:
        """Return a page as `user` may read it."""
        shared = self._kept.get((reply.epoch, reply.since, limit, reply.head))
        changes = shared.opened.get(user.role) if shared else None
        if changes is None:
            changes = opened_changes(self._engine, self._feed_id, self._seal, user.role, reply.changes)
            if shared:
                shared.opened[user.role] = changes
        return msgspec.structs.replace(reply, changes=changes, hub_time=now)

    def _shared(self, db: Connection, place: _Place) -> _Shared:
        found = self._kept.get(place)
        if found is not None:
            return found
        _, cursor, limit, head = place
        found = self._read(db, cursor, limit, head)
        with self._lock:
            for old in [old for old in self._kept if old[-1] < head]:
                del self._kept[old]
            self._kept[place] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, db: Connection, cursor: int, limit: int, head: int) -> _Shared:
        change, scopes = tables.change, tables.scope_sum
        later = (change.c.feed_id == self._feed_id) & (change.c.seq > cursor)
        window = select(change.c.seq).where(later).order_by(change.c.seq, change.c.i).limit(limit).subquery()
        rows_in_window, end = db.execute(select(func.count(), func.max(window.c.seq))).one()
        to = head if rows_in_window < limit else end
        rows = db.execute(
            select(change.c.seq, change.c.i, change.c.tbl, change.c.op, change.c.pk, change.c.row)
            .where(later, change.c.seq <= to)
            .order_by(change.c.seq, change.c.i)
        ).all()
        sums = db.execute(
            select(scopes.c.scope, scopes.c.sum64).where(scopes.c.feed_id == self._feed_id)
        ).all()
        changes = [
            Change(r.seq, r.i, r.tbl, r.op, r.pk, msgspec.Raw((r.row or "null").encode())) for r in rows
        ]
        roots = roots_inline(db, self._feed_id, cursor, head)
        return _Shared(to, changes, {row.scope: f"{unsigned(row.sum64):016x}" for row in sums}, roots)

    def _last_n(self, db: Connection, replica_id: str, to: int) -> int:
        command = tables.command
        mine = (
            (command.c.feed_id == self._feed_id)
            & (command.c.replica_id == replica_id)
            & (command.c.seq <= to)
        )
        return db.execute(select(command.c.n).where(mine).order_by(command.c.n.desc()).limit(1)).scalar() or 0
