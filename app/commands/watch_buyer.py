"""Put the buyer of an order on the list: every order that goes to the same phone or door is stopped."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.duplicate import block_keys
from app.domain.events import BuyerWatched
from app.domain.watch import WHAT, Watch
from app.text import N_

REASON_MOST = 120


class WatchBuyer(Command, frozen=True, kw_only=True):
    """`what` is a code of `watch.WHAT`; `reason` is read beside every later order, it names nobody."""

    order: str
    what: str
    reason: str


def decide(command: WatchBuyer, facts: Facts) -> Decided:
    """Remember the keys the buyer is found by, and why; a desk holds no such keys.

    Refuses: `no_order`, `hidden`, `no_what`, `no_reason`, `long_reason`, `unchanged`.
    Source: capabilities 15, fraud_risk; DECISIONS 10, keys are blinded at the hub.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    keys = block_keys(order.receiver, order.region)
    if not keys:
        return refuse("hidden", N_("Phone and address are hidden here. Nobody could be recognised by them."))
    if command.what not in WHAT:
        return refuse("no_what", N_("Choose from the list what happened."))
    reason = " ".join(command.reason.split())
    if not reason:
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    if len(reason) > REASON_MOST:
        return refuse("long_reason", N_("Say it in 120 characters."))
    watch = Watch(what=command.what, reason=reason, by=facts.by.user, at=facts.now)
    if not facts.at_hub:
        return [BuyerWatched(order=order.id, watch=watch)]
    known = [block.watch for key in keys if (block := facts.block(key)) is not None]
    if len(known) == len(keys) and all(
        one is not None and (one.what, one.reason) == (command.what, reason) for one in known
    ):
        return refuse("unchanged", N_("This buyer is on the list already. Nothing to do."))
    return [BuyerWatched(order=order.id, block_keys=keys, watch=watch)]


def inverse(command: WatchBuyer, _facts: Facts) -> Undo | None:
    """Take them off the list again."""
    return Undo("clear_buyer", {"order": command.order})


SPEC = Spec("watch_buyer", WatchBuyer, order_of, decide, Authority.HUB, inverse=inverse, touches=False)
