"""What a label request says: the receiver in full, opened when it leaves, and written down.

The effect's row holds no name: rows are read by whoever reads the database. Source: DECISIONS 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Engine, insert, select

from app.domain.effect import EffectState
from app.domain.order import Order
from app.domain.values import Receiver
from app.domain.waybill import label_key, void_key
from app.text import N_, Text
from sync.hub.database import reading, writing
from sync.hub.effect_rows import WAITS_FOR_A_PERSON, Leased
from sync.hub.project import subject_keys
from sync.hub.provider import Done, Rejected, Unsent
from sync.hub.seal import Seal, open_document
from sync.tables import effect, orders, reveal
from sync.wire import new_id

LABEL_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class LabelRequests:
    """Reads the orders whose labels are asked for; `reader` is who the log says has read them."""

    engine: Engine
    feed_id: int
    seal: Seal
    clock: Callable[[], datetime]
    reader: str

    def by_kind(self) -> dict[str, Callable[[Leased, bytes], bytes | Done | Rejected]]:
        """Return what is asked right before each kind of effect is sent."""
        return {"label": self.request, "redeliver": self.request, "void": self.void}

    def void(self, leased: Leased, payload: bytes) -> bytes | Done:
        """Tell a carrier only of a label it gave.

        Raises:
            Unsent: the label is still on its way.
        """
        label = self._row(label_key(leased.key))
        state, rests_until = label or (EffectState.REJECTED, self.clock())
        if state == EffectState.REJECTED:
            return Done("", Text(N_("There was no label to take back")))
        if state != EffectState.DONE and rests_until != WAITS_FOR_A_PERSON:
            raise Unsent("the label is still on its way", LABEL_WAIT_S)
        return payload

    def request(self, leased: Leased, payload: bytes) -> bytes | Rejected:
        """Say where a parcel goes, unless it is a label that is void by now."""
        if leased.kind == "label" and self._row(void_key(leased.key)) is not None:
            return Rejected(Text(N_("It is not needed any more")))
        address = self.address(leased.order)
        if address is None:
            return Rejected(Text(N_("The buyer was erased, there is no address")))
        return msgspec.json.encode(msgspec.json.decode(payload, type=dict[str, str]) | address)

    def address(self, order: str) -> dict[str, str] | None:
        """Return where a parcel goes and what is in it, as words; None where its buyer was erased."""
        o, now = orders.c, self.clock()
        with writing(self.engine) as db:
            found = select(o.doc).where(o.feed_id == self.feed_id, o.id == order)
            doc = db.execute(found).scalar_one()
            key = subject_keys(db, self.feed_id, self.seal, [order]).get(order)
            known = msgspec.json.decode(open_document(doc.encode(), key), type=Order)
            if known.receiver == Receiver():
                return None
            seen = {"feed_id": self.feed_id, "id": new_id(now), "order_id": order, "at": now}
            db.execute(insert(reveal).values(**seen, user_code=self.reader, login_id=""))
        receiver, region = known.receiver, known.region
        return {
            "warehouse": known.warehouse,
            "pieces": str(sum(line.qty for line in known.lines)),
            "name": receiver.name,
            "phone": receiver.phone,
            "country": region.country,
            "province": region.province,
            "city": region.city,
            "district": region.district,
            "street": receiver.street,
            "postcode": region.postcode,
        }

    def _row(self, key: str) -> tuple[str, datetime] | None:
        """Return where an effect stands, and until when it rests."""
        x = effect.c
        found = select(x.state, x.not_before).where(x.feed_id == self.feed_id, x.effect_key == key)
        with reading(self.engine) as db:
            row = db.execute(found).one_or_none()
        return (row.state, row.not_before) if row is not None else None
