"""What a count of one bin leads to: its difference, a second count, or the end of a drift."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from app.command import Decided, Facts, Refusal, refuse
from app.domain.clock import Wait
from app.domain.drift import drift_key
from app.domain.duty import Snooze
from app.domain.events import CaseClosed, Event, SnagSnoozed
from app.domain.evolve import Case
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.goods_events import StockCounted, moves_of
from app.domain.stock import Stock
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.drifting import drift_of
from app.lotting import barred_with, wrong_lot
from app.text import N_

SECOND_COUNT = timedelta(days=1)
"""So long a shelf that drifted waits for a second count before its case comes back."""


class Counting(NamedTuple):
    """One bin that was counted. Units: pieces; see `CountBin`."""

    doc: str
    warehouse: str
    sku: str
    counted: int
    base: int
    reference: str = ""
    reason: str = ""
    lot: str = ""
    best_before: date | None = None

    def needs(self) -> Keys:
        """Name the document, the article, its place, and whether that drifted."""
        own = stock_key(self.warehouse, self.sku)
        return frozenset({stock_doc_key(self.doc), sku_key(self.sku), own, drift_key(own[1])})


def counted(asked: Counting, facts: Facts, *, asks: bool = False) -> Decided:
    """Book the difference; a large one waits until a second person finds the same.

    Where the shelf drifted, what lies there is held against its papers, and the counter is set right with it:
    held against a counter that is wrong, a count would put the papers wrong too. Its case is over then, and
    sleeps until a second person has counted. With `asks`, one that goes below what is promised waits for a
    second count too: the rest of its sheet need not wait for it.

    Refuses: `bad_count`, `unchanged`, `count_open`, `same_counter`, `promised`, and what
        `wrong_lot` does.
    """
    if asked.counted < 0 or asked.base < 0:
        return refuse("bad_count", N_("A count is 0 or more. Count again."))
    stock = facts.stock(asked.warehouse, asked.sku) or Stock(warehouse=asked.warehouse, sku=asked.sku)
    first = facts.stock_doc(asked.doc)
    asked = asked._replace(lot=asked.lot.strip())
    wrong = _second(first, asked, stock, facts) if first is not None else _fresh(stock)
    if wrong is not None:
        return wrong
    drift, case = drift_of(asked.warehouse, asked.sku, facts)
    on_hand, promised, base = stock.on_hand, stock.promised, asked.base
    if drift is not None:
        on_hand, promised = on_hand - drift.on_hand, promised - drift.reserved
        base -= drift.of(asked.lot) if stock.lots else drift.on_hand
    doc = _counted(asked._replace(base=base), first, facts)
    shelf = (asked.warehouse, asked.sku)
    if (wrong := wrong_lot(facts, shelf, asked.lot, doc.difference, asked.best_before)) is not None:
        return wrong
    lacks = on_hand + doc.difference < promised
    if lacks and asks and doc.state is DocState.DONE:
        doc = msgspec.structs.replace(doc, state=DocState.ASKS)
    found = StockCounted(doc=doc, moves=moves_of(doc))
    if doc.state is not DocState.DONE:
        return [found, *_asleep(case, facts)]
    if lacks:
        return refuse(
            "promised",
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            reserved=promised,
        )
    barred = barred_with(doc, found.moves, facts)
    if drift is None or case is None:
        return [found, *barred]
    repaired = [] if drift.is_over else [drift.repaired(stock, facts.by.user)]
    return [*repaired, found, *barred, CaseClosed(id=case.id)]


def _asleep(case: Case | None, facts: Facts) -> list[Event]:
    """Let the clock of the case stand still while a second count is waited for."""
    if case is None or case.snag.snooze is not None:
        return []
    snooze = Snooze(by=facts.by.user, at=facts.now, until=facts.now + SECOND_COUNT, wait=Wait.COUNT)
    stops = Wait.COUNT in case.snag.may_stop
    return [SnagSnoozed(kind=case.snag.kind, case=case.id, snooze=snooze, stops=stops)]


def _fresh(stock: Stock) -> Refusal | None:
    if stock.counting:
        return refuse("count_open", N_("A count of this bin waits for a second one. Count for that one."))
    return None


def _second(first: StockDoc, asked: Counting, stock: Stock, facts: Facts) -> Refusal | None:
    is_asked = first.state is DocState.ASKS and stock.counting == first.id
    if not is_asked or first.sku != stock.sku or first.warehouse != stock.warehouse:
        return refuse("unchanged", N_("This document is booked already. Nothing to do."))
    if first.lot != asked.lot:
        waits = N_("A count of lot {lot} waits for a second one. Count that lot.")
        return refuse("count_open", waits, lot=first.lot or "–")
    if facts.by.user == first.by:
        return refuse("same_counter", N_("You counted first. Ask a colleague to count again."))
    return None


def _counted(asked: Counting, first: StockDoc | None, facts: Facts) -> StockDoc:
    """Two people who find the same difference are believed; otherwise the later count asks for another."""
    doc = StockDoc(
        id=asked.doc,
        kind=DocKind.COUNT,
        warehouse=asked.warehouse,
        sku=asked.sku,
        qty=asked.counted,
        base=asked.base,
        reference=asked.reference.strip() or (first.reference if first else ""),
        reason=asked.reason.strip() or (first.reason if first else ""),
        by=facts.by.user,
        at=facts.now,
        lot=asked.lot,
        best_before=asked.best_before if asked.lot else None,
    )
    if first is not None and first.difference == doc.difference:
        return msgspec.structs.replace(doc, by=first.by, at=first.at, closed_by=doc.by, closed_at=doc.at)
    if abs(doc.difference) > facts.rules.recount_above_pieces:
        return msgspec.structs.replace(doc, state=DocState.ASKS)
    if first is not None:
        return msgspec.structs.replace(doc, closed_by=doc.by, closed_at=doc.at, by=first.by, at=first.at)
    return doc
