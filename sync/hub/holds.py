"""Holds that somebody has to see to: those with an exception behind them, as notices of them are made."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from app.gating import KINDS_OF
from app.text import Text
from sync.tables import hold, notice, orders, snag

PAGE = 200
_text = msgspec.json.Decoder(Text)

Key = tuple[str, str, str]
"""Order, gate, person."""


class Held(NamedTuple):
    """One hold somebody has to see to."""

    order: str
    number: str
    shop: str
    gate: str
    said: Text
    kind: str
    owner: str


def holds_with(db: Connection, feed_id: int, *wanted: Any) -> list[Held]:
    """Return open holds, the newest first, each with the exception behind it that is due first."""
    h, s, o = hold.c, snag.c, orders.c
    rows = (
        select(h.order_id, o.number, o.shop, h.gate, h.text, s.kind, s.owner)
        .join(snag, and_(s.feed_id == h.feed_id, s.subject_id == h.order_id, s.subject == "order"))
        .join(orders, and_(o.feed_id == h.feed_id, o.id == h.order_id))
        .where(h.feed_id == feed_id, h.state != "closed", s.state == "open", behind(h.gate), *wanted)
        .order_by(h.opened_at.desc(), h.order_id, h.gate, s.due_at)
        .limit(PAGE)
    )
    found: dict[tuple[str, str], Held] = {}
    for row in db.execute(rows):
        one = Held(row.order_id, row.number, row.shop, row.gate, _text.decode(row.text), row.kind, row.owner)
        found.setdefault((one.order, one.gate), one)
    return list(found.values())


def behind(gate: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell which exceptions keep a gate unmet."""
    return or_(*(and_(gate == code, snag.c.kind.in_(kinds)) for code, kinds in KINDS_OF.items()))


def one_notice(feed_id: int, key: Key) -> ColumnElement[bool]:
    """Tell which row a notice is."""
    n, (order, gate, person) = notice.c, key
    return and_(n.feed_id == feed_id, n.order_id == order, n.gate == gate, n.person == person)
