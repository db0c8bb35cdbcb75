"""What one batch makes of events that the world outside must hear of: rows of effects and of parcels.

Source: sync.md section 10.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.domain.effect import HOLD
from app.domain.events import (
    AddressFixed,
    BillAsked,
    CarrierAsked,
    LabelAsked,
    LabelVoided,
    MemoWritten,
    MessageWithdrawn,
    MessageWritten,
    NumberCorrected,
    OrderShipped,
    SourceShipped,
    StatusChanged,
)
from app.domain.lifecycle import SENT
from app.domain.order import OPEN, Order, Status
from app.domain.relations import holders, roots
from app.domain.waybill import void_key
from sync.hub.effect_rows import drop_effect
from sync.hub.feed import Edition
from sync.hub.working_set import WorkingSet
from sync.tables import micros

_encode = msgspec.json.encode
Told = (
    OrderShipped | SourceShipped | BillAsked | LabelAsked | LabelVoided | CarrierAsked
    | MessageWritten | MessageWithdrawn | AddressFixed | MemoWritten | NumberCorrected
    | StatusChanged
)  # fmt: skip
"""Events that the world outside must hear of."""


class Outside:
    """Puts rows beside those of the ledger."""

    def __init__(self, work: WorkingSet, edition: Edition, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        self._work, self._edition, self._rows = work, edition, rows
        self._taken_back: list[str] = []
        self.leaves_at = edition.hub_at
        """When what follows from the command at hand may leave the house."""

    def forget(self, db: Connection, feed_id: int) -> None:
        """Drop what was taken back before it left."""
        for key in self._taken_back:
            drop_effect(db, feed_id, key)

    def told(self, event: Told) -> None:
        """Take down what the world outside must do or be told."""
        match event:
            case OrderShipped():
                self._shipped(event)
            case SourceShipped():
                self._tell_channel(event.order, f"confirm:{event.order}:{event.parcel}", event)
            case BillAsked():  # its words are sealed: they are written later
                self._effect(event.bill.key, "invoice", event.order, {})
            case LabelAsked() | LabelVoided():
                self._label(event)
            case CarrierAsked():
                self._errand(event)
            case MessageWritten(message=message):
                words = {"template": message.template, "words": message.words}
                self._effect(message.key, "notify", event.order, words)
            case AddressFixed() | MemoWritten() | NumberCorrected():
                self._changed(event)
            case StatusChanged(after=Status.CANCELLED):
                self._stays(event.order)
            case MessageWithdrawn(key=key):  # written down in this very batch, perhaps
                self._rows["effect"] = [row for row in self._rows["effect"] if row[0] != key]
                self._taken_back.append(key)

    def _shipped(self, event: OrderShipped) -> None:
        """Take down a parcel; the channel of an order that was not made of others must be told."""
        order, now = event.order, micros(self._edition.hub_at)
        self._rows["shipment"].append((order, 1, event.carrier, event.tracking_no, now))
        row = self._work.rows["order", order]
        if not row.made_from:
            self._tell_channel(order, f"confirm:{order}:1", event)

    def _stays(self, id: str) -> None:
        """Tell the channels of what will not leave that all has gone that will, where parcels did."""
        order = self._find(id)
        for root in roots(order, self._find) if order is not None and order.made_from else ():
            states = {one.status for one in holders(root, self._find)}
            if states & SENT and not states & OPEN:
                self._write_back("rest", root.id, {})

    def _find(self, id: str) -> Order | None:
        order: Order | None = self._work.rows.get(("order", id))
        return order

    def _changed(self, event: AddressFixed | MemoWritten | NumberCorrected) -> None:
        """Take down what a channel is told of a change of ours."""
        if isinstance(event, NumberCorrected):
            self._renumbered(event)
        elif isinstance(event, AddressFixed):
            self._write_back("address", event.order, {})
        elif event.is_ours:
            self._write_back("memo", event.order, {})

    def _write_back(self, kind: str, order: str, words: dict[str, str]) -> None:
        """Tell a channel, where it takes that; what may name people is read when it leaves."""
        row = self._work.rows["order", order]
        shop = self._work.refs.shops.get(row.shop)
        if row.ext_id and shop is not None and kind in shop.hears:
            key = f"{kind}:{order}:{self._edition.seq}"
            self._effect(key, kind, order, words, leaves_in=HOLD)

    def _renumbered(self, event: NumberCorrected) -> None:
        """Take down what a parcel is called now, and tell the channels of all that is in it."""
        if event.order == event.parcel:
            now = micros(self._edition.hub_at)
            self._rows["shipment"].append((event.order, 1, event.carrier, event.now, now))
        if event.order != event.parcel or not self._work.rows["order", event.order].made_from:
            words = {"carrier": event.carrier, "tracking_no": event.now, "was": event.was}
            self._write_back("number", event.order, words)

    def _label(self, event: LabelAsked | LabelVoided) -> None:
        """Take down what a carrier must be asked or told; it leaves when nobody can take it back any more."""
        is_void, waybill = isinstance(event, LabelVoided), event.waybill
        key, kind = (void_key(waybill.key), "void") if is_void else (waybill.key, "label")
        words = {"carrier": waybill.carrier, "service": waybill.service}
        self._effect(key, kind, event.order, words, leaves_in=HOLD)

    def _errand(self, event: CarrierAsked) -> None:
        """Take down what a carrier shall do with a parcel it has; it leaves now, nobody can take it back."""
        order, errand = self._work.rows["order", event.order], event.errand
        words = {"carrier": order.carrier, "tracking_no": order.tracking_no}
        self._effect(errand.key, errand.what.value, event.order, words)

    def _tell_channel(self, order: str, key: str, event: OrderShipped | SourceShipped) -> None:
        """Write down the word to the channel, once; an order typed here came from none.

        Source: sync.md section 10, effect keys.
        """
        if not self._work.rows["order", order].ext_id:
            return
        self._effect(key, "confirm", order, {"carrier": event.carrier, "tracking_no": event.tracking_no})

    def _effect(
        self, key: str, kind: str, order: str, words: dict[str, str], *, leaves_in: timedelta = timedelta()
    ) -> None:
        """Write down what must happen outside, once: under a key that is known nothing is written.

        Source: capabilities 5.3, nothing leaves before the time to take it back is over.
        """
        leaves_at = micros(max(self.leaves_at, self._edition.hub_at + leaves_in))
        row = (key, kind, order, _encode(words).decode(), "todo", leaves_at, self._edition.seq)
        self._rows["effect"].append(row)
