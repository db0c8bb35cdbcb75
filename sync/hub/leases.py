"""End leases nobody renews, of desks and of carts: their stock is everybody's again, by the hub's clock."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import and_, or_, select

from app.commands.expire_lease import ExpireLease
from app.domain.leasing import renewal
from app.domain.rules import Rules
from app.domain.values import RULES_KEY
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.tables import ref, reservation

WORKER = "worker:leases"
PAGE = 100


def expire_page(worker: Worker, now: datetime) -> int:
    """Ask for the end of up to 100 leases that are over; return how many ended.

    Source: sync.md section 1, an expired lease returns to the pool after a grace of one renewal period;
    capabilities 3, what a cart held returns at once.
    """
    r = reservation.c
    found = select(ref.c.doc).where(
        ref.c.feed_id == worker.feed_id, ref.c.tbl == RULES_KEY[0], ref.c.pk == RULES_KEY[1]
    )
    over = (
        select(r.warehouse, r.sku, r.owner)
        .where(
            r.feed_id == worker.feed_id,
            r.kind.in_(("lease", "cart")),
            r.state == "open",
        )
        .order_by(r.expires_at, r.owner, r.line)
        .limit(PAGE)
    )
    with reading(worker.engine) as db:
        rules = msgspec.json.decode(db.execute(found).scalar_one(), type=Rules)
        ends = {"lease": now - renewal(rules), "cart": now}
        over = over.where(or_(*(and_(r.kind == kind, r.expires_at <= at) for kind, at in ends.items())))
        commands = [ExpireLease(warehouse=w, sku=sku, holder=desk) for w, sku, desk in db.execute(over)]
    if not commands:
        return 0
    return sum(answer.status == "applied" for answer in worker.ask(commands, now, "lease over"))
