"""Both sides of what a command overwrites: should somebody else be faster, a person compares all three.

Source: capabilities 14.4, the three-way view needs what the person saw, and digests do not tell.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

import msgspec

from app import engine
from app.command import Command, Facts
from app.domain.order import Order
from app.domain.values import order_key


class Sides(msgspec.Struct, frozen=True):
    """The fields a command overwrites, as its author saw them and as it makes them."""

    before: dict[str, Any]
    mine: dict[str, Any]


def sides_of(command: Command, order: Order | None, facts: Facts) -> bytes | None:
    """Write both sides down; nothing where a command overwrites nothing of an order."""
    changes = engine.spec_of(command).changes
    if order is None or not changes:
        return None
    mine = facts.changed.get(order_key(order.id))
    if mine is None:  # the hub decides it; what this desk would make of it is near enough to compare
        trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
        with suppress(LookupError, ValueError):
            engine.apply(command, trial)
        mine = trial.changed.get(order_key(order.id), order)
    fields = sorted({field.partition(".")[0] for field in changes})
    before, after = ({field: getattr(row, field) for field in fields} for row in (order, mine))
    return msgspec.json.encode(Sides(before=before, mine=after))


def both(db: sqlite3.Connection, n: int, order: Order) -> tuple[Order, Order] | None:
    """Return the order as it is now with the fields as the person saw them, and as the person made them."""
    found = db.execute("SELECT sides FROM outbox WHERE n = ?", (n,)).fetchone()
    if found is None or found[0] is None:
        return None
    sides = msgspec.json.decode(found[0], type=Sides)
    return _with(order, sides.before), _with(order, sides.mine)


def _with(order: Order, fields: dict[str, Any]) -> Order:
    written = msgspec.json.decode(msgspec.json.encode(order))
    return msgspec.convert({**written, **fields}, Order)
