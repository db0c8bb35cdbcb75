"""Take a receipt, a count, a sending or an arrival back: as if it had not been booked."""

from __future__ import annotations

import msgspec

from app.announcing import not_brought, too_few
from app.command import NO_DOC, Authority, Command, Decided, Facts, Refusal, Spec, refuse
from app.domain.clock import Wait
from app.domain.drift import drift_key
from app.domain.events import Event
from app.domain.goods import AHEAD, DocKind, DocState, StockDoc
from app.domain.goods_events import ArrivalSet, Moved, StockDocWithdrawn, moves_of
from app.domain.stock import Stock
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.drifting import drift_of
from app.duties import woken_of
from app.lotting import barred_with, lacking
from app.text import N_


class WithdrawStockDoc(Command, frozen=True, kw_only=True):
    """`warehouse` is where the pieces were booked last: for a transfer that arrived, its target."""

    doc: str
    warehouse: str
    sku: str


def needs(command: WithdrawStockDoc) -> Keys:
    """Name the document, the article, the place it changed last, and whether that drifted."""
    own = stock_key(command.warehouse, command.sku)
    return frozenset({stock_doc_key(command.doc), sku_key(command.sku), own, drift_key(own[1])})


def decide(command: WithdrawStockDoc, facts: Facts) -> Decided:
    """Undo the last booking of a document; what orders were promised since stays theirs.

    Refuses: `no_doc`, `unchanged`, `promised`, `lot_short`.
    """
    doc = facts.stock_doc(command.doc)
    if doc is None or doc.sku != command.sku:
        return NO_DOC
    if doc.state is DocState.WITHDRAWN:
        return refuse("unchanged", N_("This document is taken back already. Nothing to do."))
    if doc.kind in AHEAD:
        return _unannounced(doc, command, facts)
    after, moves = _back(doc, facts)
    place = doc.target if after.state is DocState.TRANSIT else doc.warehouse
    if place != command.warehouse:
        return NO_DOC
    stock = facts.stock(command.warehouse, command.sku)
    wrong = _promised(moves, stock) or lacking(stock, doc.lot, sum(move.qty for move in moves))
    return wrong or [
        *not_brought(doc, facts),
        StockDocWithdrawn(doc=after, moves=moves),
        *barred_with(after, moves, facts),
        *_awake(doc, facts),
    ]


def _unannounced(doc: StockDoc, command: WithdrawStockDoc, facts: Facts) -> Decided:
    """Expect no more of it: what came stays."""
    stock = facts.stock(doc.warehouse, doc.sku)
    if doc.state is not DocState.EXPECTED or doc.warehouse != command.warehouse or stock is None:
        return NO_DOC
    if stock.coming - doc.coming < stock.awaited:
        return too_few(stock.awaited)
    end = {"closed_by": facts.by.user, "closed_at": facts.now}
    if doc.arrived:
        done = msgspec.structs.replace(doc, qty=doc.arrived, state=DocState.DONE, **end)
        return [ArrivalSet(doc=done)]
    return [StockDocWithdrawn(doc=msgspec.structs.replace(doc, state=DocState.WITHDRAWN, **end))]


def _awake(doc: StockDoc, facts: Facts) -> list[Event]:
    """Bring the case of a shelf back that slept until somebody counts a second time: nobody will."""
    if doc.kind is not DocKind.COUNT or doc.state is not DocState.ASKS:
        return []
    _, case = drift_of(doc.warehouse, doc.sku, facts)
    asleep = case.snag.snooze if case is not None else None
    return [woken_of(case, facts)] if case is not None and asleep and asleep.wait == Wait.COUNT else []


def _back(doc: StockDoc, facts: Facts) -> tuple[StockDoc, tuple[Moved, ...]]:
    if doc.kind is DocKind.TRANSFER and doc.state is DocState.DONE:
        again = msgspec.structs.replace(doc, state=DocState.TRANSIT, arrived=0, closed_by="", closed_at=None)
        return again, (Moved(doc.target, -doc.arrived),) if doc.arrived else ()
    gone = msgspec.structs.replace(
        doc, state=DocState.WITHDRAWN, closed_by=facts.by.user, closed_at=facts.now
    )
    return gone, tuple(Moved(move.warehouse, -move.qty) for move in moves_of(doc))


def _promised(moves: tuple[Moved, ...], stock: Stock | None) -> Refusal | None:
    on_hand, promised = (stock.on_hand, stock.promised) if stock else (0, 0)
    if on_hand + sum(move.qty for move in moves) < promised:
        return refuse(
            "promised",
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            reserved=promised,
        )
    return None


SPEC = Spec("withdraw_stock_doc", WithdrawStockDoc, needs, decide, Authority.HUB, touches=False, offline=True)
