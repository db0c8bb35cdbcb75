"""Send goods from one warehouse to another."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, Undo, no_shelf, refuse
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.goods_events import TransferSent, moves_of
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.lotting import day_of, wrong_lot
from app.text import N_


class SendTransfer(Command, frozen=True, kw_only=True):
    """`doc` is the new document's id. Units: `qty` pieces."""

    doc: str
    warehouse: str
    target: str
    sku: str
    qty: int
    reference: str = ""
    reason: str = ""
    lot: str = ""


def needs(command: SendTransfer) -> Keys:
    """Name the document, the article and where it lies."""
    return frozenset(
        {stock_doc_key(command.doc), sku_key(command.sku), stock_key(command.warehouse, command.sku)}
    )


def decide(command: SendTransfer, facts: Facts) -> Decided:
    """Take the pieces off the shelf; until they arrive they are nobody's promise.

    Refuses: `unchanged`, `unknown_warehouse`, `unknown_sku`, `same_warehouse`, `no_quantity`, `not_free`,
        and why not from this lot, see `wrong_lot`.
    """
    if facts.stock_doc(command.doc) is not None:
        return refuse("unchanged", N_("This document is booked already. Nothing to do."))
    nowhere = no_shelf(facts, command.warehouse, command.sku) or no_shelf(facts, command.target, command.sku)
    if nowhere is not None:
        return nowhere
    if command.warehouse == command.target:
        return refuse("same_warehouse", N_("The goods are there already. Choose another warehouse."))
    if command.qty < 1:
        return refuse("no_quantity", N_("How many? Type 1 or more."))
    stock, lot = facts.stock(command.warehouse, command.sku), command.lot.strip()
    free = stock.may_leave(lot) if stock else 0
    if command.qty > free:
        return refuse("not_free", N_("Only {free} are not promised to orders. Send fewer."), free=free)
    if (wrong := wrong_lot(facts, (command.warehouse, command.sku), lot, -command.qty)) is not None:
        return wrong
    doc = StockDoc(
        id=command.doc,
        kind=DocKind.TRANSFER,
        state=DocState.TRANSIT,
        warehouse=command.warehouse,
        target=command.target,
        sku=command.sku,
        qty=command.qty,
        reference=command.reference.strip(),
        reason=command.reason.strip(),
        by=facts.by.user,
        at=facts.now,
        lot=lot,
        best_before=day_of(facts.stock(command.warehouse, command.sku), lot),
    )
    return [TransferSent(doc=doc, moves=moves_of(doc))]


def inverse(command: SendTransfer, _facts: Facts) -> Undo | None:
    """Put the goods back, as long as they have not arrived."""
    return Undo(
        "withdraw_stock_doc", {"doc": command.doc, "warehouse": command.warehouse, "sku": command.sku}
    )


SPEC = Spec(
    "send_transfer", SendTransfer, needs, decide, Authority.HUB, inverse=inverse, touches=False, offline=True
)
