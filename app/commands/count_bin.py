"""Count what lies in one bin, against what the screen said."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, no_shelf, refuse
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.goods_events import StockCounted, moves_of
from app.domain.stock import Stock
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.text import N_


class CountBin(Command, frozen=True, kw_only=True):
    """`doc` is the new document's id, or the count that waits for a second one.

    Units: pieces. `base` is what was on hand on the counter's screen: what moves while somebody counts is no
    difference.
    """

    doc: str
    warehouse: str
    sku: str
    counted: int
    base: int
    reference: str = ""
    reason: str = ""


def needs(command: CountBin) -> Keys:
    """Name the document, the article and its place."""
    return frozenset(
        {stock_doc_key(command.doc), sku_key(command.sku), stock_key(command.warehouse, command.sku)}
    )


def decide(command: CountBin, facts: Facts) -> Decided:
    """Book the difference; a large one waits until a second person finds the same.

    Refuses: `unknown_warehouse`, `unknown_sku`, `bad_count`, `unchanged`, `count_open`, `same_counter`,
        `promised`.
    Source: rules recount_above_pieces; capabilities 3.8, differences become adjustments with approval.
    """
    nowhere = no_shelf(facts, command.warehouse, command.sku)
    if nowhere is not None:
        return nowhere
    if command.counted < 0 or command.base < 0:
        return refuse("bad_count", N_("A count is 0 or more. Count again."))
    stock = facts.stock(command.warehouse, command.sku) or Stock(warehouse=command.warehouse, sku=command.sku)
    first = facts.stock_doc(command.doc)
    wrong = _second(first, stock, facts) if first is not None else _fresh(stock)
    if wrong is not None:
        return wrong
    doc = _counted(command, first, facts)
    if doc.state is DocState.DONE and stock.on_hand + doc.difference < stock.promised:
        return refuse(
            "promised",
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            reserved=stock.promised,
        )
    return [StockCounted(doc=doc, moves=moves_of(doc))]


def _fresh(stock: Stock) -> Refusal | None:
    if stock.counting:
        return refuse("count_open", N_("A count of this bin waits for a second one. Count for that one."))
    return None


def _second(first: StockDoc, stock: Stock, facts: Facts) -> Refusal | None:
    is_asked = first.state is DocState.ASKS and stock.counting == first.id
    if not is_asked or first.sku != stock.sku or first.warehouse != stock.warehouse:
        return refuse("unchanged", N_("This document is booked already. Nothing to do."))
    if facts.by.user == first.by:
        return refuse("same_counter", N_("You counted first. Ask a colleague to count again."))
    return None


def _counted(command: CountBin, first: StockDoc | None, facts: Facts) -> StockDoc:
    """Two people who find the same difference are believed; otherwise the later count asks for another."""
    doc = StockDoc(
        id=command.doc,
        kind=DocKind.COUNT,
        warehouse=command.warehouse,
        sku=command.sku,
        qty=command.counted,
        base=command.base,
        reference=command.reference.strip() or (first.reference if first else ""),
        reason=command.reason.strip() or (first.reason if first else ""),
        by=facts.by.user,
        at=facts.now,
    )
    if first is not None and first.difference == doc.difference:
        return msgspec.structs.replace(doc, by=first.by, at=first.at, closed_by=doc.by, closed_at=doc.at)
    if abs(doc.difference) > facts.rules.recount_above_pieces:
        return msgspec.structs.replace(doc, state=DocState.ASKS)
    if first is not None:
        return msgspec.structs.replace(doc, closed_by=doc.by, closed_at=doc.at, by=first.by, at=first.at)
    return doc


def inverse(command: CountBin, facts: Facts) -> Undo | None:
    """Take a first count back; what two people found is counted anew instead."""
    if facts.stock_doc(command.doc) is not None:
        return None
    return Undo(
        "withdraw_stock_doc", {"doc": command.doc, "warehouse": command.warehouse, "sku": command.sku}
    )


SPEC = Spec("count_bin", CountBin, needs, decide, Authority.HUB, inverse=inverse, touches=False, offline=True)
