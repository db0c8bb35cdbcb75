"""Who touched what a finding is about, the newest first: where a person begins to look."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from sync import tables as t
from sync.hub.finding import Finding

STEPS = 5


def trail_of(db: Connection, feed_id: int, finding: Finding) -> tuple[str, ...]:
    """Return the last steps: of an order, of a shelf, of one numbered command, or of a change."""
    return tuple(_steps(db, feed_id, finding.subject))


def _steps(db: Connection, feed_id: int, subject: str) -> Iterator[str]:
    c, e = t.command.c, t.event.c
    one, _, other = subject.removeprefix("order/").partition("/")
    of_order = select(e.seq, e.command, e.by, e.at).where(e.feed_id == feed_id, e.order_id == one)
    rows = db.execute(of_order.order_by(e.seq.desc(), e.i.desc()).limit(STEPS)).all()
    for row in rows:
        yield f"{row.seq} {row.at:%Y-%m-%d %H:%M:%S} {row.by} {row.command}"
    if rows:
        return
    shown = select(c.seq, c.hub_at, c.user_code, c.name, c.status, c.replica_id, c.n).where(
        c.feed_id == feed_id
    )
    if other.isdigit():
        found = shown.where(c.replica_id == one, c.n == int(other))
    elif subject.isdigit():
        found = shown.where(c.seq == int(subject))
    elif other:
        found = shown.where(c.args.contains(f'"{one}"'), c.args.contains(f'"{other}"'))
    else:
        return
    for answer in db.execute(found.order_by(c.seq.desc(), c.n.desc()).limit(STEPS)).all():
        who, number = answer.user_code or answer.replica_id, f"{answer.replica_id}/{answer.n}"
        at = f"{answer.hub_at:%Y-%m-%d %H:%M:%S}"
        yield f"{answer.seq} {at} {who} {answer.name} {answer.status} ({number})"
