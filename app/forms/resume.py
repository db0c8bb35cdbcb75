"""Guide: let a held order go on, now or on a day, and say why."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.command import Command, Facts
from app.commands.postpone import Postpone
from app.commands.resume import Resume
from app.domain.order import Order
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict, read_date, reason_field
from app.text import N_, Text

NOW, LATER = "now", "later"
GOES_ON_AT = time(9, 0)
"""When an order held until a day goes on, by the shop's clock."""


def ways(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer to end the hold, or to move its end."""
    return (
        Choice(NOW, Text(N_("Now")), Text(N_("Gates and stock are looked at, then it goes on."))),
        Choice(LATER, Text(N_("On a day")), Text(N_("It stays on hold and goes on by itself at 9:00."))),
    )


def is_later(answers: Answers) -> bool:
    """Tell whether a day is asked for."""
    return answers.get("when", NOW) == LATER


def at(answers: Answers, order: Order, facts: Facts) -> datetime | None:
    """Return when it goes on, where that is later."""
    day, shop = read_date(answers.get("day", "")), facts.shop_of(order)
    return datetime.combine(day, GOES_ON_AT, ZoneInfo(shop.zone if shop else "UTC")) if day else None


def check_day(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a day to come, another one than it waits for."""
    goes_on = at({**answers, "day": value}, order, facts)
    if goes_on is None:
        return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))
    if goes_on <= facts.now:
        return Verdict(is_error=True, text=Text(N_("That time is over. Choose a later one.")))
    if order.pause is not None and goes_on == order.pause.until:
        return Verdict(is_error=True, text=Text(N_("It goes on at that time already. Choose another day.")))
    return None


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say who held it."""
    if order.pause is None:
        return ()
    return (Note(N_("Held by"), Text(facts.refs.called("user", order.pause.by))),)


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with going on now."""
    return {"when": NOW, "day": "", "reason": ""}


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    reason = answers["reason"].strip()
    if is_later(answers):
        return Postpone(order=order.id, reason=reason, until=at(answers, order, facts))
    return Resume(order=order.id, reason=reason)


FORM: Form[Order] = Form(
    code="resume",
    title=N_("Resume the order"),
    steps=(
        Step(
            name="when",
            title=N_("When"),
            question=N_("When does it go on?"),
            reason=N_("Until then nothing is picked; its stock stays promised."),
            told=("when", "day"),
            fields=(
                Field("when", N_("Goes on"), N_("A day saves somebody the looking."), "choice", choices=ways),
                Field(
                    "day",
                    N_("Goes on at"),
                    N_("The day it goes on by itself."),
                    "date",
                    check=check_day,
                    is_asked=is_later,
                ),
            ),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("What has changed?"),
            reason=N_("Whoever finds the order later reads it beside the hold."),
            fields=(reason_field(),),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Resume"),
    key="L",
    grant="resume",
    is_offered=lambda order, _facts: order.pause is not None,
)
