"""Is the history the one that was witnessed, and do desks stand where the hub thinks they do?

Source: sync.md sections 7, 13 and 15 (I8, I10, I12, I13, I14).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, func, select

from app.domain.company import Grants
from sync import tables as t
from sync.hub.finding import Finding
from sync.hub.witness.anchors import stored_anchors
from sync.hub.witness.heads import contradiction
from sync.hub.witness.witnesses import kept_evidence, still_denies, witnessed

STALLED = timedelta(seconds=60)
"""Source: sync.md section 15, I12."""


def history_is_the_witnessed_one(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I8: every head a desk saw, every anchor that left the building, lies on this history."""
    for replica_id, seen in witnessed(db, feed_id):
        if why := contradiction(db, feed_id, seen.head):
            yield Finding("I8", f"desk {replica_id}", f"saw change {seen.head.seq}: {why}")
    for head in stored_anchors(db, feed_id):
        if why := contradiction(db, feed_id, head):
            yield Finding("I8", f"anchor {head.seq}", f"anchored otherwise: {why}")
    for replica_id, one in kept_evidence(db, feed_id):
        if still_denies(db, feed_id, one):
            yield Finding("I8", f"desk {replica_id}", f"holds change {one.held.seq} against us: {one.why}")


def desks_stand_where_they_say(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I10, I13, I14, by what each desk said last in this life of the hub."""
    feed = db.execute(select(t.feed).where(t.feed.c.feed_id == feed_id)).one_or_none()
    if feed is None:
        return
    if feed.protected_seq > feed.head:
        yield Finding(
            "I13", "feed", "more is protected than there is", f"<= {feed.head}", f"{feed.protected_seq}"
        )
    replicas = select(t.replica.c.replica_id, t.replica.c.last_n).where(t.replica.c.feed_id == feed_id)
    known = {row.replica_id: row.last_n for row in db.execute(replicas)}
    for replica_id, seen in witnessed(db, feed_id):
        if seen.head.epoch != feed.epoch:
            continue
        subject, last_n = f"desk {replica_id}", known.get(replica_id, 0)
        if seen.cursor > feed.head:
            yield Finding("I10", subject, "stands beyond the end", f"<= {feed.head}", f"{seen.cursor}")
        if seen.last_n > last_n:
            yield Finding("I10", subject, "was told of more commands", f">= {seen.last_n}", f"{last_n}")
        if seen.pruned_seq > feed.protected_seq:
            yield Finding(
                "I13", subject, "forgot work too early", f"<= {feed.protected_seq}", f"{seen.pruned_seq}"
            )
        if seen.accepted_n > last_n:
            yield Finding("I14", subject, "shows work as accepted", f"<= {last_n}", f"{seen.accepted_n}")


def what_waits_is_served(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I12, the hub's half: no channel account stands still while others go on."""
    hub_at = db.execute(select(t.feed.c.hub_at).where(t.feed.c.feed_id == feed_id)).scalar()
    if hub_at is None:
        return
    a, r, c = t.account.c, t.replica.c, t.command.c
    waiting = (
        select(a.replica_id, a.next_n, func.coalesce(r.last_n, 0).label("last_n"))
        .outerjoin(t.replica, (r.feed_id == a.feed_id) & (r.replica_id == a.replica_id))
        .where(a.feed_id == feed_id, a.next_n > func.coalesce(r.last_n, 0) + 1)
    )
    for row in db.execute(waiting).all():
        first = (
            select(t.raw.c.received_at)
            .join(
                t.receipt, (t.receipt.c.feed_id == t.raw.c.feed_id) & (t.receipt.c.raw_id == t.raw.c.raw_id)
            )
            .where(
                t.receipt.c.feed_id == feed_id,
                t.receipt.c.replica_id == row.replica_id,
                t.receipt.c.n == row.last_n + 1,
            )
        )
        came_at = db.execute(first).scalar()
        moved_at = db.execute(
            select(func.max(c.hub_at)).where(c.feed_id == feed_id, c.replica_id == row.replica_id)
        ).scalar()
        since = max((at for at in (came_at, moved_at) if at is not None), default=None)
        if since is not None and hub_at - since > STALLED:
            count = row.next_n - 1 - row.last_n
            yield Finding("I12", row.replica_id, "waits while others are served", "0", f"{count}")


def rights_are_those_given(db: Connection, feed_id: int) -> Iterator[Finding]:
    """The rows the hub checks rights by are those of the published settings."""
    given: set[tuple[str, str, bool]] = set()
    rows = select(t.ref.c.doc).where(t.ref.c.feed_id == feed_id, t.ref.c.tbl == "grants")
    for (doc,) in db.execute(rows):
        grants = msgspec.json.decode(doc, type=Grants)
        given |= {(grants.user, code, True) for code in grants.more}
        given |= {(grants.user, code, False) for code in grants.fewer}
    g = t.user_grant.c
    stored = select(g.user_code, g.code, g.allowed).where(g.feed_id == feed_id)
    used = {(row.user_code, row.code, bool(row.allowed)) for row in db.execute(stored)}
    for user, code, is_allowed in sorted(given ^ used):
        is_given = (user, code, is_allowed) in given
        word = "allowed" if is_allowed else "taken"
        yield Finding(
            "grants", f"{user}/{code}", "is not what was published",
            word if is_given else "", "" if is_given else word,
        )  # fmt: skip
