"""The phone of the receiver cannot be called."""

from __future__ import annotations

import msgspec

from app.command import Command, Facts
from app.commands.fix_address import FixAddress
from app.commands.settle import Settle
from app.commands.take_phone import TakePhone
from app.domain.clock import Wait
from app.domain.order import EDITABLE, Order
from app.domain.pasted import take_apart
from app.domain.phone import judge_phone
from app.domain.values import digest
from app.repairs import OUT_OF_REACH, SENT_LATER, told
from app.snag import Finding, Kind, Repair
from app.text import N_


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a written phone that no number can be; the number itself stays in the order.

    A masked phone is nobody's fault, and one that was never given is asked for where the address is.
    Source: capabilities 15, receiver_invalid.
    """
    phone = order.receiver.phone.strip()
    if not phone or order.status not in EDITABLE:
        return None
    wrong = judge_phone(phone, order.region.country)
    return Finding(wrong, digest=digest(order.id, phone)) if wrong is not None else None


def take_written(order: Order, facts: Facts) -> Command | None:
    """Take the phone that stands in what the buyer wrote, where one does that can be called."""
    receiver, gazetteer = order.receiver, facts.refs.gazetteer
    if gazetteer is None:
        return None
    for text in (receiver.raw, receiver.street, receiver.note):
        phone = take_apart(text, gazetteer).phone
        if phone and phone != receiver.phone and judge_phone(phone, order.region.country) is None:
            better = msgspec.structs.replace(receiver, phone=phone)
            return FixAddress(order=order.id, receiver=better, region=order.region)
    return None


def take_known(order: Order, facts: Facts) -> Command | None:
    """Take the phone the buyer wrote beside it, or the one under which their last parcel arrived."""
    written = take_written(order, facts)
    if written is None and facts.former:
        return TakePhone(order=order.id, phone_of=facts.former)
    return written


def keep(order: Order, _facts: Facts) -> Command | None:
    """Send it all the same; another phone is judged again."""
    snag = order.snag("receiver_invalid")
    return Settle(order=order.id, kind="receiver_invalid", digest=snag.digest) if snag else None


KIND = Kind(
    code="receiver_invalid",
    title=N_("Phone unusable"),
    hint=N_("The courier calls from the door. Compare with what the buyer wrote, or ask."),
    severity="bad",
    rank=14,
    found=found,
    repairs=(
        Repair(
            "take_known",
            N_("Use known phone"),
            take_known,
            N_("It stands in this order, or the last parcel arrived under it. Only it changes; undo works."),
            off=N_("No other phone is known"),
        ),
        Repair(
            "ask_buyer",
            N_("Ask buyer"),
            told("receiver_invalid", "phone"),
            SENT_LATER,
            off=OUT_OF_REACH,
        ),
        Repair(
            "send_anyway",
            N_("Send anyway"),
            keep,
            N_("Nothing changes. Another phone is judged again."),
        ),
    ),
    form="fix_address",
    stops=(Wait.CUSTOMER,),
)
