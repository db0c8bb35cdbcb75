"""The buyer has another open order: this one waits some minutes, so that both may go out as one."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.command import Command, Facts
from app.commands.merge import Merge
from app.domain.duplicate import KIND as DUPLICATE
from app.domain.duplicate import block_keys, door_keys, entry_of, is_kept, likeliest, neighbours, order_in
from app.domain.making import why_not_merge
from app.domain.order import ChannelState, Order
from app.domain.values import digest
from app.domain.waiting import WAIT_MOST_MIN, may_wait, waits_until
from app.pairs import twin_of
from app.repairs import answered
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

CODE = "merge_wait"


def found(order: Order, facts: Facts) -> Finding | None:
    """Find the newest other order that might go out with this one; the time of the shop ends the wait.

    What the floor was given once is not taken from it again, and without another order nobody waits. What
    may be one purchase is asked about as that; two of which somebody said that both are wanted stay apart.
    Source: capabilities 15, merge_wait; capabilities 1, audit delay.
    """
    until = waits_until(order, facts.shop_of(order))
    if until is None or facts.now >= until or not may_wait(order):
        return None
    keys = block_keys(order.receiver, order.region)
    blocks = {key: block for key in keys if (block := facts.block(key)) is not None}
    door = door_keys(order.receiver, order.region)
    beside = neighbours([blocks.get(key) for key in door], order.id, order.shop)
    if not beside:
        return None
    twin = likeliest(order, blocks, facts.rules)
    for one in reversed(beside):
        other = twin_of(one, facts)
        if other is None or (twin is not None and twin.entry.order == one) or _is_asked(other, order):
            continue
        if _may_join(other, order, facts) and not is_kept(entry_of(order), entry_of(other)):
            pair = f"{other.id}#{digest(order.id, other.id)}"
            text = Text(N_("The buyer has {number} open too"), {"number": other.number})
            return Finding(text, waits_for=(f"order:{other.id}",), digest=pair)
    return None


def _is_asked(other: Order, order: Order) -> bool:
    """Tell whether the other one is suspected to be this one already."""
    suspect = other.snag(DUPLICATE)
    return suspect is not None and order_in(suspect.digest) == order.id


def _may_join(other: Order, order: Order, facts: Facts) -> bool:
    """Tell whether two orders may go out as one by now, or as soon as the other one is paid."""
    if abs(other.ordered_at - order.ordered_at) > timedelta(hours=facts.rules.duplicate_window_h):
        return False
    objection = why_not_merge((other, order))
    waits = other.channel_state is ChannelState.AWAITING_PAYMENT
    return objection is None or objection.code == "not_paid" or (waits and objection.code == "not_free")


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the wait is over; who does not wait is not looked at."""
    return waits_until(order, facts.shop_of(order)) if order.snag(CODE) is not None else None


def merge(order: Order, facts: Facts) -> Command | None:
    """Send both as one; the command itself says why they may not go out together yet."""
    snag = order.snag(CODE)
    other = twin_of(order_in(snag.digest), facts) if snag is not None else None
    if other is None:
        return None
    orders = tuple(one.id for one in sorted((other, order), key=lambda one: (one.received_at, one.id)))
    return Merge(orders=orders, into=f"m-{digest(*orders)}")


KIND = Kind(
    code=CODE,
    title=N_("Waits for merging"),
    hint=N_("It goes on by itself after some minutes. Merge the two now, or let this one go alone."),
    severity="warn",
    rank=31,
    found=found,
    repairs=(
        Repair(
            "merge",
            N_("Merge now"),
            merge,
            N_("Both go out in one parcel. The originals come back exactly if you undo it."),
            off=N_("The other order is not here any more"),
        ),
        Repair(
            "release_alone",
            N_("Release alone"),
            answered(CODE),
            N_("Only the wait ends. It cannot be undone, unless something else keeps it back."),
        ),
    ),
    hub_only=True,
    gate="window",
    goal_min=WAIT_MOST_MIN,  # nobody is late with what goes on by itself before
    effort_min=1,
    locks=True,
    wake_at=wake_at,
)
