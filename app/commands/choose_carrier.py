"""Say who takes an order, in the place of whom the rule chose."""

from __future__ import annotations

from app.carrying import instead_of, offer_by
from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.carrier import carriage_of
from app.domain.events import CarrierChosen
from app.domain.order import EDITABLE, OPEN, Order
from app.domain.paper import Paper
from app.text import N_, Text


class ChooseCarrier(Command, frozen=True, kw_only=True, omit_defaults=True):
    """Without a carrier the rule chooses again; `service` is one of its services, empty: the usual one."""

    order: str
    carrier: str = ""
    service: str = ""


def decide(command: ChooseCarrier, facts: Facts) -> Decided:
    """Take the carrier, as long as no label of another one is printed.

    Refuses: `no_order`, `too_late`, `printed`, `unknown_carrier`, `unknown_service`, `not_served`,
    `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in OPEN:
        return refuse("too_late", N_("This order has left or will not leave. There is nothing to carry."))
    if order.prints.get(Paper.LABEL, 0):
        return refuse("printed", N_("The label is printed. Another carrier would need another one."))
    if not command.carrier:
        return _left_to_rule(order)
    offer = offer_by(command.carrier, order, facts, command.service)
    if offer is None:
        return refuse("unknown_carrier", N_("There is no such carrier. Choose one from the list."))
    if command.service and command.service not in offer.carrier.services:
        return refuse("unknown_service", N_("This carrier has no such service. Choose one from the list."))
    if offer.why_not is not None:
        return Refusal("not_served", offer.why_not)
    by = facts.by.user
    why = Text(N_("chosen by {by}"), {"by": by})
    carriage = carriage_of(offer, why, service=command.service, by=by)
    if carriage == order.carriage:
        return refuse("unchanged", N_("This carrier takes it already. Nothing to do."))
    instead = instead_of(order, carriage, facts)
    return [CarrierChosen(order=order.id, carriage=carriage, instead=instead)]


def _left_to_rule(order: Order) -> Decided:
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Choose a carrier by name."))
    if order.carriage is None:
        return refuse("unchanged", N_("The rule chooses already. Nothing to do."))
    return [CarrierChosen(order=order.id, carriage=None)]


def inverse(command: ChooseCarrier, facts: Facts) -> Undo | None:
    """Bring back who took it before, or let the rule choose where it had."""
    order = facts.order(command.order)
    was = order.carriage if order is not None else None
    if order is None or (was is None and order.status not in EDITABLE):
        return None
    if was is None or (not was.by and order.status in EDITABLE):
        return Undo("choose_carrier", {"order": order.id})
    return Undo("choose_carrier", {"order": order.id, "carrier": was.carrier, "service": was.service})


SPEC = Spec(
    "choose_carrier",
    ChooseCarrier,
    order_of,
    decide,
    Authority.DESK,
    changes=("carriage",),
    inverse=inverse,
)
