"""Guide: let another carrier take an order; each with its cost, or why it does not go there."""

from __future__ import annotations

from app.carrying import is_to_be_carried, offer_by, offers_for
from app.command import Command, Facts
from app.commands.choose_carrier import ChooseCarrier
from app.domain.carrier import Offer, difference_said
from app.domain.order import Order
from app.domain.paper import Paper
from app.form import Answers, Choice, Field, Form, Step, Verdict
from app.text import N_, Text

BY_RULE = "-"
"""The answer that leaves it to the rule."""
USUAL = "-"
"""The answer for a carrier that names no services."""


def choices(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer every carrier of the warehouse, best first, and the rule where a person has chosen."""
    said = offers_for(order, facts)
    mine = offer_by(order.carriage.carrier, order, facts) if order.carriage is not None else None
    usual = mine or (said[0] if said else None)
    listed = tuple(
        Choice(
            offer.carrier.code, Text("{title}", {"title": offer.carrier.title}), _said(offer, usual, facts)
        )
        for offer in said
    )
    if order.carriage is None or not order.carriage.by:
        return listed
    rule = Choice(
        BY_RULE, Text(N_("Whom the rule chooses")), Text(N_("The first of the list that goes there."))
    )
    return (*listed, rule)


def _said(offer: Offer, usual: Offer | None, facts: Facts) -> Text:
    if offer.why_not is not None:
        return facts.refs.named(offer.why_not)
    return difference_said(offer, usual or offer)


def check(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want one that goes there."""
    if value == BY_RULE:
        return None
    offer = offer_by(value, order, facts) if value else None
    if offer is None:
        return Verdict(is_error=True, text=Text(N_("Choose a carrier from the list.")))
    if offer.why_not is not None:
        return Verdict(is_error=True, text=facts.refs.named(offer.why_not))
    return None


def services(answers: Answers, _order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer what the carrier offers; the usual service where it names none, or the rule chooses."""
    carrier = facts.refs.carriers.get(answers.get("carrier", ""))
    if carrier is None or not carrier.services:
        return (Choice(USUAL, Text(N_("The usual one"))),)
    return tuple(Choice(name, Text("{name}", {"name": name})) for name in carrier.services)


def check_service(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want one of this carrier: another one may have been chosen before."""
    if value in {choice.value for choice in services(answers, order, facts)}:
        return None
    return Verdict(
        is_error=True, text=Text(N_("This carrier has no such service. Choose one from the list."))
    )


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with who takes it now, and how."""
    carriage = order.carriage
    carrier = {"carrier": carriage.carrier if carriage is not None else ""}
    usual = services(carrier, order, facts)[0].value
    return carrier | {"service": carriage.service if carriage is not None and carriage.service else usual}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    carrier, service = answers["carrier"], answers["service"]
    if carrier == BY_RULE:
        return ChooseCarrier(order=order.id)
    return ChooseCarrier(order=order.id, carrier=carrier, service="" if service == USUAL else service)


FORM: Form[Order] = Form(
    code="choose_carrier",
    title=N_("Choose a carrier"),
    steps=(
        Step(
            name="carrier",
            title=N_("Carrier"),
            question=N_("Who shall take it?"),
            reason=N_("The difference is to whoever takes it now. Undo until the label is printed."),
            fields=(
                Field(
                    "carrier",
                    N_("Carrier"),
                    N_("The first that goes there takes it, unless you say otherwise."),
                    "choice",
                    check=check,
                    choices=choices,
                ),
            ),
        ),
        Step(
            name="service",
            title=N_("Service"),
            question=N_("How shall it go?"),
            reason=N_("The label asks for this service."),
            fields=(
                Field(
                    "service",
                    N_("Service"),
                    N_("The first is the usual one."),
                    "choice",
                    check=check_service,
                    choices=services,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    label=N_("Choose carrier"),
    key="0",
    grant="choose_carrier",
    is_offered=lambda order, facts: (
        bool(facts.refs.carriers) and is_to_be_carried(order) and not order.prints.get(Paper.LABEL, 0)
    ),
)
