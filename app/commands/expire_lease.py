"""End a lease whose time is over: its desk has not been heard of, or nobody placed the order of its cart."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import StockLeased
from app.domain.leasing import over_at
from app.domain.values import Keys, stock_key
from app.text import N_


class ExpireLease(Command, frozen=True, kw_only=True):
    """`holder` is the desk or the cart that holds it."""

    warehouse: str
    sku: str
    holder: str


def needs(command: ExpireLease) -> Keys:
    """Name the stock row."""
    return frozenset({stock_key(command.warehouse, command.sku)})


def decide(command: ExpireLease, facts: Facts) -> Decided:
    """Give the pieces back to everybody: a desk's one renewal after they ran out by the hub's clock.

    Refuses: `unchanged`, `not_over`.
    Source: sync.md section 1, an expired lease returns to the pool after a grace of one renewal period.
    """
    stock = facts.stock(command.warehouse, command.sku)
    lease = stock.lease_of(command.holder) if stock is not None else None
    if lease is None:
        return refuse("unchanged", N_("This lease is over already. Nothing to do."))
    if over_at(lease, facts.rules) > facts.now:
        return refuse("not_over", N_("This lease still runs. Ask again later."))
    return [StockLeased(warehouse=command.warehouse, sku=command.sku, desk=command.holder)]


SPEC = Spec("expire_lease", ExpireLease, needs, decide, Authority.HUB, touches=False)
