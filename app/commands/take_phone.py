"""Take the phone of an earlier order of the same buyer that arrived; the number itself is in no argument."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import AddressFixed
from app.domain.order import EDITABLE
from app.domain.phone import judge_phone
from app.domain.same_buyer import is_delivered, is_same_buyer
from app.domain.values import Keys, order_key
from app.text import N_


class TakePhone(Command, frozen=True, kw_only=True):
    """`phone_of` is the order that arrived."""

    order: str
    phone_of: str


def needs(command: TakePhone) -> Keys:
    """Name both orders."""
    return frozenset({order_key(command.order), order_key(command.phone_of)})


def decide(command: TakePhone, facts: Facts) -> Decided:
    """Change the phone and nothing else.

    Refuses: `no_order`, `too_late`, `other_buyer`, `no_phone`, `unchanged`.
    Source: capabilities 15, receiver_invalid.
    """
    order, arrived = facts.order(command.order), facts.order(command.phone_of)
    if order is None or arrived is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    if not (is_same_buyer(order, arrived) and is_delivered(arrived)):
        return refuse(
            "other_buyer",
            N_("{number} is no delivered order of this buyer. Look for another."),
            number=arrived.number,
        )
    phone = arrived.receiver.phone.strip()
    if not phone or "*" in phone or judge_phone(phone, order.region.country) is not None:
        return refuse(
            "no_phone", N_("{number} has no phone that can be called. Ask the buyer."), number=arrived.number
        )
    if phone == order.receiver.phone:
        return refuse("unchanged", N_("The address is already like this. Nothing to do."))
    receiver = msgspec.structs.replace(order.receiver, phone=phone)
    return [AddressFixed(order=order.id, receiver=receiver, region=order.region, by=facts.by.user)]


def inverse(command: TakePhone, facts: Facts) -> Undo | None:
    """Bring back what stood there."""
    order = facts.order(command.order)
    if order is None:
        return None
    return Undo("fix_address", {"order": order.id, "receiver": order.receiver, "region": order.region})


SPEC = Spec("take_phone", TakePhone, needs, decide, Authority.DESK, changes=("receiver",), inverse=inverse)
