"""No warehouse of the shop has everything."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.recheck import Recheck
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import missing
from app.domain.waiver import is_funded
from app.repairs import split_off
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a paid order for which stock cannot be promised.

    Source: capabilities 15, short_stock.
    """
    if order.status not in EDITABLE or order.fully_reserved or not order.matched:
        return None
    if not is_funded(order, facts.now) or order.is_overpromised:
        return None
    short = missing(order, facts.warehouses_of(order), facts.free)
    if not short:
        return None
    waits_for = (f"shop:{order.shop}", *sorted(f"stock:{sku}" for sku in short))
    code, count = max(short.items(), key=lambda item: (item[1], item[0]))
    article = facts.sku(code)
    params: dict[str, str | int | Text] = {"title": article.title if article else code, "count": count}
    if len(short) == 1:
        return Finding(Text(N_("{title} is {count} short"), params), waits_for)
    params["more"] = len(short) - 1
    return Finding(Text(N_("{title} is {count} short, and {more} more articles"), params), waits_for)


def look_again(order: Order, _facts: Facts) -> Command:
    """Ask the hub for the stock of this moment."""
    return Recheck(order=order.id)


def cancel(order: Order, _facts: Facts) -> Command:
    """Call the order off."""
    return Cancel(order=order.id, reason="short_stock")


KIND = Kind(
    code="short_stock",
    title=N_("Out of stock"),
    hint=N_("It goes on by itself as soon as stock arrives. Ask the buyer if that takes too long."),
    severity="bad",
    rank=6,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless stock has arrived; then it is promised to this order."),
        ),
        Repair(
            "cancel_order",
            N_("Cancel order"),
            cancel,
            N_("No goods move. The order can be restored; refund the buyer on the channel."),
        ),
        Repair(
            "split_off",
            N_("Send part now"),
            split_off,
            N_("What is there goes now, the rest follows as an order of its own. It can be taken back."),
            off="",
        ),
    ),
    stops=(Wait.STOCK,),
)
