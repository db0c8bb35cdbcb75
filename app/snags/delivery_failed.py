"""The carrier could not deliver: the parcel waits for somebody to say what shall become of it."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.redeliver import Redeliver
from app.delivery import is_failed
from app.domain import address
from app.domain.clock import Wait
from app.domain.destination import is_complete, reading_of, suggested
from app.domain.events import scan_said
from app.domain.order import Order
from app.domain.scan import last_scan
from app.repairs import called_back
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a parcel whose last scan is a failed delivery.

    Source: capabilities 15, delivery_failed.
    """
    last = last_scan(order.scans)
    if last is None or not is_failed(order):
        return None
    params: dict[str, str | int | Text] = {"carrier": order.carrier, "what": scan_said(last)}
    return Finding(Text(N_("{carrier}: {what}"), params))


def resubmit(order: Order, facts: Facts) -> Command | None:
    """Send it to the door once more, to the address the doctor suggests where it has doubts."""
    receiver, region = order.receiver, order.region
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is not None and reading.verdict != address.FIX:
        better = suggested(order, reading, facts.refs.gazetteer)
        receiver, region = better if is_complete(*better) else (receiver, region)
    return (
        Redeliver(order=order.id, receiver=receiver, region=region) if is_complete(receiver, region) else None
    )


KIND = Kind(
    code="delivery_failed",
    title=N_("Not delivered"),
    hint=N_("Read why. Call the buyer, then send it to the door again or have it brought back."),
    severity="bad",
    rank=19,
    found=found,
    repairs=(
        Repair(
            "resubmit",
            N_("Deliver again"),
            resubmit,
            N_("The carrier is told where to go. This cannot be undone."),
            off=N_("The address is incomplete"),
        ),
        Repair(
            "bring_back",
            N_("Bring it back"),
            called_back,
            N_("The carrier is told, and a return opens that pays the buyer. This cannot be undone."),
        ),
    ),
    blocks=False,
    after_sales=True,
    stops=(Wait.CARRIER, Wait.CUSTOMER),
    goal_min=120,
)
