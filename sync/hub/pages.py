"""Pages of the feed for desks: those of one reach that stand at one place share what was read and opened.

Twenty desks wait at the head; when it moves, those whose scopes it touched ask for the same rows.
Source: sync.md sections 6, 11.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Integer, bindparam, func, select

from app.domain.scopes import Reach, holds, holds_all_orders
from sync import tables
from sync.hub.database import reading
from sync.hub.feed import unsigned
from sync.hub.project import opened_changes
from sync.hub.seal import Seal
from sync.hub.witness.heads import Signer, roots_inline
from sync.wire import Change, PullReply

KEPT = 64
"""Places remembered at once; each is forgotten when the head has moved on."""
MOVED_MOST = 256
"""Over how many numbers it is worth to ask which scopes moved; who is further behind reads."""

_Place = tuple[str, int, int, Reach, int]
"""Epoch, cursor, limit, reach without the person, head: what follows never changes."""
_C, _N = tables.change.c, tables.command.c
_ROWS = select(_C.seq, _C.i, _C.tbl, _C.op, _C.pk, _C.row, _C.scope).order_by(_C.seq, _C.i)
_OWN = _ROWS.where(
    _C.feed_id == bindparam("feed"),
    _C.scope == bindparam("scope"),
    _C.seq > bindparam("since"),
    _C.seq <= bindparam("to"),
).limit(bindparam("limit", type_=Integer))
_NOW = select(tables.feed).where(tables.feed.c.feed_id == bindparam("feed"))
_LAST_N = (
    select(_N.n)
    .where(_N.feed_id == bindparam("feed"), _N.replica_id == bindparam("replica"), _N.seq <= bindparam("to"))
    .order_by(_N.n.desc())
    .limit(1)
)
"""Asked with every page, so made once: to build a statement costs more than to run it."""
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Moved(NamedTuple):
    """What some numbers of the feed touched: scopes, and replicas whose commands were answered."""

    scopes: frozenset[str]
    replicas: frozenset[str]

    def concerns(self, reach: Reach, replica_id: str) -> bool:
        """Tell whether a desk has anything to learn from them."""
        return replica_id in self.replicas or any(holds(reach, scope) for scope in self.scopes)


EVERYTHING = Moved(frozenset({"ref"}), frozenset())
"""Said where nobody looked: everybody holds `ref`, so everybody reads."""


@dataclass(slots=True)
class _Shared:
    """What follows one place under one head: sealed, and opened when somebody asked."""

    to: int
    changes: list[Change]
    sums: dict[str, str]
    roots: tuple[str, ...] = ()
    opened: list[Change] | None = None


class Pages:
    """Reads pages; safe from many threads."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal) -> None:
        self._engine, self._feed_id, self._seal = engine, feed_id, seal
        self._signer = Signer(seal)
        self._kept: OrderedDict[_Place, _Shared] = OrderedDict()
        self._sums: OrderedDict[tuple[str, int], dict[str, int]] = OrderedDict()
        self._moves: OrderedDict[tuple[int, int], Moved] = OrderedDict()
        self._lock = Lock()

    def read(
        self, replica_id: str, cursor: int, limit: int, reach: Reach, *, own: bool = False
    ) -> tuple[PullReply, int]:
        """Return what follows `cursor` within a reach, from one snapshot, sealed; and the floor of the feed.

        About `limit` rows; a page ends where a number ends, and an empty one moves the cursor too. `last_n`
        is of the same snapshot, on a partial page only of what the page covers. Below the floor the word
        that rows are gone is gone itself. `own` asks for all rows that stand under the person's name.
        """
        with reading(self._engine) as db:
            now = db.execute(_NOW, {"feed": self._feed_id}).one()
            sums = self._sums_at(db, now.epoch, now.head)
            shared = self._shared(db, (now.epoch, cursor, limit, reach.common, now.head), sums)
            mine = f"user:{reach.user}"
            own_rows = self._own(db, mine, cursor, shared.to, limit) if mine in sums else []
            to = own_rows[-1].seq if len(own_rows) >= limit else shared.to
            if own:
                own_rows = self._all_own(db, reach.user)
            last_n = self._last_n(db, replica_id, to)
        changes = shared.changes
        if own_rows:
            changes = list(merge([c for c in changes if c.seq <= to], own_rows, key=_place_of))
        reply = PullReply(
            epoch=now.epoch,
            since=cursor,
            to=to,
            head=now.head,
            more=to < now.head,
            last_n=last_n,
            protected_seq=now.protected_seq,
            hub_time=now.hub_at,
            head_hash=bytes(now.head_hash).hex(),
            sums=shared.sums | ({mine: _hex(sums[mine])} if mine in sums else {}),
            changes=changes,
            head_sig=self._signer.sign(now.epoch, now.head, bytes(now.head_hash)).sig,
            hub_key=self._signer.key,
            roots=shared.roots,
            scope_rev=reach.rev,
            own=own,
            replica=replica_id,
        )
        return reply, now.floor

    def opened(self, reply: PullReply, limit: int, reach: Reach, now: datetime) -> PullReply:
        """Return a page as a reach may read it."""
        shared = self._kept.get((reply.epoch, reply.since, limit, reach.common, reply.head))
        if shared is None:
            changes = opened_changes(self._engine, self._feed_id, self._seal, reach, reply.changes)
        else:
            if shared.opened is None:
                shared.opened = opened_changes(self._engine, self._feed_id, self._seal, reach, shared.changes)
            changes = shared.opened
            if reply.changes is not shared.changes:
                own = [change for change in reply.changes if change.scope == f"user:{reach.user}"]
                changes = list(merge([c for c in changes if c.seq <= reply.to], own, key=_place_of))
        return msgspec.structs.replace(reply, changes=changes, hub_time=now)

    def moved(self, since: int, head: int) -> Moved:
        """Say what the numbers after `since` up to `head` touched; all who wait share one look."""
        if head - since > MOVED_MOST:
            return EVERYTHING
        found = self._moves.get((since, head))
        if found is None:
            change, command = tables.change, tables.command
            with reading(self._engine) as db:
                scopes = select(change.c.scope).distinct().where(*self._between(change, since, head))
                replicas = select(command.c.replica_id).distinct().where(*self._between(command, since, head))
                found = Moved(
                    frozenset(db.execute(scopes).scalars()), frozenset(db.execute(replicas).scalars())
                )
            self._keep(self._moves, (since, head), found)
        return found

    # --- inside -------------------------------------------------------------------------------------

    def _between(self, table: Any, since: int, to: int) -> tuple[ColumnElement[bool], ...]:
        return table.c.feed_id == self._feed_id, table.c.seq > since, table.c.seq <= to

    def _keep(self, kept: OrderedDict[K, V], key: K, value: V) -> None:
        with self._lock:
            kept[key] = value
            while len(kept) > KEPT:
                kept.popitem(last=False)

    def _sums_at(self, db: Connection, epoch: str, head: int) -> dict[str, int]:
        """Return the checksum of every scope there is: this is also the directory of scopes."""
        found = self._sums.get((epoch, head))
        if found is None:
            scopes = tables.scope_sum
            rows = db.execute(
                select(scopes.c.scope, scopes.c.sum64).where(scopes.c.feed_id == self._feed_id)
            ).all()
            found = {row.scope: row.sum64 for row in rows}
            self._keep(self._sums, (epoch, head), found)
        return found

    def _shared(self, db: Connection, place: _Place, sums: dict[str, int]) -> _Shared:
        found = self._kept.get(place)
        if found is not None:
            return found
        _, cursor, limit, reach, head = place
        held = [scope for scope in sums if holds(reach, scope)]
        found = self._read(db, cursor, limit, head, _within(reach, held, sums))
        found.sums = {scope: _hex(sums[scope]) for scope in held}
        found.roots = roots_inline(db, self._feed_id, cursor, head)
        with self._lock:
            for old in [old for old in self._kept if old[-1] < head]:
                del self._kept[old]
        self._keep(self._kept, place, found)
        return found

    def _read(
        self, db: Connection, cursor: int, limit: int, head: int, within: ColumnElement[bool]
    ) -> _Shared:
        change = tables.change
        later = (change.c.feed_id == self._feed_id) & (change.c.seq > cursor) & within
        window = select(change.c.seq).where(later).order_by(change.c.seq, change.c.i).limit(limit).subquery()
        rows_in_window, end = db.execute(select(func.count(), func.max(window.c.seq))).one()
        to = head if rows_in_window < limit else end
        return _Shared(to, _changes(db.execute(_ROWS.where(later, change.c.seq <= to)).all()), {})

    def _own(self, db: Connection, scope: str, cursor: int, to: int, limit: int) -> list[Change]:
        """Return the news under a person's name; there are few, and nobody shares them."""
        asked = {"feed": self._feed_id, "scope": scope, "since": cursor, "to": to, "limit": limit}
        return _changes(db.execute(_OWN, asked).all())

    def _all_own(self, db: Connection, user: str) -> list[Change]:
        """Return every row that stands under a person's name now: their open cases."""
        snag = tables.snag
        rows = db.execute(
            select(snag.c.id, snag.c.doc, snag.c.seq)
            .where(
                snag.c.feed_id == self._feed_id,
                snag.c.subject != "order",
                snag.c.state == "open",
                snag.c.owner == user,
            )
            .order_by(snag.c.seq, snag.c.id)
        )
        return [
            Change(row.seq, i, "snag", "U", row.id, msgspec.Raw(row.doc.encode()), f"user:{user}")
            for i, row in enumerate(rows)
        ]

    def _last_n(self, db: Connection, replica_id: str, to: int) -> int:
        asked = {"feed": self._feed_id, "replica": replica_id, "to": to}
        return db.execute(_LAST_N, asked).scalar() or 0


def _within(reach: Reach, held: list[str], scopes: Iterable[str]) -> ColumnElement[bool]:
    """Choose rows by the scopes held; who holds nearly all reads along the numbers, without the rest."""
    scope = tables.change.c.scope
    if not holds_all_orders(reach):
        return scope.in_(held)
    others = [one for one in scopes if not one.startswith("user:") and not holds(reach, one)]
    return scope.not_in(others) & scope.not_like("user:%")


def _changes(rows: Sequence[Any]) -> list[Change]:
    """Return rows of the feed; who holds both ends of a move is not told that the row left."""
    stays = {(row.seq, row.tbl, row.pk) for row in rows if row.op == "U"}
    return [
        Change(r.seq, r.i, r.tbl, r.op, r.pk, msgspec.Raw((r.row or "null").encode()), r.scope)
        for r in rows
        if r.op == "U" or (r.seq, r.tbl, r.pk) not in stays
    ]


def _place_of(change: Change) -> tuple[int, int]:
    return change.seq, change.i


def _hex(sum64: int) -> str:
    return f"{unsigned(sum64):016x}"
