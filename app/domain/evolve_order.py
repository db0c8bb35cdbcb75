"""How each event changes an order."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain import events as e
from app.domain.evolve_aftersale import evolve_aftersale
from app.domain.order import Order, Status
from app.domain.review import content_hash

_with = msgspec.structs.replace


def evolve_order(order: Order | None, event: e.Event) -> Order:  # noqa: C901, PLR0912 - one arm per event
    """Apply one event to an order.

    Raises:
        LookupError: the order was never received, or the event is not about orders.
    """
    if isinstance(event, e.OrderReceived):
        return _sealed(event.content)
    if order is None:
        raise LookupError("no such order")
    if isinstance(event, e.AftersaleEvent):
        return evolve_aftersale(order, event)
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
        case e.PaperPrinted():
            return _with(order, prints={**order.prints, event.paper: order.prints.get(event.paper, 0) + 1})
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


def _moved(order: Order, event: e.StatusChanged) -> Order:
    if event.after is Status.RELEASED and event.before is Status.GATED:
        return _with(order, status=event.after, released_at=event.at)
    return _with(order, status=event.after)
