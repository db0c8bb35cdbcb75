"""The buyer changed the address on the channel when the warehouse had begun."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.take_address import TakeAddress
from app.domain.announced import Announced
from app.domain.events import fields_said
from app.domain.order import OPEN, Order
from app.domain.parts import NAME, PHONE, PLACE
from app.domain.values import digest
from app.repairs import answered
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an address the channel has announced since goods were picked; nobody may ship to the old one.

    Source: capabilities 15, address_changed; capabilities 2, a platform address change wins over our repair.
    """
    new = order.announced
    if new is None or order.status not in OPEN:
        return None
    text = Text(
        N_("The buyer changed this on the channel after picking began: {fields}"),
        {"fields": fields_said(changed_parts(order, new))},
    )
    return Finding(text, digest=digest(order.id, new.said))


def changed_parts(order: Order, new: Announced) -> tuple[str, ...]:
    """Name what differs; a note alone counts as the address, since it may say where to put the parcel."""
    was, now = order.receiver, new.receiver
    parts = [NAME] if was.name != now.name else []
    parts += [PHONE] if was.phone != now.phone else []
    parts += [PLACE] if (was.street, order.region) != (now.street, new.region) or not parts else []
    return tuple(parts)


def take_new(order: Order, _facts: Facts) -> Command | None:
    """Send it where the buyer wants it now."""
    return TakeAddress(order=order.id, said=order.announced.said) if order.announced is not None else None


KIND = Kind(
    code="address_changed",
    title=N_("Address changed"),
    hint=N_("Compare both. Tell the packer: a label that is printed already must come off the parcel."),
    severity="bad",
    rank=4,
    found=found,
    repairs=(
        Repair(
            "take_new",
            N_("Use new address"),
            take_new,
            N_("The label is printed anew, the old one counts no longer. It can be undone until it ships."),
        ),
        Repair(
            "keep_old",
            N_("Keep the old"),
            answered("address_changed"),
            N_("It ships where it was going. Another change by the buyer is asked about again."),
        ),
    ),
    hub_only=True,
    goal_min=15,
)
