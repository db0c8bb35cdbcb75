"""Guide: answer for an unmet gate, for a while."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.command import Command, Facts
from app.commands.waive import Waive
from app.domain.company import today_of
from app.domain.order import EDITABLE, Order
from app.domain.waiver import WAIVABLE
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict, read_date, want_reason
from app.text import N_, Text

ENDS_AT = time(23, 59)
TITLES = {"credit": N_("Credit"), "payment": N_("Payment"), "price": N_("Price")}


def until(answers: Answers, order: Order, facts: Facts) -> datetime | None:
    """Return the end of the day named, by the shop's clock."""
    day = read_date(answers.get("until", ""))
    shop = facts.shop_of(order)
    return datetime.combine(day, ENDS_AT, ZoneInfo(shop.zone if shop else "UTC")) if day else None


def gates(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the unmet gates this person may answer for."""
    return tuple(
        Choice(hold.gate, Text(TITLES[hold.gate]), hold.text)
        for hold in order.holds
        if hold.gate in TITLES and facts.by.role in WAIVABLE[hold.gate]
    )


def check_gate(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a gate that may be waived."""
    if any(choice.value == value for choice in gates(answers, order, facts)):
        return None
    return Verdict(is_error=True, text=Text(N_("Nobody may waive this gate. Put right what it asks for.")))


def check_until(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a day to come."""
    at = until({**answers, "until": value}, order, facts)
    if at is None:
        return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))
    if at <= facts.now:
        return Verdict(is_error=True, text=Text(N_("That time is over. Choose a later one.")))
    return Verdict(is_error=False, text=Text(N_("Asked for again after midnight of that day.")))


def notes(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what ends it early."""
    return (
        Note(
            N_("Ends early"),
            Text(N_("As soon as goods, prices, address or refunds change, the gate is asked for again.")),
        ),
    )


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the first gate, for today."""
    first = next(iter(gates({}, order, facts)), None)
    today = today_of(facts.shop_of(order), facts.now)
    return {"gate": first.value if first else "", "reason": "", "until": today.isoformat()}


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    return Waive(
        order=order.id,
        gate=answers["gate"],
        content_hash=order.content_hash,
        reason=answers["reason"].strip(),
        until=until(answers, order, facts) or facts.now,
    )


FORM: Form[Order] = Form(
    code="waive",
    title=N_("Waive a gate"),
    steps=(
        Step(
            name="gate",
            title=N_("Gate"),
            question=N_("Which gate do you answer for?"),
            reason=N_("Address, articles, stock and review are never waived."),
            fields=(
                Field(
                    "gate",
                    N_("Gate"),
                    N_("One at a time."),
                    "choice",
                    check=check_gate,
                    choices=gates,
                ),
            ),
        ),
        Step(
            name="terms",
            title=N_("Terms"),
            question=N_("Why, and until when?"),
            reason=N_("Your name stands beside it, and the count of waivers is looked at."),
            told=("until",),
            fields=(
                Field("reason", N_("Reason"), N_("What makes it safe."), check=want_reason),
                Field("until", N_("Holds until"), N_("The end of a day."), "date", check=check_until),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Waive gate"),
    key="V",
    grant="waive",
    is_offered=lambda order, facts: order.status in EDITABLE and bool(gates({}, order, facts)),
)
