"""Announce goods that are to arrive, or a number that may be sold ahead; or say it anew."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.announcing import too_few
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, no_shelf, refuse
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.goods_events import ArrivalSet
from app.domain.offering import PIECES_MOST
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.proving import closed_to
from app.text import N_

ARRIVALS_MOST = 50
DAYS_MOST = 730
REFERENCE_MOST = 60


class AnnounceStock(Command, frozen=True, kw_only=True):
    """`doc` is a new document's id, or that of one whose day or number changes.

    `is_quota`: no purchase yet, so many may be sold ahead and are sent by that day.
    Units: `qty` pieces in all, with what came of it already.
    """

    doc: str
    warehouse: str
    sku: str
    qty: int
    due_on: date
    reference: str
    is_quota: bool = False


def needs(command: AnnounceStock) -> Keys:
    """Name the document, the article and its place."""
    return frozenset(
        {stock_doc_key(command.doc), sku_key(command.sku), stock_key(command.warehouse, command.sku)}
    )


def decide(command: AnnounceStock, facts: Facts) -> Decided:
    """Write down what comes; orders that wait hear of it by themselves.

    What orders were promised stays covered: less is refused, a later day is not.
    Refuses: `unknown_warehouse`, `unknown_sku`, `not_allowed`, `no_quantity`, `bad_days`, `no_reference`,
    `too_many`, `no_doc`, `unchanged`, `promised`, `not_proved`.
    """
    wrong = _wrong(command, facts)
    if wrong is not None:
        return wrong
    before = facts.stock_doc(command.doc)
    if before is None:
        before = StockDoc(
            id=command.doc,
            kind=DocKind.QUOTA if command.is_quota else DocKind.ARRIVAL,
            state=DocState.EXPECTED,
            warehouse=command.warehouse,
            sku=command.sku,
            qty=0,
            by=facts.by.user,
            at=facts.now,
        )
    elif not _is_it(before, command):
        return refuse("no_doc", N_("This is not announced any more. Announce what comes anew."))
    reference = command.reference.strip()
    doc = msgspec.structs.replace(before, qty=command.qty, due_on=command.due_on, reference=reference)
    if doc == before:
        return refuse("unchanged", N_("It is announced so already. Nothing to do."))
    stock = facts.stock(command.warehouse, command.sku)
    if stock is not None and stock.coming - before.coming + doc.coming < stock.awaited:
        return too_few(stock.awaited)
    if before.qty == 0 and stock is not None and len(stock.arrivals) >= ARRIVALS_MOST:
        return refuse("too_many", N_("50 papers announce this article here already. Change one of those."))
    return [ArrivalSet(doc=doc)]


def _is_it(doc: StockDoc, command: AnnounceStock) -> bool:
    is_there = (doc.warehouse, doc.sku) == (command.warehouse, command.sku)
    is_open = doc.state is DocState.EXPECTED and command.qty > doc.arrived
    return is_there and is_open and (doc.kind is DocKind.QUOTA) == command.is_quota


def _wrong(command: AnnounceStock, facts: Facts) -> Refusal | None:
    nowhere = no_shelf(facts, command.warehouse, command.sku)
    if nowhere is not None:
        return nowhere
    if command.is_quota and (closed := closed_to("set_stock_policy", facts)) is not None:
        return closed
    if not 1 <= command.qty <= PIECES_MOST:
        return refuse("no_quantity", N_("How many? Type 1 or more."))
    today = facts.now.astimezone(ZoneInfo(facts.refs.warehouses[command.warehouse].zone)).date()
    if not today <= command.due_on <= today + timedelta(days=DAYS_MOST):
        return refuse("bad_days", N_("It comes today or later, within two years. Change the day."))
    if not 1 <= len(command.reference.strip()) <= REFERENCE_MOST:
        return refuse(
            "no_reference", N_("Write the number of the order to the supplier, up to 60 characters.")
        )
    return None


def inverse(command: AnnounceStock, facts: Facts) -> Undo | None:
    """Say what was said before, or take it back."""
    doc = facts.stock_doc(command.doc)
    place = {"doc": command.doc, "warehouse": command.warehouse, "sku": command.sku}
    if doc is None:
        return Undo("withdraw_stock_doc", place)
    if doc.due_on is None:
        return None
    said = {"qty": doc.qty, "due_on": doc.due_on, "reference": doc.reference}
    return Undo("announce_stock", {**place, **said, "is_quota": command.is_quota})


SPEC = Spec("announce_stock", AnnounceStock, needs, decide, Authority.HUB, inverse=inverse, touches=False)
