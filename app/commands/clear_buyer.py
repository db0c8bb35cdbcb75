"""Take the buyer of an order off the list."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.duplicate import block_keys
from app.domain.events import BuyerWatched
from app.domain.watch import CODES
from app.text import N_, Text


class ClearBuyer(Command, frozen=True, kw_only=True):
    order: str


def decide(command: ClearBuyer, facts: Facts) -> Decided:
    """Forget what was held against the phone and the door of this order.

    Refuses: `no_order`, `hidden`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    keys = block_keys(order.receiver, order.region)
    if not keys:
        return refuse("hidden", N_("Phone and address are hidden here. Nobody could be recognised by them."))
    if not facts.at_hub:
        return [BuyerWatched(order=order.id, watch=None)]
    blocks = (facts.block(key) for key in keys)
    if all(block is None or block.watch is None for block in blocks):
        return refuse("unchanged", N_("This buyer is on no list. Nothing to do."))
    return [BuyerWatched(order=order.id, block_keys=keys, watch=None)]


def inverse(command: ClearBuyer, facts: Facts) -> Undo | None:
    """Put them on the list again, for the reason of before."""
    order = facts.order(command.order)
    snag = order.snag("fraud_risk") if order is not None else None
    said = snag.text.params if snag is not None else {}
    what, reason = said.get("what"), said.get("reason")
    if not isinstance(what, Text):
        return None
    return Undo(
        "watch_buyer", {"order": command.order, "what": CODES.get(what.message, "other"), "reason": reason}
    )


SPEC = Spec("clear_buyer", ClearBuyer, order_of, decide, Authority.HUB, inverse=inverse, touches=False)
