"""Hold a little stock for one desk, so that it can promise goods without the network."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import Event, StockLeased
from app.domain.leasing import LEASES_MOST, Ask, grantable, life
from app.domain.values import Keys
from app.text import N_


class LeaseStock(Command, frozen=True, kw_only=True):
    """For the desk that sends it. Units: pieces of each item it would like to hold from now on."""

    items: tuple[Ask, ...]


def needs(command: LeaseStock) -> Keys:
    """Name the stock rows."""
    return frozenset(item.key for item in command.items[: LEASES_MOST + 1])


def decide(command: LeaseStock, facts: Facts) -> Decided:
    """Grant what the rules allow, each article by itself; what is not granted is simply not there.

    Refuses: `no_desk`, `too_many`.
    Source: sync.md section 1, offline stock leases.
    """
    desk = facts.by.desk
    if not desk:
        return refuse("no_desk", N_("Only a desk holds stock for itself. Ask from a desk."))
    if not 0 < len(command.items) <= LEASES_MOST:
        return refuse("too_many", N_("A desk holds 1 to {most} articles. Ask for fewer."), most=LEASES_MOST)
    until = facts.now + life(facts.rules)
    events: list[Event] = []
    for item in {one.key: one for one in command.items}.values():
        stock = facts.stock(item.warehouse, item.sku)
        if stock is None:
            continue
        qty = grantable(stock, desk, item.qty, facts.rules)
        if qty > 0 or stock.lease_of(desk) is not None:
            events.append(
                StockLeased(warehouse=item.warehouse, sku=item.sku, desk=desk, qty=qty, until=until)
            )
    return events


SPEC = Spec("lease_stock", LeaseStock, needs, decide, Authority.HUB, touches=False)
