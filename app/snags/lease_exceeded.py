"""A desk confirmed a sale out of a lease that was over, and nothing is free in its place."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.recheck import Recheck
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import missing
from app.repairs import split_off
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Confirmed, but short")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an order whose buyer was told that the goods are theirs, and that still holds none.

    Source: sync.md section 1, a late arrival becomes a snag; capabilities 3, `lease_exceeded`.
    """
    if not order.is_overpromised or order.fully_reserved or order.status not in EDITABLE or not order.matched:
        return None
    short = missing(order, facts.warehouses_of(order), facts.free)
    code = max(short, key=lambda sku: (short[sku], sku), default="")
    article = facts.sku(code) if code else None
    params: dict[str, str | int | Text] = {
        "title": article.title if article else code or order.lines[0].sku,
        "count": sum(short.values()),
    }
    waits_for = (f"shop:{order.shop}", *sorted(f"stock:{sku}" for sku in short))
    return Finding(Text(N_("{title} was confirmed to the buyer and is {count} short"), params), waits_for)


def look_again(order: Order, _facts: Facts) -> Command:
    """Ask the hub for the stock of this moment."""
    return Recheck(order=order.id)


def cancel(order: Order, _facts: Facts) -> Command:
    """Call the order off."""
    return Cancel(order=order.id, reason=TITLE)


KIND = Kind(
    code="lease_exceeded",
    title=TITLE,
    hint=N_("The desk was away longer than its lease. Call the buyer: wait, another article, or the money."),
    severity="bad",
    rank=5,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless stock has arrived; then it is promised to this order."),
        ),
        Repair(
            "split_off",
            N_("Send part now"),
            split_off,
            N_("What is there goes now, the rest follows as an order of its own. It can be taken back."),
            off=N_("Nothing of it is here"),
        ),
        Repair(
            "cancel_order",
            N_("Cancel order"),
            cancel,
            N_("No goods move. The order can be restored; give the buyer the money back."),
        ),
    ),
    form="swap_item",
    stops=(Wait.STOCK,),
)
