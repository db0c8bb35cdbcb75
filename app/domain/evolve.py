"""How each event changes each row: the only way state changes, on the desk and on the hub alike."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain import events as e
from app.domain.catalogue import SkuMap
from app.domain.duplicate import Block, with_entry, without
from app.domain.order import Line, Order, Reserved, Snag, Status
from app.domain.review import content_hash
from app.domain.stock import Reservation, Stock
from app.domain.values import Key

_with = msgspec.structs.replace


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A snag of a delivery or of a command; orders carry their own snags."""

    id: str
    subject: str
    subject_id: str
    snag: Snag
    owner: str = ""
    is_open: bool = True


def evolve(key: Key, row: Any, event: e.Event) -> Any:
    """Return the row named `key` after `event`.

    Raises:
        LookupError: the event changes a row that does not exist.
    """
    table = key[0]
    if table == "order":
        return evolve_order(row, event)
    if table == "stock":
        return evolve_stock(key, row, event)
    if table == "reservation":
        return evolve_reservation(key, event)
    if isinstance(event, e.TwinsNoted):
        return with_entry(row or Block(), event.entry, event.window_h)
    if isinstance(event, e.TwinsDropped):
        return without(row, event.order)
    if isinstance(event, e.SkuMapped):
        return SkuMap(shop=event.shop, ext_sku=event.ext_sku, sku=event.sku, by=event.by, at=event.at)
    if isinstance(event, e.RulesSet):
        return event.rules
    if isinstance(event, e.CaseOpened):
        return Case(
            id=event.id,
            subject=event.subject,
            subject_id=event.subject_id,
            snag=event.snag,
            owner=event.owner,
        )
    if isinstance(event, e.CaseClosed) and isinstance(row, Case):
        return _with(row, is_open=False)
    raise LookupError(f"{type(event).__name__} does not change {table}")


def evolve_order(order: Order | None, event: e.Event) -> Order:  # noqa: C901, PLR0912 - one arm per event
    """Apply one event to an order.

    Raises:
        LookupError: the order was never received, or the event is not about orders.
    """
    if isinstance(event, e.OrderReceived):
        return _sealed(event.content)
    if order is None:
        raise LookupError("no such order")
    match event:
        case e.OrderAmended():
            return _amended(order, event.amendment)
        case e.AddressFixed():
            first = order.original or order.region
            original = None if event.region == first else first
            return _sealed(order, receiver=event.receiver, region=event.region, original=original)
        case e.LinesMatched():
            skus = dict(event.skus)
            return _sealed(order, lines=tuple(_with(ln, sku=skus.get(ln.id, ln.sku)) for ln in order.lines))
        case e.StockReserved():
            return _with(order, warehouse=event.warehouse, reserved=event.items)
        case e.StockReleased():
            return _with(order, warehouse="", reserved=())
        case e.StockShipped():
            return order
        case e.StatusChanged():
            return _moved(order, event)
        case e.SnagRaised():
            kept = tuple(s for s in order.snags if s.kind != event.snag.kind)
            return _with(order, snags=(*kept, event.snag))
        case e.SnagCleared():
            return _with(order, snags=tuple(s for s in order.snags if s.kind != event.kind))
        case e.SnagSettled():
            asked = (event.settled.kind, event.settled.digest)
            kept_settled = tuple(s for s in order.settled if (s.kind, s.digest) != asked)
            return _with(order, settled=(*kept_settled, event.settled))
        case e.SnagReopened():
            again = (event.kind, event.digest)
            return _with(order, settled=tuple(s for s in order.settled if (s.kind, s.digest) != again))
        case e.HoldOpened():
            kept_holds = tuple(h for h in order.holds if h.gate != event.hold.gate)
            return _with(order, holds=(*kept_holds, event.hold))
        case e.HoldClosed():
            return _with(order, holds=tuple(h for h in order.holds if h.gate != event.gate))
        case e.OrderPaused():
            return _with(order, pause=event.pause)
        case e.OrderResumed():
            return _with(order, pause=None)
        case e.SignaturesAsked():
            return _with(order, signatures_needed=event.count)
        case e.SignedOff():
            kept_names = tuple(s for s in order.signatures if s.user != event.signature.user)
            return _with(order, signatures=(*kept_names, event.signature), rejection=None)
        case e.ReviewRejected():
            return _with(order, signatures=(), rejection=event.says())
        case e.PaymentReceived():
            return _with(order, paid_minor=order.paid_minor + event.amount_minor)
        case e.LinePicked():
            return _with(
                order,
                lines=tuple(
                    _with(ln, picked=ln.picked + event.qty) if ln.id == event.line else ln
                    for ln in order.lines
                ),
            )
        case e.OrderPacked():
            return order
        case e.OrderShipped():
            return _with(order, carrier=event.carrier, tracking_no=event.tracking_no)
        case e.OrderTouched():
            return _with(order, touched=True)
        case e.MakerChanged():
            return _with(order, maker=event.maker)
    raise LookupError(f"{type(event).__name__} is not about an order")


def _sealed(order: Order, **changes: Any) -> Order:
    """Change what a signature binds; new content also answers a reviewer who sent the old one back."""
    order = _with(order, **changes)
    seal = content_hash(order)
    if seal == order.content_hash:
        return order
    return _with(order, content_hash=seal, rejection=None)


def _amended(order: Order, amendment: e.Amendment) -> Order:
    changes = amendment.changes()
    if "region" in changes:
        changes["original"] = None  # the channel spoke anew: earlier repairs are void
    if changes.keys() & _BOUND:
        return _sealed(order, **changes)
    return _with(order, **changes)


_BOUND = frozenset({"lines", "payable_minor", "currency", "receiver", "region"})
"""Fields of the order that `content_hash` digests."""


def _picked(line: Line, event: e.LinePicked) -> Line:
    return _with(line, picked=line.picked + event.qty) if line.id == event.line else line


def _moved(order: Order, event: e.StatusChanged) -> Order:
    if event.after is Status.RELEASED and event.before is Status.GATED:
        return _with(order, status=event.after, released_at=event.at)
    return _with(order, status=event.after)


def evolve_stock(key: Key, stock: Stock | None, event: e.Event) -> Stock:
    """Apply one event to a stock row; a first receipt creates it.

    Raises:
        LookupError: stock that does not exist cannot be reserved.
        ValueError: the invariant 0 <= reserved <= on_hand would break.
    """
    if isinstance(event, e.StockAdjusted):
        before = stock or Stock(warehouse=event.warehouse, sku=event.sku)
        return _checked(_with(before, on_hand=before.on_hand + event.delta))
    if stock is None:
        raise LookupError(key[1])
    match event:
        case e.StockReserved(items=items):
            return _checked(_with(stock, reserved=stock.reserved + _pieces(items, stock)))
        case e.StockReleased(items=items):
            return _checked(_with(stock, reserved=stock.reserved - _pieces(items, stock)))
        case e.StockShipped(items=items):
            qty = _pieces(items, stock)
            return _checked(_with(stock, on_hand=stock.on_hand - qty, reserved=stock.reserved - qty))
    raise LookupError(f"{type(event).__name__} does not move stock")


def evolve_reservation(key: Key, event: e.Event) -> Reservation:
    """Write down what one line holds after `event`.

    Raises:
        LookupError: the event does not move stock.
    """
    order, _, line = key[1].rpartition("/")
    match event:
        case e.StockReserved(items=items):
            state = "open"
        case e.StockReleased(items=items):
            state = "released"
        case e.StockShipped(items=items):
            state = "shipped"
        case _:
            raise LookupError(f"{type(event).__name__} does not move stock")
    item = next(i for i in items if i.line == line)
    return Reservation(
        owner=order, line=line, warehouse=item.warehouse, sku=item.sku, qty=item.qty, state=state
    )


def _pieces(items: tuple[Reserved, ...], stock: Stock) -> int:
    return sum(i.qty for i in items if i.sku == stock.sku and i.warehouse == stock.warehouse)


def _checked(stock: Stock) -> Stock:
    if not 0 <= stock.reserved <= stock.on_hand:
        raise ValueError(f"reserved {stock.reserved} of {stock.on_hand} {stock.sku} in {stock.warehouse}")
    return stock
