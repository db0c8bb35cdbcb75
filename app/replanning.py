"""Why an order leaves from another place than it was planned from, and what that changes.

Source: capabilities 6.3, 6.7.
"""

from __future__ import annotations

from app.command import Facts
from app.domain import sourcing
from app.domain.decision import Decision, Instead
from app.domain.floor_refusal import REASONS
from app.domain.order import Order
from app.sourcing.override import Override, compared
from app.text import N_, Text


def by_somebody(order: Order, facts: Facts, other: Override, reason: str) -> Instead:
    """Return what a place somebody chose replaces."""
    refusal = sourcing.standing_refusal(order)
    by = facts.by.user
    if facts.because == "undo":
        why = Text(N_("taken back by {by}"), {"by": by})
    elif reason:
        why = Text(N_("chosen by {by}: {reason}"), {"by": by, "reason": reason})
    elif refusal is not None and refusal.why in REASONS:
        said = Text(REASONS[refusal.why].title)
        why = Text(N_("{warehouse} does not send it: {why}"), {"warehouse": refusal.warehouse, "why": said})
    else:
        why = Text(N_("chosen by {by}"), {"by": by})
    return Instead(
        before=_named(order.warehouse),
        why=why,
        extra_minor=other.extra_minor,
        extra_h=other.extra_h,
        currency=other.instead.currency,
    )


def of_itself(order: Order, warehouse: str, decision: Decision | None, facts: Facts) -> Instead | None:
    """Return what a place the policy chose replaces; nothing where it was not planned from another one.

    What no longer is the same goods has no difference: it would be that of the goods.
    """
    was = order.sourced
    if was is None or decision is None or was.order != order.id or len(was.parcels) != 1:
        return None
    before = was.parcels[0].place
    if before == warehouse:
        return None
    same = _sent(was) == _sent(decision) and was.currency == decision.currency
    other = compared(was, decision, 0, 0) if same else None
    return Instead(
        before=_named(before),
        why=_why_left(before, order, facts),
        extra_minor=other.extra_minor if other is not None else None,
        extra_h=other.extra_h if other is not None else None,
        currency=decision.currency,
    )


def _why_left(before: str, order: Order, facts: Facts) -> Text:
    if before not in facts.warehouses_of(order):
        return Text(N_("nothing is sent from {warehouse} to this shop's buyers now"), {"warehouse": before})
    if sourcing.missing(order, (before,), facts.free):
        return Text(N_("not everything is free in {warehouse} any more"), {"warehouse": before})
    return Text(N_("{warehouse} is not the cheapest any more"), {"warehouse": before})


def _sent(decision: Decision) -> list[tuple[str, int]]:
    return sorted(take for parcel in decision.parcels for take in parcel.takes)


def _named(warehouse: str) -> Text:
    return Text("{warehouse}", {"warehouse": warehouse})
