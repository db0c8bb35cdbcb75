"""No warehouse of the shop has everything."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import missing, wanted
from app.domain.waiver import is_funded
from app.parting import parts_wanted
from app.repairs import OUT_OF_REACH, look_again, split_off, told
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
    if not short or parts_wanted(order, facts) is not None:
        return None
    waits_for = (f"shop:{order.shop}", *sorted(f"stock:{sku}" for sku in short))
    code, count = max(short.items(), key=lambda item: (item[1], item[0]))
    article = facts.sku(code)
    params: dict[str, str | int | Text] = {
        "title": article.title if article else code,
        "count": count,
        "free": wanted(order)[code] - count,
    }
    if len(short) == 1:
        return Finding(Text(N_("{title}: available {free}, {count} short"), params), waits_for)
    params["more"] = len(short) - 1
    message = N_("{title}: available {free}, {count} short, and {more} more articles")
    return Finding(Text(message, params), waits_for)


KIND = Kind(
    code="short_stock",
    title=N_("Out of stock"),
    hint=N_("It goes on by itself as soon as stock arrives. Tell the buyer if that takes long."),
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
            "wait_and_tell",
            N_("Wait, tell buyer"),
            told("short_stock", "awaited"),
            N_("It goes out by itself when stock arrives. The message leaves after 30 seconds, not before."),
            off=OUT_OF_REACH,
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
