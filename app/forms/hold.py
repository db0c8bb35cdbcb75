"""Guide: stop an order, say why and until when."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.command import Command, Facts
from app.commands.hold import Hold
from app.domain.order import OPEN, Order
from app.form import Answers, Field, Form, Step, Verdict, read_date, reason_field
from app.text import N_, Text

RESUMES_AT = time(9, 0)
"""When an order held until a day goes on, by the shop's clock."""


def until(answers: Answers, order: Order, facts: Facts) -> datetime | None:
    """Return when it goes on by itself; None: when somebody resumes it."""
    day = read_date(answers.get("until", ""))
    shop = facts.shop_of(order)
    return datetime.combine(day, RESUMES_AT, ZoneInfo(shop.zone if shop else "UTC")) if day else None


def check_until(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a day to come, where one is named."""
    if not value.strip():
        return Verdict(is_error=False, text=Text(N_("Without a day it waits until somebody resumes it.")))
    at = until({**answers, "until": value}, order, facts)
    if at is None:
        return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))
    if at <= facts.now:
        return Verdict(is_error=True, text=Text(N_("That time is over. Choose a later one.")))
    return Verdict(is_error=False, text=Text(N_("It goes on by itself at 9:00 on that day.")))


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with nothing said."""
    return {"reason": "", "until": ""}


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    at = until(answers, order, facts)
    return Hold(order=order.id, reason=answers["reason"].strip(), until=at)


FORM: Form[Order] = Form(
    code="hold",
    title=N_("Hold the order"),
    steps=(
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("Why must it wait?"),
            reason=N_("It keeps its stock and leaves the queues until it goes on."),
            fields=(reason_field(),),
        ),
        Step(
            name="until",
            title=N_("Until"),
            question=N_("Until when?"),
            reason=N_("A day saves somebody the looking."),
            fields=(
                Field(
                    "until",
                    N_("Goes on at"),
                    N_("Leave it empty if nobody knows."),
                    "date",
                    check=check_until,
                    is_optional=True,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    label=N_("Hold"),
    key="L",
    grant="hold",
    is_offered=lambda order, _facts: order.status in OPEN and order.pause is None,
)
