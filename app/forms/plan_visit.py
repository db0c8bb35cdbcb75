"""Guide: plan the installation of an order, or move it."""

from __future__ import annotations

from datetime import date

from app.command import Command, Facts
from app.commands.move_visit import MoveVisit
from app.commands.plan_visit import PlanVisit
from app.domain.order import Order
from app.domain.said_time import day_said
from app.domain.values import Keys
from app.domain.visit import Outlet, Part, Visit, bookings_key, is_free, slot_said
from app.domain.visiting import GONE, arrives_on, earliest_on, next_visit, outlets_for
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict, read_date
from app.text import N_, Text
from app.visits import bookings_of, why_not


def outlet_of(answers: Answers, facts: Facts) -> Outlet | None:
    """Return the outlet that was chosen."""
    return facts.refs.outlets.get(answers.get("outlet", ""))


def outlets(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer who comes to where the order goes."""
    return tuple(Choice(one.code, Text(one.title)) for one in outlets_for(order, facts.refs.outlets))


def parts(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer the parts of the day, those with room first said so."""
    outlet, day = outlet_of(answers, facts), read_date(answers.get("day", ""))
    choices = []
    for part in Part:
        reason = None
        if outlet is not None and day is not None and bookings_key(outlet.code) in facts.rows:
            free = is_free(outlet, bookings_of(outlet.code, facts), day, part, order.id)
            reason = Text(N_("has room")) if free else Text(N_("is full"))
        choices.append(Choice(part.value, Text(_TITLES[part]), reason))
    return tuple(choices)


_TITLES = {Part.MORNING: N_("In the morning"), Part.AFTERNOON: N_("In the afternoon")}


def check_outlet(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want somebody who comes there."""
    if value in {one.code for one in outlets_for(order, facts.refs.outlets)}:
        return None
    return Verdict(is_error=True, text=Text(N_("Nobody comes there. A lead adds outlets under Settings.")))


def check_part(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a slot that can be had."""
    outlet, day = outlet_of(answers, facts), read_date(answers.get("day", ""))
    if outlet is None or day is None or value not in list(Part):
        return Verdict(is_error=True, text=Text(N_("Choose the day and a part of it.")))
    if bookings_key(outlet.code) not in facts.rows:
        return None
    visit = Visit(
        outlet=outlet.code, day=day, part=Part(value), planned_by=facts.by.user, planned_at=facts.now
    )
    wrong = why_not(order, visit, facts)
    return Verdict(is_error=True, text=wrong.text) if wrong is not None else None


def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the first slot after the goods are there."""
    outlet = outlet_of(answers, facts)
    if outlet is None or bookings_key(outlet.code) not in facts.rows:
        return None
    since = earliest_on(order, facts.shop_of(order), facts.rules, facts.now)
    visit = next_visit(order, outlet, bookings_of(outlet.code, facts), since, facts.by.user, facts.now)
    if visit is None or (answers.get("day"), answers.get("part")) == (visit.day.isoformat(), visit.part):
        return None
    told = {"day": visit.day.isoformat(), "part": visit.part.value}
    slot = Text(N_("Suggestion: {title}"), {"title": slot_said(visit.day, visit.part)})
    return Advice(slot, Text(N_("The first one with room after delivery.")), told)


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say when the goods are there, and which visit there is."""
    skus = (facts.sku(line.sku) for line in order.lines if line.sku)
    said = [Note(N_("To install"), Text(sku.title)) for sku in skus if sku is not None and sku.needs_install]
    arrives = arrives_on(order, facts.shop_of(order), facts.rules)
    if arrives is not None:
        said.append(Note(N_("Goods arrive"), day_said(arrives)))
    if order.visit is not None:
        said.append(Note(N_("Booked now"), slot_said(order.visit.day, order.visit.part)))
    return tuple(said)


def needs(answers: Answers, _order: Order, facts: Facts) -> Keys:
    """Name what is booked at the outlet that was chosen."""
    outlet = outlet_of(answers, facts)
    return frozenset({bookings_key(outlet.code)}) if outlet is not None else frozenset()


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the visit there is, else with who comes there first."""
    if order.visit is not None:
        visit = order.visit
        return {"outlet": visit.outlet, "day": visit.day.isoformat(), "part": visit.part.value}
    first = outlets({}, order, facts)
    return {"outlet": first[0].value if first else "", "day": "", "part": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    kind = PlanVisit if order.visit is None else MoveVisit
    day = read_date(answers["day"]) or date.min
    return kind(order=order.id, outlet=answers["outlet"], day=day, part=Part(answers["part"]))


def is_offered(order: Order, facts: Facts) -> bool:
    """Offer it where somebody comes to, and to move a visit there is."""
    if order.status in GONE:
        return False
    if order.visit is not None:
        return not order.visit.is_done
    return bool(outlets_for(order, facts.refs.outlets))


FORM: Form[Order] = Form(
    code="plan_visit",
    title=N_("Plan the installation"),
    steps=(
        Step(
            name="outlet",
            title=N_("Outlet"),
            question=N_("Who installs it?"),
            reason=N_("Those who come to where the order goes."),
            fields=(
                Field(
                    "outlet",
                    N_("Outlet"),
                    N_("Ask the buyer if several are near."),
                    "choice",
                    check=check_outlet,
                    choices=outlets,
                ),
            ),
        ),
        Step(
            name="slot",
            title=N_("Slot"),
            question=N_("When do they come?"),
            reason=N_("Not before the day after the goods are there."),
            told=("day", "part"),
            fields=(
                Field("day", N_("Day"), N_("As agreed with the buyer."), "date"),
                Field(
                    "part",
                    N_("Part of the day"),
                    N_("Each takes only so many visits."),
                    "choice",
                    check=check_part,
                    choices=parts,
                ),
            ),
            advice=advise,
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    notes=notes,
    label=N_("Installation"),
    key="4",
    grant="plan_visit",
    is_offered=is_offered,
)
