"""An order of the same buyer that arrived, among those this desk holds: its phone may replace a bad one.

Source: capabilities 15, receiver_invalid.
"""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from datetime import datetime

from app import engine
from app.command import Command, Facts, Refs
from app.domain.order import Order
from app.domain.phone import judge_phone
from app.domain.same_buyer import is_delivered, is_same_buyer
from app.domain.values import Actor, order_key
from app.ports import OrderQuery
from sync.replica import rows
from sync.replica.lists import hits

KIND = "receiver_invalid"
LOOKS = engine.SPECS["recheck"].type
"""Who looks at an order as it stands asks as this verb does."""
CANDIDATES = 50
"""Of the newest orders that name this person, or the street where the name is hidden."""
LONGEST = 8
NAME = re.compile(r"[\u3400-\u9fff]{2,}|[^\W\d_]{3,}")


def facts_of(db: sqlite3.Connection, command: Command, refs: Refs, by: Actor, now: datetime) -> Facts:
    """Load what `command` needs; name such an order where the one at hand has a phone nobody can call."""
    facts = rows.facts_of(db, command, refs, by, now)
    order = facts.rows.get(order_key(getattr(command, "order", ""))) if isinstance(command, LOOKS) else None
    if not isinstance(order, Order) or order.snag(KIND) is None or (found := former(db, order)) is None:
        return facts
    return dataclasses.replace(facts, former=found.id)


def former(db: sqlite3.Connection, order: Order) -> Order | None:
    """Return the newest order of this buyer that arrived and names a phone that can be called."""
    said = NAME.search(order.receiver.name) or NAME.search(order.receiver.street)
    if said is None:
        return None
    for place in hits(db, OrderQuery(text=said[0][:LONGEST]), CANDIDATES):
        (doc,) = db.execute(
            "SELECT r.doc FROM orders o JOIN row r ON r.tbl = 'order' AND r.pk = o.id WHERE o.rowid = ?",
            (place,),
        ).fetchone()
        other: Order = rows.decode("order", doc)
        phone = other.receiver.phone.strip()
        if (
            other.id != order.id
            and phone not in {"", order.receiver.phone}
            and "*" not in phone
            and judge_phone(phone, order.region.country) is None
            and is_delivered(other)
            and is_same_buyer(order, other)
        ):
            return other
    return None
