"""What an errand says when it leaves: whose service does it, and the order as it is then.

Names and streets are opened for that alone and written down; the rows of effects hold none.
Source: DECISIONS 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from app.domain.company import Shop
from app.domain.effect import EffectState
from app.domain.mask import masked
from app.domain.order import Order
from app.domain.values import Receiver
from app.text import N_, Text
from sync.hub.database import reading
from sync.hub.effect_rows import Leased
from sync.hub.label_requests import LabelRequests
from sync.hub.outward.errand_rows import BEGUN
from sync.hub.outward.service_file import Named, ServiceFile
from sync.hub.project import subject_keys
from sync.hub.provider import Done, Rejected, Unsent
from sync.hub.seal import open_document
from sync.manifest.errands import service_of
from sync.manifest.paths import holds
from sync.tables import effect, orders, ref

LIVE_WAIT_S = 60.0
PHONE_END = 4
"""Digits of a number that are enough for a carrier to tell whose parcel it is."""
FOLLOWS, DELIVERS, TELLS = "follow", "deliver", "customer"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class ErrandWords:
    """Writes them for one hub; `labels` opens receivers and notes who read them."""

    labels: LabelRequests
    file: ServiceFile

    def compose(self) -> dict[str, Callable[[str, str], tuple[str, bytes]]]:
        """Return how each kind is addressed."""
        return {
            "follow": self._follow,
            "deliver": self._deliver,
            "recall": self._deliver,
            "customer": self._customer,
        }

    def prepare(self) -> dict[str, Callable[[Leased, bytes], bytes | Done | Rejected]]:
        """Return what is asked right before each kind is sent."""
        return {
            "follow": self._with_phone,
            "deliver": self._still_wanted,
            "recall": self._sent_before,
            "customer": self._buyer,
        }

    def _follow(self, _order: str, key: str) -> tuple[str, bytes]:
        said = self._said(key)
        name, one = self._serving(lambda one: said["carrier"] in one.carriers, FOLLOWS)
        their = one.carriers[said["carrier"]] if one else ""
        return name, msgspec.json.encode(said | {"carrier": their})

    def _with_phone(self, leased: Leased, payload: bytes) -> bytes:
        """Say the end of the buyer's number where a carrier tells nobody of a parcel without it."""
        said = msgspec.json.decode(payload, type=dict[str, str])
        _name, one = self._serving(lambda one: said["carrier"] in one.carriers.values(), FOLLOWS)
        asks = service_of(one.manifest).does[FOLLOWS].phone_for if one else {}
        if not asks or not holds({"effect": said}, asks):
            return payload
        address = self.labels.address(leased.order)
        end = address["phone"].strip()[-PHONE_END:] if address is not None else ""
        is_end = len(end) == PHONE_END and end.isascii() and end.isdigit()
        return msgspec.json.encode(said | {"phone": end}) if is_end else payload

    def _deliver(self, order: str, key: str) -> tuple[str, bytes]:
        said = self._said(key)
        name, one = self._serving(lambda one: said["warehouse"] in one.warehouses, DELIVERS)
        their = one.warehouses[said["warehouse"]] if one else ""
        return name, msgspec.json.encode(said | {"warehouse": their, "number": self._row(order).number})

    def _customer(self, _order: str, key: str) -> tuple[str, bytes]:
        said = self._said(key)
        name, one = self._serving(lambda one: said["shop"] in one.shops, TELLS)
        theirs = {"shop": one.shops[said["shop"]], "reads": one.reads} if one else {}
        return name, msgspec.json.encode(said | theirs)

    def _buyer(self, leased: Leased, payload: bytes) -> bytes | Done:
        """Say who gets an order, as far as the connection may know; who was erased is not told of."""
        row, said = self._row(leased.order), msgspec.json.decode(payload, type=dict[str, str])
        order = msgspec.json.decode(open_document(row.doc.encode(), None), type=Order)
        is_full = said.pop("reads", "") == "full"
        who = self.labels.address(leased.order) if is_full else self._masked(leased.order, row.doc)
        if who is None:
            return not_needed()
        about: dict[str, Any] = {
            "number": row.number,
            "customer": order.customer,
            "currency": order.currency,
            "payable_minor": order.payable_minor,
            "ordered_at": f"{order.ordered_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        }
        return msgspec.json.encode(said | who | about)

    def _masked(self, order: str, doc: str) -> dict[str, str] | None:
        """Return who gets an order without what names them; nobody has read it."""
        labels = self.labels
        with reading(labels.engine) as db:
            key = subject_keys(db, labels.feed_id, labels.seal, [order]).get(order)
        known = msgspec.json.decode(open_document(doc.encode(), key), type=Order)
        who, region = masked(known.receiver), known.region
        if known.receiver == Receiver():
            return None
        places = {"province": region.province, "city": region.city, "district": region.district}
        return {"name": who.name, "phone": who.phone, "street": who.street} | places

    def _still_wanted(self, leased: Leased, payload: bytes) -> bytes | Done | Rejected:
        """Say what is sent where, unless the order does not stand for that any more.

        Raises:
            Unsent: the delivery order before it is still being taken back.
        """
        stem, _, n = leased.key.partition(":")[2].rpartition(":")
        before = self._state(f"recall:{stem}:{int(n) - 1}")
        if before == EffectState.REJECTED:
            return Rejected(Text(N_("The warehouse keeps the delivery order before this one")), "other")
        if before not in (None, EffectState.DONE):
            raise Unsent("the delivery order before it is still being taken back", LIVE_WAIT_S)
        row, said = self._row(leased.order), msgspec.json.decode(payload, type=dict[str, Any])
        if row.status not in BEGUN or row.content_hash != said["content"]:
            return not_needed()
        address = self.labels.address(leased.order)
        if address is None:
            return not_needed()
        address.pop("warehouse")
        order = msgspec.json.decode(open_document(row.doc.encode(), None), type=Order)
        about: dict[str, Any] = {
            "carrier": self._their_carrier(said["warehouse"], order),
            "shop_title": self._shop(order.shop).title,
            "ordered_at": f"{order.ordered_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
            "payable_minor": order.payable_minor,
            "lines": [
                {
                    "line": line.id,
                    "sku": line.sku,
                    "title": line.title,
                    "qty": line.qty,
                    "price_minor": line.unit_price_minor,
                }
                for line in order.lines
            ],
        }
        return msgspec.json.encode(said | address | about)

    def _sent_before(self, leased: Leased, payload: bytes) -> bytes | Done:
        """Take back only what a warehouse has.

        Raises:
            Unsent: the delivery order is still on its way.
        """
        state = self._state(f"deliver:{leased.key.partition(':')[2]}")
        if state in (None, EffectState.REJECTED):
            return not_needed()
        if state != EffectState.DONE:
            raise Unsent("the delivery order is still on its way", LIVE_WAIT_S)
        return payload

    def _their_carrier(self, warehouse: str, order: Order) -> str:
        ours = order.carriage.carrier if order.carriage is not None else ""
        one = next((one for one in self.file.services.values() if warehouse in one.warehouses.values()), None)
        return one.carriers.get(ours, ours or "OTHER") if one is not None else ours

    def _serving(self, fits: Callable[[Named], bool], kind: str) -> tuple[str, Named | None]:
        does = self.file.doing(kind)
        return next(
            ((name, one) for name, one in self.file.services.items() if name in does and fits(one)),
            ("", None),
        )

    def _state(self, key: str) -> str | None:
        x = effect.c
        found = select(x.state).where(x.feed_id == self.labels.feed_id, x.effect_key == key)
        with reading(self.labels.engine) as db:
            return db.execute(found).scalar_one_or_none()

    def _said(self, key: str) -> dict[str, str]:
        x = effect.c
        found = select(x.payload).where(x.feed_id == self.labels.feed_id, x.effect_key == key)
        with reading(self.labels.engine) as db:
            return msgspec.json.decode(db.execute(found).scalar_one(), type=dict[str, str])

    def _row(self, order: str) -> Any:
        o = orders.c
        found = select(o.number, o.status, o.content_hash, o.doc)
        with reading(self.labels.engine) as db:
            return db.execute(found.where(o.feed_id == self.labels.feed_id, o.id == order)).one()

    def _shop(self, code: str) -> Shop:
        r = ref.c
        found = select(r.doc).where(r.feed_id == self.labels.feed_id, r.tbl == "shop", r.pk == code)
        with reading(self.labels.engine) as db:
            return msgspec.json.decode(db.execute(found).scalar_one(), type=Shop)


def not_needed() -> Done:
    """Say that nothing has to happen any more."""
    return Done("", Text(N_("It is not needed any more")))
