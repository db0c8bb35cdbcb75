"""Say that a parcel that left bears another tracking number."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import NumberCorrected
from app.domain.lifecycle import SENT
from app.domain.relations import roots
from app.domain.waybill import is_number
from app.text import N_

TOLD = "told"
WHY = {
    "mistyped": N_("it was scanned or typed wrong"),
    "relabelled": N_("the carrier put another label on it"),
    TOLD: N_("the system that sent it says so"),
}
KEPT = N_("{system} sent this parcel and keeps its number. Have it corrected there: it comes by itself.")


class CorrectNumber(Command, frozen=True, kw_only=True):
    """The goods, the carrier and the day stay; only what the parcel is called changes. `why`: of `WHY`."""

    order: str
    tracking_no: str
    why: str = "mistyped"


def decide(command: CorrectNumber, facts: Facts) -> Decided:
    """Follow the other number, and tell the channels that take it.

    Refuses: `no_order`, `not_shipped`, `kept_elsewhere`, `bad_number`, `unchanged`, `no_reason`;
        the hub: `tracking_taken`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    was, now = order.tracking_no, command.tracking_no.strip()
    if order.status not in SENT or not was or order.replaced_by:
        return refuse("not_shipped", N_("No parcel of this order has left. Nothing to correct."))
    if order.told_by and facts.by.role.person:
        return refuse("kept_elsewhere", KEPT, system=order.told_by)
    if not is_number(now):
        return refuse("bad_number", N_("A tracking number has 4 to 40 letters and digits. Scan the label."))
    if now == was:
        return refuse("unchanged", N_("It has this number already. Nothing to do."))
    if command.why not in WHY:
        return refuse("no_reason", N_("Say why it is another number. Choose one from the list."))
    sources = [root.id for root in roots(order, facts.order)] if order.made_from else []
    return [
        NumberCorrected(
            order=each, parcel=order.id, carrier=order.carrier, was=was, now=now, why=WHY[command.why]
        )
        for each in (order.id, *sources)
    ]


def inverse(command: CorrectNumber, facts: Facts) -> Undo | None:
    """Go back to the number before."""
    order = facts.order(command.order)
    return Undo("correct_number", {"order": order.id, "tracking_no": order.tracking_no}) if order else None


SPEC = Spec("correct_number", CorrectNumber, order_of, decide, Authority.HUB, inverse=inverse, touches=False)
