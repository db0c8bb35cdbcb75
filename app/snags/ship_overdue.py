"""The promised time is nearly over and the parcel has not left."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.awaiting import sent_by
from app.carrying import faster
from app.command import Command, Facts
from app.commands.amend import Amend
from app.commands.choose_carrier import ChooseCarrier
from app.commands.settle import Settle
from app.domain.order import Order
from app.domain.paper import Paper
from app.domain.said_time import moment_said
from app.domain.values import digest
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

URGENT = 10
"""Orders of this priority stand first in the pick queue."""


def promised_at(order: Order, facts: Facts) -> datetime:
    """Return when the parcel must leave: the channel's promise, the day its goods come, or ours.

    Source: rules ship_within_h.
    """
    return (
        order.ship_by_at
        or sent_by(order, facts)
        or order.received_at + timedelta(hours=facts.rules.ship_within_h)
    )


def late_at(order: Order, facts: Facts) -> datetime:
    """Return when the order becomes urgent. Source: rules late_after_pct."""
    since = order.ordered_at if order.ship_by_at else order.received_at
    return since + (promised_at(order, facts) - since) * facts.rules.late_after_pct / 100


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an order close to its promise that nobody has made urgent.

    Source: capabilities 15, ship_overdue (opens at 80 % of the promise).
    """
    if order.priority >= URGENT or facts.now < late_at(order, facts):
        return None
    promised = promised_at(order, facts)
    shop = facts.shop_of(order)
    params: dict[str, str | int | Text] = {"at": moment_said(promised, shop.zone if shop else "UTC")}
    message = N_("Promised for {at}, not shipped yet") if facts.now < promised else N_("Overdue since {at}")
    return Finding(Text(message, params), digest=digest(order.id, order.ship_by_at, facts.now >= promised))


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the order becomes urgent, and once more when the promise is broken."""
    if order.priority >= URGENT:
        return None
    urgent_at = late_at(order, facts)
    return urgent_at if facts.now < urgent_at else promised_at(order, facts)


def raise_priority(order: Order, _facts: Facts) -> Command:
    """Move it to the front of the pick queue."""
    return Amend(order=order.id, priority=URGENT)


def send_faster(order: Order, facts: Facts) -> Command | None:
    """Let the cheapest carriage take it that is sooner there, while no label is printed."""
    sooner = None if order.prints.get(Paper.LABEL, 0) else faster(order, facts)
    if sooner is None:
        return None
    return ChooseCarrier(order=order.id, carrier=sooner.carrier, service=sooner.service)


def accept_delay(order: Order, _facts: Facts) -> Command | None:
    """Say that the buyer knows, or that it does not matter."""
    snag = order.snag("ship_overdue")
    return Settle(order=order.id, kind="ship_overdue", digest=snag.digest) if snag else None


KIND = Kind(
    code="ship_overdue",
    title=N_("Running late"),
    hint=N_("See what keeps it back: another exception, a gate, or the warehouse."),
    severity="warn",
    rank=20,
    found=found,
    repairs=(
        Repair(
            "raise_priority",
            N_("Raise priority"),
            raise_priority,
            N_("Only the place in the pick queue changes. It can be undone."),
        ),
        Repair(
            "send_faster",
            N_("Send faster"),
            send_faster,
            N_("It leaves no sooner but is there sooner. It can be undone until the label is printed."),
            off=N_("Nothing faster can take it now"),
        ),
        Repair(
            "accept_delay",
            N_("Accept delay"),
            accept_delay,
            N_("Nothing else changes. It is asked again when the promise is broken."),
        ),
    ),
    blocks=False,
    wake_at=wake_at,
)
