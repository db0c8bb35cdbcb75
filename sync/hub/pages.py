"""Pages of the feed for desks: those of one reach that stand at one place share what was read and opened.

Twenty desks wait at the head; when it moves, those whose scopes it touched ask for the same rows.
Source: sync.md sections 6, 11.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from heapq import merge
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Integer, bindparam, func, select

from app.domain.scopes import Reach, holds, holds_all_orders
from sync import tables
from sync.chain import ROOTS_INLINE
from sync.hub.database import reading
from sync.hub.feed import unsigned
from sync.hub.project import opened_changes
from sync.hub.seal import Seal
from sync.hub.tail import Tail, change_of
from sync.hub.witness.heads import Signer, roots_inline
from sync.wire import Change, PullReply

KEPT = 64
"""Places remembered at once; each is forgotten when the head has moved on."""
NO_LIMIT = 2**31 - 1
MOVED_MOST = 256
"""Over how many numbers it is worth to ask which scopes moved; who is further behind reads."""


class Place(NamedTuple):
    """What follows it never changes; `reach` is one without the person."""

    epoch: str
    cursor: int
    limit: int
    reach: Reach
    head: int


class Ask(NamedTuple):
    """Who asks for a page: what follows `cursor` within a reach, about `limit` rows.

    `own` asks for all rows that stand under the person's name.
    """

    replica_id: str
    cursor: int
    limit: int
    reach: Reach
    own: bool = False


_C, _N = tables.change.c, tables.command.c
_ROWS = select(_C.seq, _C.i, _C.tbl, _C.op, _C.pk, _C.row, _C.scope).order_by(_C.seq, _C.i)
_OWN = _ROWS.where(
    _C.feed_id == bindparam("feed"),
    _C.scope == bindparam("scope"),
    _C.seq > bindparam("since"),
    _C.seq <= bindparam("to"),
).limit(bindparam("limit", type_=Integer))
_NOW = select(tables.feed).where(tables.feed.c.feed_id == bindparam("feed"))
_LAST_NS = select(tables.replica.c.replica_id, tables.replica.c.last_n).where(
    tables.replica.c.feed_id == bindparam("feed"),
    tables.replica.c.replica_id.in_(bindparam("replicas", expanding=True)),
)
_MOVED, _ANSWERED = (
    select(one)
    .distinct()
    .where(one.table.c.feed_id == bindparam("feed"))
    .where(one.table.c.seq > bindparam("since"), one.table.c.seq <= bindparam("to"))
    for one in (_C.scope, _N.replica_id)
)
_SUMS = select(tables.scope_sum.c.scope, tables.scope_sum.c.sum64).where(
    tables.scope_sum.c.feed_id == bindparam("feed")
)
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
    is_near: bool = False
    """Read out of the newest numbers."""
    opened: list[Change] | None = None


class Pages:
    """Reads pages; safe from many threads."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal) -> None:
        self._engine, self._feed_id, self._seal = engine, feed_id, seal
        self._signer = Signer(seal)
        self._kept: OrderedDict[Place, _Shared] = OrderedDict()
        self._sums: OrderedDict[tuple[str, int], dict[str, int]] = OrderedDict()
        self._moves: OrderedDict[tuple[int, int], Moved] = OrderedDict()
        self._lock, self._tail_lock = Lock(), Lock()
        self._tail = Tail(feed_id)

    def read(
        self, replica_id: str, cursor: int, limit: int, reach: Reach, *, own: bool = False
    ) -> tuple[PullReply, int]:
        """Return one page and the floor of the feed, see `read_all`."""
        with reading(self._engine) as db:
            pages, floor = self.read_all(db, [Ask(replica_id, cursor, limit, reach, own)])
        return pages[0], floor

    def read_all(self, db: Connection, asked: Sequence[Ask]) -> tuple[list[PullReply], int]:
        """Return the pages of all who ask at once, from one snapshot, sealed; and the floor of the feed.

        A page ends where a number ends, and an empty one moves the cursor too. `last_n` is of the same
        snapshot, on a partial page only of what the page covers. Below the floor the word that rows are gone
        is gone itself.
        """
        now = db.execute(_NOW, {"feed": self._feed_id}).one()
        sums = self._sums_at(db, now.epoch, now.head)
        names = sorted({ask.replica_id for ask in asked})
        found = db.execute(_LAST_NS, {"feed": self._feed_id, "replicas": names})
        last_ns: dict[str, int] = {row.replica_id: row.last_n for row in found}
        return [self._page(db, ask, now, sums, last_ns) for ask in asked], now.floor

    def _page(
        self, db: Connection, ask: Ask, now: Any, sums: dict[str, int], last_ns: dict[str, int]
    ) -> PullReply:
        reach, limit = ask.reach, ask.limit
        shared = self._shared(db, Place(now.epoch, ask.cursor, limit, reach.common, now.head), sums)
        mine = f"user:{reach.user}"
        own_rows, to = self._own(db, mine, ask.cursor, shared.to, limit) if mine in sums else ([], shared.to)
        if ask.own:
            own_rows = self._all_own(db, reach.user)
        is_whole = to == now.head
        last_n = last_ns.get(ask.replica_id, 0) if is_whole else self._last_n(db, ask.replica_id, to)
        changes = shared.changes
        if own_rows:
            changes = list(merge([c for c in changes if c.seq <= to], own_rows, key=_place_of))
        return PullReply(
            epoch=now.epoch,
            since=ask.cursor,
            to=to,
            head=now.head,
            more=not is_whole,
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
            own=ask.own,
            replica=ask.replica_id,
        )

    def opened(self, reply: PullReply, limit: int, reach: Reach, now: datetime) -> PullReply:
        """Return a page as a reach may read it."""
        shared = self._kept.get(Place(reply.epoch, reply.since, limit, reach.common, reply.head))
        if shared is None:
            changes = opened_changes(self._engine, self._feed_id, self._seal, reach, reply.changes)
        else:
            if shared.opened is None:
                shared.opened = self._opened(shared, reach)
            changes = shared.opened
            if reply.changes is not shared.changes:
                own = [change for change in reply.changes if change.scope == f"user:{reach.user}"]
                changes = list(merge([c for c in changes if c.seq <= reply.to], own, key=_place_of))
        return msgspec.structs.replace(reply, changes=changes, hub_time=now)

    def _opened(self, shared: _Shared, reach: Reach) -> list[Change]:
        open_ = partial(opened_changes, self._engine, self._feed_id, self._seal, reach)
        if not shared.is_near:
            return open_(shared.changes)
        with self._tail_lock:
            return self._tail.opened(shared.changes, open_, masked=reach.masked)

    def glanced(self, since: int, head: int) -> Moved | None:
        """Return what some numbers touched, if somebody has looked it up; never waits."""
        return self._moves.get((since, head)) if head - since <= MOVED_MOST else EVERYTHING

    def moved(self, since: int, head: int) -> Moved:
        """Say what the numbers after `since` up to `head` touched; all who wait share one look."""
        found = self.glanced(since, head)
        if found is None:
            between = {"feed": self._feed_id, "since": since, "to": head}
            with reading(self._engine) as db:
                scopes, replicas = (
                    frozenset(db.execute(asked, between).scalars()) for asked in (_MOVED, _ANSWERED)
                )
            found = Moved(scopes, replicas)
            self._keep(self._moves, (since, head), found)
        return found

    # --- inside -------------------------------------------------------------------------------------

    def _keep(self, kept: OrderedDict[K, V], key: K, value: V) -> None:
        with self._lock:
            kept[key] = value
            while len(kept) > KEPT:
                kept.popitem(last=False)

    def _sums_at(self, db: Connection, epoch: str, head: int) -> dict[str, int]:
        """Return the checksum of every scope there is: this is also the directory of scopes."""
        found = self._sums.get((epoch, head))
        if found is None:
            rows = db.execute(_SUMS, {"feed": self._feed_id}).all()
            found = {row.scope: row.sum64 for row in rows}
            self._keep(self._sums, (epoch, head), found)
        return found

    def _shared(self, db: Connection, place: Place, sums: dict[str, int]) -> _Shared:
        found = self._kept.get(place)
        if found is not None:
            return found
        found = self._read(db, place, sums)
        found.sums = {scope: _hex(sums[scope]) for scope in sums if holds(place.reach, scope)}
        with self._lock:
            for old in [old for old in self._kept if old.head < place.head]:
                del self._kept[old]
        self._keep(self._kept, place, found)
        return found

    def _read(self, db: Connection, place: Place, sums: dict[str, int]) -> _Shared:
        return self._near(db, place) or self._far(db, place, sums)

    def _near(self, db: Connection, place: Place) -> _Shared | None:
        """Read a page out of the newest numbers; None where they do not reach so far back."""
        epoch, cursor, limit, reach, head = place
        with self._tail_lock:
            numbers = self._tail.after(db, epoch, cursor, head)
        if numbers is None:
            return None
        rows = [row for number in numbers for row in number.rows if holds(reach, row.scope)]
        to = rows[limit - 1].seq if len(rows) >= limit else head
        roots = tuple(number.root for number in numbers) if head - cursor <= ROOTS_INLINE else ()
        return _Shared(to, _settled([row for row in rows if row.seq <= to]), {}, roots, is_near=True)

    def _far(self, db: Connection, place: Place, sums: dict[str, int]) -> _Shared:
        change, held = tables.change, [scope for scope in sums if holds(place.reach, scope)]
        within = _within(place.reach, held, sums)
        later = (change.c.feed_id == self._feed_id) & (change.c.seq > place.cursor) & within
        window = select(change.c.seq).where(later).order_by(change.c.seq, change.c.i)
        window_rows = window.limit(place.limit).subquery()
        rows_in_window, end = db.execute(select(func.count(), func.max(window_rows.c.seq))).one()
        to = place.head if rows_in_window < place.limit else end
        rows = db.execute(_ROWS.where(later, change.c.seq <= to)).all()
        return _Shared(to, _changes(rows), {}, roots_inline(db, self._feed_id, place.cursor, place.head))

    def _own(self, db: Connection, scope: str, cursor: int, to: int, limit: int) -> tuple[list[Change], int]:
        """Return the news under a person's name and where the page ends: what is one number stays together.

        There are few, and nobody shares them.
        """
        asked = {"feed": self._feed_id, "scope": scope, "since": cursor, "to": to, "limit": limit}
        rows = db.execute(_OWN, asked).all()
        if len(rows) >= limit:
            to = rows[-1].seq
            rows = db.execute(_OWN, asked | {"to": to, "limit": NO_LIMIT}).all()
        return _changes(rows), to

    def _all_own(self, db: Connection, user: str) -> list[Change]:
        """Return every row under a person's name now: open cases, what they have learnt and were told."""
        snag, ref = tables.snag, tables.ref
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
        theirs = ref.c.tbl.in_(["habit", "bell"]) & (ref.c.pk == user)
        tests = ref.c.tbl.in_(["drill", "attempt"]) & ref.c.pk.startswith(f"{user}/", autoescape=True)
        asked = select(ref.c.tbl, ref.c.pk, ref.c.doc, ref.c.seq)
        known = db.execute(asked.where(ref.c.feed_id == self._feed_id, theirs | tests)).all()
        own = [("snag", *row) for row in rows] + [tuple(row) for row in known]
        return [
            Change(seq, i, tbl, "U", pk, msgspec.Raw(doc.encode()), f"user:{user}")
            for i, (tbl, pk, doc, seq) in enumerate(sorted(own, key=lambda row: (row[3], row[1])))
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
    return _settled([change_of(row) for row in rows])


def _settled(changes: Sequence[Change]) -> list[Change]:
    """Return rows of the feed; who holds both ends of a move is not told that the row left."""
    left = [one for one in changes if one.op != "U"]
    if not left:
        return list(changes)
    stays = {(one.seq, one.tbl, one.pk) for one in changes if one.op == "U"}
    return [one for one in changes if one.op == "U" or (one.seq, one.tbl, one.pk) not in stays]


def _place_of(change: Change) -> tuple[int, int]:
    return change.seq, change.i


def _hex(sum64: int) -> str:
    return f"{unsigned(sum64):016x}"
