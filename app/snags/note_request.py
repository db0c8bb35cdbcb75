"""The buyer wrote something a person must read."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from app.carrying import next_offer
from app.command import Command, Facts
from app.commands.choose_carrier import ChooseCarrier
from app.commands.hold import Hold
from app.commands.settle import Settle
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.values import digest
from app.domain.wish import unwanted, wished_day
from app.quotas import today
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Buyer's note")
"""Also why it is held, where that is the answer: said as a sentence, in every language."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a note nobody has read; the note itself is personal and stays in the order.

    Source: capabilities 15, note_request.
    """
    note = order.receiver.note.strip()
    if not note or order.status not in EDITABLE:
        return None
    text = Text(N_("The buyer left a note of {count} characters. Read it."), {"count": len(note)})
    return Finding(text, digest=digest(order.id, note))


def mark_read(order: Order, _facts: Facts) -> Command | None:
    """Say that the note was read and nothing is to be done."""
    snag = order.snag("note_request")
    return Settle(order=order.id, kind="note_request", digest=snag.digest) if snag else None


def hold(order: Order, _facts: Facts) -> Command | None:
    """Keep the order back while somebody sees to the wish."""
    return None if order.pause else Hold(order=order.id, reason=TITLE)


def as_wished(order: Order, facts: Facts) -> Command | None:
    """Do what the whole note asks for: keep it back until a day, or let another carrier take it."""
    note, carriage, shop = order.receiver.note, order.carriage, facts.shop_of(order)
    zone = ZoneInfo(shop.zone if shop is not None else "UTC")
    on = wished_day(note, order.ordered_at.astimezone(zone).date(), today(order, facts))
    if on is not None:
        until = datetime.combine(on, time(), zone).astimezone(UTC)
        return None if order.pause else Hold(order=order.id, reason=TITLE, until=until)
    titles = {code: carrier.title for code, carrier in facts.refs.carriers.items()}
    other = next_offer(order, facts)
    if carriage is None or other is None or unwanted(note, titles) != carriage.carrier:
        return None
    return ChooseCarrier(order=order.id, carrier=other.carrier.code)


KIND = Kind(
    code="note_request",
    title=TITLE,
    hint=N_("Read the note. Change the order if the buyer wants something else, then mark it as read."),
    severity="warn",
    rank=30,
    found=found,
    repairs=(
        Repair(
            "mark_read",
            N_("Mark as read"),
            mark_read,
            N_("Nothing else changes. A new note is asked about again."),
        ),
        Repair(
            "hold_order",
            N_("Hold order"),
            hold,
            N_("The order keeps its stock and waits until somebody resumes it."),
        ),
        Repair(
            "as_wished",
            N_("Do as wished"),
            as_wished,
            N_("It waits until that day, or another carrier takes it. Then mark the note as read."),
            off="",
        ),
    ),
    stops=(Wait.CUSTOMER,),
    locks=True,
)
