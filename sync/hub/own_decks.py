"""A deck of the exceptions dealt with lately. Whoever bought stays sealed: no key is opened for it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.catalogue import Sku
from app.domain.deck import KINDS, OwnDeck, made, shape_of
from app.domain.gazetteer import Gazetteer
from app.domain.kind_names import called_now
from app.domain.order import Order
from sync.hub.database import reading
from sync.hub.seal import open_document
from sync.tables import orders, ref, snag

NEWEST = 2_000
"""So many exceptions are looked at."""
_orders = msgspec.json.Decoder(Order)


def own_deck(
    engine: Engine, feed_id: int, since: datetime, until: datetime, code: str, gazetteer: Gazetteer
) -> OwnDeck:
    """Return the deck of what was closed from `since` on and before `until`, under the revision in force."""
    s, o = snag.c, orders.c
    closed = (
        select(s.kind, o.doc)
        .select_from(snag.join(orders, (o.feed_id == s.feed_id) & (o.id == s.subject_id)))
        .where(s.feed_id == feed_id, s.subject == "order", s.state == "closed")
        .where(s.closed_at >= since, s.closed_at < until)
    )
    with reading(engine) as db:
        rows = db.execute(closed.order_by(s.closed_at.desc(), s.id).limit(NEWEST)).all()
        had = [(called_now(row.kind), row.doc) for row in rows]
        opened = [(kind, _without_buyer(doc)) for kind, doc in had if kind in KINDS]
        prices = _prices(db, feed_id, {line.sku for _kind, order in opened for line in order.lines})
        known = db.execute(
            select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "deck", ref.c.pk == code)
        ).scalar_one_or_none()
    shapes = [shape_of(kind, order, gazetteer, lambda sku: prices.get(sku, 0)) for kind, order in opened]
    deck = made(code, [shape for shape in shapes if shape is not None], gazetteer)
    rev = msgspec.json.decode(known, type=OwnDeck).rev if known is not None else 0
    return msgspec.structs.replace(deck, rev=rev)


def _without_buyer(doc: str) -> Order:
    return _orders.decode(open_document(doc.encode(), None))


def _prices(db: Connection, feed_id: int, skus: set[str]) -> dict[str, int]:
    r = ref.c
    docs = select(r.doc).where(r.feed_id == feed_id, r.tbl == "sku", r.pk.in_(sorted(skus)[:NEWEST]))
    found = [msgspec.json.decode(doc, type=Sku) for doc in db.execute(docs).scalars()]
    return {sku.code: sku.list_price_minor for sku in found}
