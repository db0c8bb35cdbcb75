"""Give back what a desk holds for itself: it is closed, or works on without."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import StockLeased
from app.domain.leasing import LEASES_MOST, Shelf
from app.domain.values import Keys
from app.text import N_


class ReturnLease(Command, frozen=True, kw_only=True):
    """For the desk that sends it: from here on it confirms nothing out of these leases."""

    items: tuple[Shelf, ...]


def needs(command: ReturnLease) -> Keys:
    """Name the stock rows."""
    return frozenset(item.key for item in command.items[: LEASES_MOST + 1])


def decide(command: ReturnLease, facts: Facts) -> Decided:
    """End the leases of this desk; what it no longer holds is left alone.

    Refuses: `no_desk`, `too_many`.
    Source: sync.md section 1, returned on clean exit.
    """
    desk = facts.by.desk
    if not desk:
        return refuse("no_desk", N_("Only a desk holds stock for itself. Ask from a desk."))
    if not 0 < len(command.items) <= LEASES_MOST:
        return refuse("too_many", N_("A desk holds 1 to {most} articles. Ask for fewer."), most=LEASES_MOST)
    held = {item.key: item for item in command.items if _is_held(item, desk, facts)}
    return [StockLeased(warehouse=one.warehouse, sku=one.sku, desk=desk) for one in held.values()]


def _is_held(item: Shelf, desk: str, facts: Facts) -> bool:
    stock = facts.stock(item.warehouse, item.sku)
    return stock is not None and stock.lease_of(desk) is not None


SPEC = Spec("return_lease", ReturnLease, needs, decide, Authority.DESK, touches=False)
