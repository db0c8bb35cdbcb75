"""No warehouse of the shop has everything."""

from __future__ import annotations

from datetime import datetime

from app.awaiting import is_at_risk, risk_at, sent_from
from app.command import Facts
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.promised import Awaits
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
    if order.awaits is not None:
        return _late(order, order.awaits, facts) if is_at_risk(order, facts) else None
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
    message = N_("{title}: available {free}, {count} short")
    if len(short) > 1:
        params["more"] = len(short) - 1
        message = N_("{title}: available {free}, {count} short, and {more} more articles")
    return Finding(_with_arrival(Text(message, params), order, code, facts), waits_for)


def _with_arrival(short: Text, order: Order, sku: str, facts: Facts) -> Text:
    """Say what is announced of an article nobody may sell ahead, or that all is sold of."""
    shelves = (facts.stock(place, sku) for place in facts.warehouses_of(order))
    coming = [one for shelf in shelves if shelf is not None for one in shelf.arrivals]
    if not coming:
        return short
    first = min(coming, key=lambda one: (one.due_on, one.doc))
    said: dict[str, str | int | Text] = {
        "short": short, "qty": first.qty, "on": first.due_on.isoformat(), "reference": first.reference,
    }  # fmt: skip
    return Text(N_("{short}. {qty} arrive on {on}, {reference}"), said)


def _late(order: Order, awaits: Awaits, facts: Facts) -> Finding:
    """Say that the day an order was promised is here, or does not hold."""
    article = facts.sku(awaits.later[0])
    said: dict[str, str | int | Text] = {
        "title": article.title if article else awaits.later[0],
        "promised": awaits.promised_on.isoformat(),
        "on": awaits.due_on.isoformat(),
        "reference": awaits.reference,
    }
    is_moved = awaits.due_on > awaits.promised_on
    text = N_("{title}: promised for {promised}, arrives on {on}, {reference}")
    if not is_moved and order.ship_by_at is not None and order.ship_by_at < sent_from(order, facts):
        said["by"] = order.ship_by_at.astimezone(sent_from(order, facts).tzinfo).date().isoformat()
        text = N_("{title}: to be sent by {by}, arrives on {on}, {reference}")
    elif not is_moved:
        text = N_("{title}: promised for {promised}, not here yet, {reference}")
    waits_for = (f"shop:{order.shop}", *(f"stock:{sku}" for sku in awaits.later))
    return Finding(Text(text, said), waits_for)


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the promised day begins."""
    return risk_at(order, facts)


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
    wake_at=wake_at,
    stops=(Wait.STOCK,),
)
