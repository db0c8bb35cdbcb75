"""Book goods that came in, under the number of their paper."""

from __future__ import annotations

from datetime import date

import msgspec

from app.announcing import brought
from app.command import Authority, Command, Decided, Facts, Spec, Undo, no_shelf, refuse
from app.domain.goods import DocKind, Fulfilled, StockDoc
from app.domain.goods_events import StockReceived, moves_of
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.lotting import barred_at_once, wrong_lot
from app.text import N_


class ReceiveStock(Command, frozen=True, kw_only=True):
    """`doc` is the new document's id; an empty `bin` leaves the article where it lies.

    What is kept in lots comes in under its `lot`, with the day until which it keeps.

    Units: `qty` pieces.
    """

    doc: str
    warehouse: str
    sku: str
    qty: int
    reference: str
    bin: str = ""
    reason: str = ""
    lot: str = ""
    best_before: date | None = None


def needs(command: ReceiveStock) -> Keys:
    """Name the document, the article and its place."""
    return frozenset(
        {stock_doc_key(command.doc), sku_key(command.sku), stock_key(command.warehouse, command.sku)}
    )


def decide(command: ReceiveStock, facts: Facts) -> Decided:
    """Put the pieces on the shelf; orders that waited for them go on by themselves.

    Refuses: `unchanged`, `unknown_warehouse`, `unknown_sku`, `no_quantity`, `no_reference`,
        and why not into this lot, see `wrong_lot`.
    """
    if facts.stock_doc(command.doc) is not None:
        return refuse("unchanged", N_("This document is booked already. Nothing to do."))
    nowhere = no_shelf(facts, command.warehouse, command.sku)
    if nowhere is not None:
        return nowhere
    if command.qty < 1:
        return refuse("no_quantity", N_("How many? Type 1 or more."))
    if not command.reference.strip():
        return refuse("no_reference", N_("Write the number of the delivery note, so that it can be found."))
    lot = command.lot.strip()
    shelf = (command.warehouse, command.sku)
    if (wrong := wrong_lot(facts, shelf, lot, command.qty, command.best_before, names=True)) is not None:
        return wrong
    doc = StockDoc(
        id=command.doc,
        kind=DocKind.RECEIPT,
        warehouse=command.warehouse,
        sku=command.sku,
        qty=command.qty,
        reference=command.reference.strip(),
        reason=command.reason.strip(),
        by=facts.by.user,
        at=facts.now,
        lot=lot,
        best_before=command.best_before if lot else None,
    )
    barred = list(barred_at_once(shelf, lot, command.best_before, facts))
    came = [] if barred else brought(doc, facts)
    if came:
        fulfils = tuple(Fulfilled(one.doc.id, pieces) for one, pieces in came)
        doc = msgspec.structs.replace(doc, fulfils=fulfils)
    received = StockReceived(doc=doc, moves=moves_of(doc), bin=command.bin.strip())
    return [received, *(one for one, _ in came), *barred]


def inverse(command: ReceiveStock, _facts: Facts) -> Undo | None:
    """Take the document back."""
    return Undo(
        "withdraw_stock_doc", {"doc": command.doc, "warehouse": command.warehouse, "sku": command.sku}
    )


SPEC = Spec(
    "receive_stock", ReceiveStock, needs, decide, Authority.HUB, inverse=inverse, touches=False, offline=True
)
