"""Does the database keep its promises? The same checker runs in tests and as `run.py verify`.

It needs no master key: what is sealed stays sealed.
Source: sync.md section 15.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, Select, and_, func, or_, select

from app.domain.scopes import case_scope, doc_scope, order_scope, small_scope
from sync import tables as t
from sync.chain import next_hash
from sync.hub.database import reading
from sync.hub.feed import COMMAND_COLUMNS, GENESIS, UNSUMMED, changes_root, root_of, unsigned
from sync.hub.finding import Finding
from sync.hub.proofs import Signatures
from sync.hub.shelves import FIELDS, shelf_of
from sync.hub.trail import trail_of
from sync.hub.verify_goods import documents_agree, leases_agree, sold_ahead, stock_adds_up
from sync.hub.verify_kept import (
    desks_stand_where_they_say,
    history_is_the_witnessed_one,
    rights_are_those_given,
    what_waits_is_served,
)
from sync.hub.verify_orders import orders_agree
from sync.hub.witness.witnesses import BEYOND, kept_evidence
from sync.tables import micros
from sync.wire import row_mark

FINDINGS_LIMIT = 50
"""Of one kind; more would not help to find the cause."""


class Beyond(msgspec.Struct, frozen=True):
    """What a desk had seen of a life that a restore cut off: evidence of what was lost, no breach."""

    desk: str
    epoch: str
    seq: int
    hash: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the checker saw. `counts` are rows."""

    feed_id: int
    head: int
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    beyond: tuple[Beyond, ...] = ()
    signatures: Signatures | None = None
    """Of what desks asked for; looked at by the verb, each costs a twentieth of a millisecond."""

    @property
    def ok(self) -> bool:
        """Tell whether every promise holds."""
        return not self.findings


def verify(engine: Engine, feed_id: int) -> Report:
    """Check every invariant on one snapshot of the database."""
    counted = (t.orders, t.command, t.change, t.stock, t.stock_doc, t.reservation, t.snag, t.event, t.replica)
    with reading(engine) as db:
        db.execution_options(yield_per=2_000)
        head = db.execute(select(t.feed.c.head).where(t.feed.c.feed_id == feed_id)).scalar() or 0
        counts = {
            table.name: db.execute(select(func.count()).where(table.c.feed_id == feed_id)).scalar_one()
            for table in counted
        }
        findings: list[Finding] = []
        for check in CHECKS:
            # To the end even when there is enough: a cursor left open would hold its snapshot.
            findings += list(check(db, feed_id))[:FINDINGS_LIMIT]
        findings = [replace(one, trail=trail_of(db, feed_id, one)) for one in findings]
        beyond = tuple(
            Beyond(desk=replica_id, epoch=one.held.epoch, seq=one.held.seq, hash=one.held.hash)
            for replica_id, one in kept_evidence(db, feed_id)
            if one.why == BEYOND
        )
    return Report(feed_id=feed_id, head=head, counts=counts, findings=tuple(findings), beyond=beyond)


# --- numbers and answers (I1, I2, I3) -------------------------------------------------------------


def promised(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I1: a receipt at or below its account's last number has its command."""
    mine = and_(t.command.c.replica_id == t.receipt.c.replica_id, t.command.c.n == t.receipt.c.n)
    found = (
        select(t.receipt.c.replica_id, t.receipt.c.n)
        .join(t.replica, and_(_same(t.receipt, t.replica), t.replica.c.replica_id == t.receipt.c.replica_id))
        .outerjoin(t.command, and_(_same(t.receipt, t.command), mine))
        .where(t.receipt.c.feed_id == feed_id, t.receipt.c.n <= t.replica.c.last_n, t.command.c.n.is_(None))
    )
    for row in db.execute(found):
        yield Finding("I1", f"{row.replica_id}/{row.n}", "promised by a receipt, but there is no command")


def answered(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I2: an answer is complete, and under a number that was published."""
    c = t.command.c
    head = select(t.feed.c.head).where(t.feed.c.feed_id == feed_id).scalar_subquery()
    bad = or_(
        c.seq > head,
        c.seq < 1,
        and_(c.status == "refused", c.refusal.is_(None)),
        and_(c.status == "conflict", c.conflict.is_(None)),
        and_(c.status == "applied", or_(c.refusal.is_not(None), c.conflict.is_not(None))),
    )
    for row in db.execute(select(c.replica_id, c.n, c.status, c.seq).where(c.feed_id == feed_id, bad)):
        yield Finding("I2", f"{row.replica_id}/{row.n}", f"{row.status} at {row.seq} is no whole answer")


def contiguous(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I3: the numbers of a replica run from 1 to its last without a gap."""
    c = t.command.c
    counted = (
        select(
            c.replica_id,
            func.count().label("count"),
            func.min(c.n).label("least"),
            func.max(c.n).label("most"),
        )
        .where(c.feed_id == feed_id)
        .group_by(c.replica_id)
        .subquery()
    )
    found = select(
        t.replica.c.replica_id, t.replica.c.last_n, counted.c.count, counted.c.least, counted.c.most
    ).outerjoin(counted, counted.c.replica_id == t.replica.c.replica_id)
    for row in db.execute(found.where(t.replica.c.feed_id == feed_id)):
        count, least, most = row[2] or 0, row.least or 1, row.most or 0
        if not (least == 1 and count == most == row.last_n):
            came = f"{count} commands from {least} to {most}"
            yield Finding("I3", row.replica_id, "the numbers have a gap", f"1 to {row.last_n}", came)


# --- feed and chain (I8, I9) ----------------------------------------------------------------------


def chain_holds(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I8: numbers without a gap, every block over exactly its rows, every hash over the one before.

    Where images may be gone that newer ones replaced, a block is over its commands and the digest it kept.
    """
    kept = t.feed.c
    feed = db.execute(
        select(kept.head, kept.head_hash, kept.compacted).where(kept.feed_id == feed_id)
    ).one_or_none()
    if feed is None:
        yield Finding("I8", "feed", "there is no feed")
        return
    blocks = select(t.audit_block).where(t.audit_block.c.feed_id == feed_id).order_by(t.audit_block.c.seq)
    changes = _Groups(db, select(*_columns(t.change, _CHANGE)).where(t.change.c.feed_id == feed_id)
                      .order_by(t.change.c.seq, t.change.c.i), 0)  # fmt: skip
    commands = _Groups(db, select(*_columns(t.command, COMMAND_COLUMNS)).where(t.command.c.feed_id == feed_id)
                       .order_by(t.command.c.seq), COMMAND_COLUMNS.index("seq"))  # fmt: skip
    expected, previous = 0, GENESIS
    for block in db.execute(blocks):
        expected += 1
        if block.seq != expected:
            yield Finding("I8", str(expected), f"the next block is {block.seq}")
            expected = block.seq
        rows, asked = changes.of(block.seq), commands.of(block.seq)
        if not _covers(block, rows, asked, is_whole=block.seq > feed.compacted):
            yield Finding("I8", str(block.seq), "rows differ from what was sealed under this number")
        if bytes(block.prev_hash) != previous:
            yield Finding("I8", str(block.seq), "does not follow from the block before")
        previous = next_hash(bytes(block.prev_hash), bytes(block.root))
        if bytes(block.hash) != previous:
            yield Finding("I8", str(block.seq), "its hash is not its own")
    if (feed.head, bytes(feed.head_hash)) != (expected, previous):
        yield Finding("I8", "feed", "the head is not the last block", f"{expected}", f"{feed.head}")
    for seq in sorted({*changes.rest(), *commands.rest()}):
        yield Finding("I8", str(seq), "rows under a number without a block")


def _covers(
    block: Any, changes: list[tuple[Any, ...]], commands: list[tuple[Any, ...]], *, is_whole: bool
) -> bool:
    if block.changes_root is None:
        return not is_whole  # from before the digest was kept: the chain alone speaks for it
    kept = bytes(block.changes_root)
    if is_whole and kept != changes_root(changes):
        return False
    return root_of(kept, commands) == bytes(block.root)


def projection_is_the_feed(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I9 and I11, the hub's half: the newest published image of every row is the row, where it belongs.

    Checksums add up; of the history only what is younger than the floor is still in the feed.
    """
    c = t.change.c
    floor = select(t.feed.c.floor).where(t.feed.c.feed_id == feed_id)
    floor_seq: int = db.execute(floor).scalar() or 0
    latest: dict[tuple[str, str], tuple[int, str, bytes]] = {}
    for row in db.execute(
        select(c.seq, c.scope, c.tbl, c.pk, c.op, c.row).where(c.feed_id == feed_id).order_by(c.seq, c.i)
    ):
        key = (row.tbl, row.pk)
        if row.op == "D":
            latest.pop(key, None)
        else:
            latest[key] = (row.seq, row.scope, _digest(row.row))
    yield from _sums_differ(db, feed_id, latest)
    for key, scope, seq, doc in _rows_now(db, feed_id):
        found, is_history = latest.pop(key, None), key[0] == UNSUMMED
        if found is None:
            if not is_history or seq > floor_seq:
                yield Finding("I9", "/".join(key), "was never published")
        elif found[2] != _digest(doc) or (found[0] != seq and not is_history):
            yield Finding("I9", "/".join(key), f"published at {found[0]}, stands at {seq}, or differs")
        elif found[1] != scope and found[0] > floor_seq:
            yield Finding("I11", "/".join(key), f"published in {found[1]}, belongs to {scope}")
    for key in latest:
        yield Finding("I9", "/".join(key), "published, but there is no such row")


def _sums_differ(
    db: Connection, feed_id: int, latest: dict[tuple[str, str], tuple[int, str, bytes]]
) -> Iterator[Finding]:
    sums: dict[str, int] = {}
    for (tbl, pk), (seq, scope, _) in latest.items():
        if tbl != UNSUMMED:
            sums[scope] = unsigned(sums.get(scope, 0) + row_mark(tbl, pk, seq))
    stored = select(t.scope_sum.c.scope, t.scope_sum.c.sum64).where(t.scope_sum.c.feed_id == feed_id)
    kept = {row.scope: unsigned(row.sum64) for row in db.execute(stored)}
    for scope in sorted(sums.keys() | kept.keys()):
        if sums.get(scope, 0) != kept.get(scope, 0):
            told, rows = kept.get(scope, 0), sums.get(scope, 0)
            yield Finding("I9", scope, "the checksum is not that of the rows", f"{rows:016x}", f"{told:016x}")


def _rows_now(db: Connection, feed_id: int) -> Iterator[tuple[tuple[str, str], str, int, str]]:
    """Name every row that travels: its key, its scope, the number it stands under, its document."""
    o = t.orders.c
    place = (o.shop, o.warehouse, o.signatures_needed)
    for row in db.execute(select(o.id, *place, o.seq, o.doc).where(o.feed_id == feed_id)):
        yield ("order", row.id), order_scope(*row[1:4]), row.seq, row.doc
    columns = _columns(t.stock, (*FIELDS, "seq"))
    for *shelf, seq in db.execute(select(*columns).where(t.stock.c.feed_id == feed_id)):
        stock = shelf_of(shelf)
        doc = msgspec.json.encode(stock).decode()
        yield ("stock", f"{stock.warehouse}/{stock.sku}"), doc_scope(stock.warehouse, ""), seq, doc
    for row in db.execute(select(t.stock_doc).where(t.stock_doc.c.feed_id == feed_id)):
        yield ("stock_doc", row.id), doc_scope(row.warehouse, row.target), row.seq, row.doc
    for row in db.execute(select(t.ref).where(t.ref.c.feed_id == feed_id)):
        yield (row.tbl, row.pk), small_scope(row.tbl, row.pk), row.seq, row.doc
    entries = select(t.event, *place).join(
        t.orders, and_(_same(t.event, t.orders), o.id == t.event.c.order_id)
    )
    for row in db.execute(entries.where(t.event.c.feed_id == feed_id)):
        scope = order_scope(row.shop, row.warehouse, row.signatures_needed)
        yield (UNSUMMED, f"{row.order_id}:{row.seq}:{row.i}"), scope, row.seq, row.body
    cases = select(t.snag).where(
        t.snag.c.feed_id == feed_id, t.snag.c.subject != "order", t.snag.c.state == "open"
    )
    for row in db.execute(cases):
        yield ("snag", row.id), case_scope(row.owner), row.seq, row.doc


CHECKS: tuple[Callable[[Connection, int], Iterator[Finding]], ...] = (
    promised,
    answered,
    contiguous,
    stock_adds_up,
    leases_agree,
    sold_ahead,
    documents_agree,
    orders_agree,
    chain_holds,
    history_is_the_witnessed_one,
    desks_stand_where_they_say,
    what_waits_is_served,
    rights_are_those_given,
    projection_is_the_feed,
)

_CHANGE = ("seq", "i", "scope", "tbl", "pk", "op", "row")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _same(one: Any, other: Any) -> Any:
    return one.c.feed_id == other.c.feed_id


def _columns(table: Any, names: Iterable[str]) -> list[Any]:
    return [table.c[name] for name in names]


class _Groups:
    """Rows of a query sorted by number, handed out number by number; `place` is that column's."""

    def __init__(self, db: Connection, query: Select[Any], place: int) -> None:
        self._groups = groupby((_stored(row) for row in db.execute(query)), key=lambda row: row[place])
        self._ahead: tuple[int, list[tuple[Any, ...]]] | None = None
        self._skipped: list[int] = []
        self._step()

    def of(self, seq: int) -> list[tuple[Any, ...]]:
        """Return the rows of one number; ask in rising order."""
        while self._ahead is not None and self._ahead[0] < seq:
            self._skipped.append(self._ahead[0])
            self._step()
        if self._ahead is None or self._ahead[0] != seq:
            return []
        rows = self._ahead[1]
        self._step()
        return rows

    def rest(self) -> list[int]:
        """Return the numbers nobody asked for."""
        while self._ahead is not None:
            self._skipped.append(self._ahead[0])
            self._step()
        return self._skipped

    def _step(self) -> None:
        following = next(self._groups, None)
        self._ahead = (following[0], list(following[1])) if following else None


def _stored(row: Any) -> tuple[Any, ...]:
    """Return a row as the batch wrote it: instants as numbers."""
    return tuple(micros(value) if hasattr(value, "tzinfo") else value for value in row)
