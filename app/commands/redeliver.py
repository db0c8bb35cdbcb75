"""Ask the carrier to deliver once more a parcel it could not deliver, perhaps to another address."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.delivery import is_failed
from app.domain.destination import is_complete
from app.domain.events import CarrierAsked
from app.domain.scan import AskedFor, next_errand
from app.domain.values import Receiver, Region
from app.text import N_


class Redeliver(Command, frozen=True, kw_only=True):
    """Receiver and region as they shall be; what the buyer wrote stays as it was."""

    order: str
    receiver: Receiver
    region: Region


def decide(command: Redeliver, facts: Facts) -> Decided:
    """Tell the carrier; what a driver was told cannot be taken back.

    Refuses: `no_order`, `not_failed`, `incomplete_address`.
    Source: capabilities 15, delivery_failed.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if not is_failed(order):
        return refuse("not_failed", N_("The carrier says nothing of a failed delivery. Nothing to do."))
    if not is_complete(command.receiver, command.region):
        return refuse("incomplete_address", N_("Province, city and street are needed. Fill them in."))
    receiver = order.receiver.sent_to(command.receiver)
    errand = next_errand(AskedFor.REDELIVER, order.id, order.errand, facts.now)
    asked = CarrierAsked(
        order=order.id, errand=errand, receiver=receiver, region=command.region, by=facts.by.user
    )
    return [asked]


SPEC = Spec(
    "redeliver",
    Redeliver,
    order_of,
    decide,
    Authority.HUB,
    changes=("receiver", "region"),
    touches=False,
)
