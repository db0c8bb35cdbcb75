"""What is announced to arrive, for the verbs that announce it, take it in and take it back."""

from __future__ import annotations

from app.command import Facts, Refusal, refuse
from app.domain.goods import DocKind, StockDoc, arrived
from app.domain.goods_events import ArrivalSet
from app.text import N_


def too_few(count: int) -> Refusal:
    """Say that orders count on it."""
    text = N_("{count} pieces of it are sold ahead. Move its day instead, or cancel some of those orders.")
    return refuse("promised", text, count=count)


def brought(receipt: StockDoc, facts: Facts) -> list[tuple[ArrivalSet, int]]:
    """Return what of a receipt was announced: by the paper of the same number first, then by the soonest."""
    stock = facts.stock(receipt.warehouse, receipt.sku)
    left = receipt.qty
    came: list[tuple[ArrivalSet, int]] = []
    coming = stock.arrivals if stock is not None else ()
    for one in sorted(coming, key=lambda one: one.reference != receipt.reference):
        doc = facts.stock_doc(one.doc)
        pieces = min(left, one.qty)
        if pieces and doc is not None and doc.kind is DocKind.ARRIVAL:
            came.append((ArrivalSet(doc=arrived(doc, pieces), is_told=False), pieces))
            left -= pieces
    return came


def not_brought(receipt: StockDoc, facts: Facts) -> list[ArrivalSet]:
    """Return what is expected again once a receipt is taken back."""
    papers = ((facts.stock_doc(one.doc), one.qty) for one in receipt.fulfils)
    return [ArrivalSet(doc=arrived(doc, -qty), is_told=False) for doc, qty in papers if doc is not None]
