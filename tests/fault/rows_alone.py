"""The invariants again, from the rows alone: nothing here is borrowed from the product's own `verify`.

A checker that shares code with what it checks inherits its mistakes.
Source: sync.md section 15.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, text

from sync.hub.finding import Finding


def rows_disagree(db: Connection, feed_id: int) -> Iterator[Finding]:
    """Find what does not hold, in plain SQL that both databases speak."""
    yield from _numbers_have_gaps(db, feed_id)
    yield from _feed_has_gaps(db, feed_id)
    yield from _shelves_differ(db, feed_id)
    yield from _signatures_are_own(db, feed_id)
    yield from _parcels_are_double(db, feed_id)


def _numbers_have_gaps(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I3: numbers of a replica run from 1 without a gap, to where it says it is."""
    asked = text("SELECT replica_id, n FROM command WHERE feed_id = :feed ORDER BY replica_id, n")
    numbers: dict[str, list[int]] = defaultdict(list)
    for replica_id, n in db.execute(asked, {"feed": feed_id}):
        numbers[replica_id].append(n)
    last = text("SELECT replica_id, last_n FROM replica WHERE feed_id = :feed")
    said = {row.replica_id: row.last_n for row in db.execute(last, {"feed": feed_id})}
    for replica_id in numbers.keys() | said.keys():
        mine = numbers.get(replica_id, [])
        if mine != list(range(1, len(mine) + 1)) or said.get(replica_id) != len(mine):
            yield Finding(
                "I3", replica_id, f"{len(mine)} numbers, the last {mine[-1:]}, said {said.get(replica_id)}"
            )


def _feed_has_gaps(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I8: every number has one block, chained to the one before; nothing stands beyond the head."""
    asked = text("SELECT seq, root, prev_hash, hash FROM audit_block WHERE feed_id = :feed ORDER BY seq")
    before, expected = bytes(32), 0
    for seq, root, prev_hash, own in db.execute(asked, {"feed": feed_id}):
        expected += 1
        mine = hashlib.sha256(bytes(prev_hash) + bytes(root)).digest()
        if seq != expected or bytes(prev_hash) != before or bytes(own) != mine:
            yield Finding("I8", str(seq), "the chain is broken here")
        before = bytes(own)
    head, head_hash = db.execute(
        text("SELECT head, head_hash FROM feed WHERE feed_id = :feed"), {"feed": feed_id}
    ).one()
    if head != expected or bytes(head_hash) != before:
        yield Finding("I8", "feed", f"the head says {head}, the chain ends at {expected}")
    for table in ("change", "command"):
        beyond = text(f"SELECT count(*) FROM {table} WHERE feed_id = :feed AND (seq > :head OR seq < 1)")
        if count := db.execute(beyond, {"feed": feed_id, "head": head}).scalar_one():
            yield Finding("I8", table, f"{count} rows outside of 1 to {head}")
    doubled = text(
        "SELECT seq, i, count(*) FROM change WHERE feed_id = :feed GROUP BY seq, i HAVING count(*) > 1"
    )
    for seq, i, _ in db.execute(doubled, {"feed": feed_id}):
        yield Finding("I8", f"{seq}/{i}", "two changes under one number")


def _shelves_differ(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I4: no shelf promises more than it has, and what it promises is what orders hold."""
    held: Counter[tuple[str, str]] = Counter()
    asked = text("SELECT warehouse, sku, qty FROM reservation WHERE feed_id = :feed AND state = 'open'")
    for warehouse, sku, qty in db.execute(asked, {"feed": feed_id}):
        held[warehouse, sku] += qty
    shelves = text("SELECT warehouse, sku, on_hand, reserved FROM stock WHERE feed_id = :feed")
    for warehouse, sku, on_hand, reserved in db.execute(shelves, {"feed": feed_id}):
        subject = f"{warehouse}/{sku}"
        if not 0 <= reserved <= on_hand:
            yield Finding("I4", subject, f"{reserved} promised of {on_hand}")
        if reserved != held.pop((warehouse, sku), 0):
            yield Finding("I4", subject, f"{reserved} promised, orders hold something else")
    for (warehouse, sku), qty in held.items():
        if qty:
            yield Finding("I4", f"{warehouse}/{sku}", f"{qty} held on no shelf")


def _signatures_are_own(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I6: nobody signed what they made, and nothing left whose approval is of other content."""
    own = text("SELECT order_id, user_code FROM signature WHERE feed_id = :feed AND user_code = maker")
    for order_id, user_code in db.execute(own, {"feed": feed_id}):
        yield Finding("I6", order_id, f"{user_code} is maker and signer")
    left = text(
        "SELECT id FROM orders WHERE feed_id = :feed AND signatures_needed > 0 "
        "AND approved_hash <> content_hash "
        "AND status IN ('released', 'picking', 'packed', 'shipped', 'completed')"
    )
    for (order_id,) in db.execute(left, {"feed": feed_id}):
        yield Finding("I6", order_id, "left without an approval of its content")


def _parcels_are_double(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I7: a tracking number belongs to one parcel."""
    parcels = text("SELECT tracking_no, count(*) FROM shipment WHERE feed_id = :feed GROUP BY tracking_no")
    for tracking_no, count in db.execute(parcels, {"feed": feed_id}):
        if count > 1:
            yield Finding("I7", tracking_no, f"on {count} parcels")
