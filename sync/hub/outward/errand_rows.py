"""What other systems must be asked for as orders move: to follow a parcel, to send goods, or not after all.

The changes of orders are read in the order of the feed, each once; what follows from them is written among
the effects under a key of its own, with how far was read, in one transaction. Where what is served changes,
all orders are looked through again: what is known by its key is not asked for twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, update

from app.domain.effect import EffectState
from app.domain.order import OPEN, Order, Status
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.effect_rows import WAITS_FOR_A_PERSON, drop_effect
from sync.hub.seal import open_document
from sync.tables import change, effect, micros, orders, shipment

HOW_FAR, KIND = "errand:", "errand"
"""The effect that is none: its `seq` says how far the changes were read."""
PAGE = 500
FOLLOWED = timedelta(days=3)
"""Parcels that left longer ago are not followed any more."""
SENT = frozenset({Status.SHIPPED, Status.COMPLETED, Status.RETURNED})
BEGUN = frozenset({Status.RELEASED, Status.PICKING, Status.PACKED})
ENDED = "ended:"
"""A delivery order that its warehouse ended: the row stands beside it, open until the order goes on."""
FORMER = "former:"
"""A number a parcel bore before its warehouse corrected it."""
REFUSED, LEFT = "refused", "left"
_ROWS = Into(effect, ("effect_key", "kind", "order_id", "payload", "state", "not_before", "seq"), skips=True)


class Served(msgspec.Struct, frozen=True):
    """Whose parcels are followed, which warehouses send by orders, of which shops a CRM hears."""

    carriers: frozenset[str] = frozenset()
    warehouses: frozenset[str] = frozenset()
    shops: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ErrandRows:
    """Looks at what changed."""

    engine: Engine
    feed_id: int
    served: Served
    clock: Callable[[], datetime]

    def step(self) -> bool:
        """Look at the next changes, and at refused orders that are answered; tell whether there were any."""
        with reading(self.engine) as db:
            if not self._page(db, self._seen(db)) and not self._answered(db):
                return False
        with writing(self.engine) as db:
            seen = self._seen(db)
            moved = self._page(db, seen)
            answered = self._answered(db)
            self._look(db, sorted({*(order for order, _ in moved if order), *answered}))
            x = effect.c
            over = x.feed_id == self.feed_id, x.kind == KIND, x.order_id.in_(answered)
            db.execute(update(effect).where(*over).values(state=EffectState.DONE))
            if moved:
                self._note(db, max(seq for _, seq in moved))
        return True

    def _answered(self, db: Connection) -> list[str]:
        """Return the orders a warehouse refused about which somebody has decided since."""
        x, o = effect.c, orders.c
        refused = select(x.order_id).where(
            x.feed_id == self.feed_id, x.kind == KIND, x.state == EffectState.TODO, x.effect_key > ENDED,
            x.effect_key < f"{ENDED[:-1]};",
        )  # fmt: skip
        ids = db.execute(refused).scalars().all()
        if not ids:
            return []
        found = select(o.id, o.status, o.doc).where(o.feed_id == self.feed_id, o.id.in_(ids))
        waits = OPEN - {Status.RELEASED}
        return [row.id for row in db.execute(found) if row.status not in waits and not is_refused(row.doc)]

    def _terms(self) -> str:
        return msgspec.json.encode(self.served, order="sorted").decode()

    def _seen(self, db: Connection) -> int:
        """Return how far the changes were read; nowhere under other terms."""
        x = effect.c
        far = select(x.seq, x.payload).where(x.feed_id == self.feed_id, x.effect_key == HOW_FAR)
        row = db.execute(far).one_or_none()
        return int(row.seq) if row is not None and row.payload == self._terms() else 0

    def _note(self, db: Connection, seq: int) -> None:
        x = effect.c
        here = (x.feed_id == self.feed_id, x.effect_key == HOW_FAR)
        if db.execute(update(effect).where(*here).values(seq=seq, payload=self._terms())).rowcount == 0:
            never = micros(WAITS_FOR_A_PERSON)
            _ROWS.write(db, self.feed_id, [(HOW_FAR, KIND, "", self._terms(), "todo", never, seq)])

    def _page(self, db: Connection, seen: int) -> Sequence[tuple[str, int]]:
        """Return (order, number) of the next changes; a number is never cut."""
        c = change.c
        later = (c.feed_id == self.feed_id, c.seq > seen)
        page = select(c.seq).where(*later).order_by(c.seq).limit(PAGE).subquery()
        to = db.execute(select(func.max(page.c.seq))).scalar_one()
        if to is None:
            return []
        found = select(c.pk, c.tbl, c.seq).where(*later, c.seq <= to)
        return [(row.pk if row.tbl == "order" else "", row.seq) for row in db.execute(found)]

    def _look(self, db: Connection, ids: Sequence[str]) -> None:
        o = orders.c
        found = select(o.id, o.status, o.shop, o.warehouse, o.content_hash, o.doc)
        rows = db.execute(found.where(o.feed_id == self.feed_id, o.id.in_(ids))).all()
        if self.served.carriers or self.served.shops:
            self._left(db, {row.id: row.shop for row in rows if row.status == Status.SHIPPED})
        if self.served.warehouses:
            moving = [row for row in rows if row.status not in SENT]
            begun = self._begun(db, [row.id for row in moving])
            for row in moving:
                self._deliver(db, row, self._asked(db, row.id) if row.id in begun else {})

    def _left(self, db: Connection, shipped: Mapping[str, str]) -> None:
        """Have parcels followed that just left, and a CRM told of who gets them."""
        s, since = shipment.c, self.clock() - FOLLOWED
        found = select(s.order_id, s.carrier, s.tracking_no).where(
            s.feed_id == self.feed_id, s.order_id.in_(list(shipped)), s.shipped_at >= since
        )
        for order, carrier, number in db.execute(found):
            if carrier in self.served.carriers:
                words = {"carrier": carrier, "tracking_no": number}
                self._ask(db, f"follow:{order}:1", "follow", order, words)
            if shipped[order] in self.served.shops:
                self._ask(db, f"customer:{order}:1", "customer", order, {"shop": shipped[order]})

    def _begun(self, db: Connection, ids: Sequence[str]) -> set[str]:
        """Return the orders that have a delivery order, or of which a part left, whatever became of it."""
        x, first = effect.c, [key for order in ids for key in (f"deliver:{order}:1", f"{ENDED}{order}:0")]
        found = select(x.order_id).where(x.feed_id == self.feed_id, x.effect_key.in_(first))
        return set(db.execute(found).scalars())

    def _asked(self, db: Connection, order: str) -> dict[str, Any]:
        """Return the delivery orders of an order, what takes them back and what ended them, by key."""
        x = effect.c
        known: dict[str, Any] = {}
        for kind in ("deliver", "recall", ENDED[:-1]):
            mine = x.effect_key > f"{kind}:{order}:", x.effect_key < f"{kind}:{order};"
            found = select(effect).where(x.feed_id == self.feed_id, *mine)
            known |= {row.effect_key: row for row in db.execute(found)}
        return known

    def _deliver(self, db: Connection, order: Any, asked: Mapping[str, Any]) -> None:
        """Have a released order sent by its warehouse; take back what does not hold any more.

        What a warehouse refused is sent under another code, once somebody has said that it shall be.
        """
        n = sum(key.startswith("deliver:") for key in asked)
        key, back, ended = f"deliver:{order.id}:{n}", f"recall:{order.id}:{n}", f"{ENDED}{order.id}:{n}"
        if ended in asked and asked[ended].payload == LEFT:
            return
        live = asked.get(key) if back not in asked and ended not in asked else None
        words = {"warehouse": order.warehouse, "content": order.content_hash}
        if live is not None:
            is_same = order.status in BEGUN and msgspec.json.decode(live.payload) == words
            if is_same:
                return
            if live.state == EffectState.TODO and not live.tries:
                drop_effect(db, self.feed_id, key)
                n -= 1
            else:
                self._ask(db, back, "recall", order.id, msgspec.json.decode(live.payload))
        if is_refused(order.doc):
            return
        if order.status == Status.RELEASED and order.warehouse in self.served.warehouses:
            self._ask(db, f"deliver:{order.id}:{n + 1}", "deliver", order.id, words)

    def _ask(self, db: Connection, key: str, kind: str, order: str, words: dict[str, str]) -> None:
        payload = msgspec.json.encode(words).decode()
        _ROWS.write(db, self.feed_id, [(key, kind, order, payload, "todo", micros(self.clock()), 0)])


def code_of(key: str) -> str:
    """Return the code under which a warehouse knows a delivery order; taken back it is the same."""
    return key.partition(":")[2].replace(":", "-")


def order_of(code: str) -> str:
    """Return the order a code is about."""
    return code.rpartition("-")[0]


def is_refused(doc: str) -> bool:
    """Tell whether a warehouse has said no to an order, and nobody has decided yet."""
    order = msgspec.json.decode(open_document(doc.encode(), None), type=Order)
    return order.snag("warehouse_rejected") is not None


def end_delivery(db: Connection, feed_id: int, code: str, how: str) -> None:
    """Note that a warehouse ended a delivery order: it is not taken back, nor sent again so."""
    key = f"{ENDED}{order_of(code)}:{code.rpartition('-')[2]}"
    state = EffectState.TODO if how == REFUSED else EffectState.DONE
    never = micros(WAITS_FOR_A_PERSON)
    _ROWS.write(db, feed_id, [(key, KIND, order_of(code), how, state, never, 0)])


def note_former(db: Connection, feed_id: int, order: str, number: str) -> None:
    """Note a number that a parcel does not bear any more: who told it corrects it."""
    never = micros(WAITS_FOR_A_PERSON)
    _ROWS.write(db, feed_id, [(f"{FORMER}{order}:{number}", KIND, order, "", EffectState.DONE, never, 0)])


def is_former(db: Connection, feed_id: int, order: str, number: str) -> bool:
    """Tell whether a parcel bore a number before."""
    x = effect.c
    found = select(x.seq).where(x.feed_id == feed_id, x.effect_key == f"{FORMER}{order}:{number}")
    return db.execute(found).scalar() is not None


def refused_codes(db: Connection, feed_id: int, order: str) -> set[str]:
    """Return the codes of an order that its warehouse has told the end of before."""
    x, mine = effect.c, (effect.c.effect_key > f"{ENDED}{order}:", effect.c.effect_key < f"{ENDED}{order};")
    found = select(x.effect_key).where(x.feed_id == feed_id, x.payload == REFUSED, *mine)
    return {code_of(key) for key in db.execute(found).scalars()}
