"""Set where an order goes and who takes it in."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.abroad import label_of, lacking
from app.domain.destination import is_complete
from app.domain.event import listed
from app.domain.events import AddressFixed
from app.domain.order import EDITABLE
from app.domain.values import Receiver, Region
from app.text import N_, Text


class FixAddress(Command, frozen=True, kw_only=True):
    """`region.verdict` is `accept` when a person answers for the address; an undo brings back the old one."""

    order: str
    receiver: Receiver
    region: Region


def decide(command: FixAddress, facts: Facts) -> Decided:
    """Replace receiver and region; what the buyer wrote stays as it was.

    Refuses: `no_order`, `too_late`, `incomplete_address`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    region = command.region
    if region.verdict == "accept" and not is_complete(command.receiver, region):
        return _incomplete(command)
    receiver = order.receiver.sent_to(command.receiver)
    if receiver == order.receiver and region == order.region:
        return refuse("unchanged", N_("The address is already like this. Nothing to do."))
    return [AddressFixed(order=order.id, receiver=receiver, region=region, by=facts.by.user)]


def _incomplete(command: FixAddress) -> Decided:
    country = command.region.country
    if country == "CN":
        return refuse("incomplete_address", N_("Province, city and street are needed. Fill them in."))
    fields = [Text(label_of(field, country)) for field in lacking(command.receiver, command.region)]
    return refuse("incomplete_address", N_("Needed there: {fields}. Fill it in."), fields=listed(fields))


def inverse(command: FixAddress, facts: Facts) -> Undo | None:
    """Bring the old address back."""
    order = facts.order(command.order)
    if order is None:
        return None
    return Undo("fix_address", {"order": order.id, "receiver": order.receiver, "region": order.region})


SPEC = Spec(
    "fix_address",
    FixAddress,
    order_of,
    decide,
    Authority.DESK,
    changes=("receiver", "region"),
    inverse=inverse,
)
