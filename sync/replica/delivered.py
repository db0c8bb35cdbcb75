"""Where parcels to a street and door have arrived before, by the orders this desk holds.

Source: capabilities.md section 2, evidence kinds; AC 2.4.
"""

from __future__ import annotations

import re
import sqlite3

from app.domain.address_key import plain_street
from app.domain.evidence import Place
from app.domain.order import Status
from app.domain.reading import ACCEPT
from app.ports import OrderQuery
from sync.grams import plain
from sync.replica.lists import hits
from sync.replica.rows import decode

CANDIDATES = 50
"""Of the newest orders that name the street; a street everybody lives in proves little anyway."""
LONGEST = 8
NAME = re.compile(r"[\u3400-\u9fff]{2,}")


def delivered(db: sqlite3.Connection, street: str) -> dict[Place, int]:
    """Count by province, city and district where orders to this street and door were completed."""
    key, named = plain_street(street), NAME.search(plain(street))
    if not key or named is None:
        return {}
    question = OrderQuery(text=named[0][:LONGEST], status=Status.COMPLETED)
    counts: dict[Place, int] = {}
    for place in hits(db, question, CANDIDATES):
        (doc,) = db.execute(
            "SELECT r.doc FROM orders o JOIN row r ON r.tbl = 'order' AND r.pk = o.id WHERE o.rowid = ?",
            (place,),
        ).fetchone()
        order = decode("order", doc)
        region = order.region
        if region.verdict == ACCEPT and plain_street(order.receiver.street) == key:
            where = region.province, region.city, region.district
            counts[where] = counts.get(where, 0) + 1
    return counts
