"""Take the address the channel announced when the warehouse had begun, or go back to the one before."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.abroad import label_of, lacking
from app.domain.announced import Announced
from app.domain.destination import is_complete
from app.domain.event import listed
from app.domain.events import AddressTaken
from app.domain.order import EDITABLE, OPEN
from app.text import N_, Text


class TakeAddress(Command, frozen=True, kw_only=True):
    """`said` names the address: the one the channel announced, or the one an order left for it."""

    order: str
    said: str


def decide(command: TakeAddress, facts: Facts) -> Decided:
    """Send the order there; papers with the address of before count no longer.

    Refuses: `no_order`, `too_late`, `nothing_new`, `stale_content`, `incomplete_address`,
    `signed`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in OPEN:
        return refuse("too_late", N_("The parcel has left. Ask the carrier to redirect it."))
    if order.announced is None and order.left_address is None:
        return refuse("nothing_new", N_("The channel has announced no other address. Nothing to do."))
    there = next((one for one in (order.announced, order.left_address) if _is(one, command.said)), None)
    if there is None:
        return refuse("stale_content", N_("The buyer changed the address again. Read it, then decide."))
    if not is_complete(there.receiver, there.region):
        return _incomplete(there)
    if order.signatures_needed and order.status not in EDITABLE:
        return refuse(
            "signed",
            N_(
                "It was signed with the address of before. Put its pieces back first, then it is signed anew."
            ),
        )
    return [AddressTaken(order=order.id, there=there, by=facts.by.user)]


def _incomplete(there: Announced) -> Decided:
    if there.region.country == "CN":
        return refuse("incomplete_address", N_("City or street is missing. Keep the old one and ask."))
    fields = [Text(label_of(field, there.region.country)) for field in lacking(there.receiver, there.region)]
    return refuse(
        "incomplete_address",
        N_("Needed there: {fields}. Keep the old address and ask."),
        fields=listed(fields),
    )


def _is(one: Announced | None, said: str) -> bool:
    return one is not None and one.said == said


def inverse(command: TakeAddress, facts: Facts) -> Undo | None:
    """Go back to the address of before; the question is then open again."""
    order = facts.order(command.order)
    if order is None:
        return None
    return Undo("take_address", {"order": order.id, "said": order.said.address})


SPEC = Spec(
    "take_address",
    TakeAddress,
    order_of,
    decide,
    Authority.DESK,
    changes=("receiver", "region"),
    inverse=inverse,
    touches=False,
)
