"""Guide: note money that came in."""

from __future__ import annotations

from datetime import date

from app.command import Command, Facts
from app.commands.receive_payment import ReceivePayment, may_pay
from app.domain.money import shown
from app.domain.order import Order
from app.domain.payment import METHODS
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict, read_date, read_number
from app.quotas import today
from app.text import N_, Text


def owed(order: Order) -> int:
    """Return what is still to come. Units: minor units."""
    return max(0, order.payable_minor - order.received_money_minor + order.given_back_minor)


def check_amount(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want an amount, and say how it stands to what is owed."""
    if not value.strip():
        return None
    amount = read_number(value)
    if not amount:
        return Verdict(is_error=True, text=Text(N_("That is no amount. Type it like 298.00.")))
    rest = owed(order) - amount
    if rest == 0:
        return Verdict(is_error=False, text=Text(N_("Exactly what is owed.")))
    about: dict[str, str | int | Text] = {"amount": shown(abs(rest), order.currency)}
    told = N_("{amount} is still to come.") if rest > 0 else N_("{amount} more than is owed.")
    return Verdict(is_error=False, text=Text(told, about), is_doubtful=True)


def check_day(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a day that has come."""
    day = read_date(value)
    if day is None:
        return Verdict(is_error=True, text=Text(N_("No such day. Type 6-16 or 16.")))
    if day > today(order, facts):
        text = Text(N_("That day is still to come. Type the day the money came."))
        return Verdict(is_error=True, text=text)
    return None


def methods(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List the ways of paying."""
    return tuple(Choice(code, Text(title)) for code, title in METHODS.items())


def check_method(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want one of the list."""
    if value in METHODS:
        return None
    return Verdict(is_error=True, text=Text(N_("Nobody knows this way of paying. Choose one from the list.")))


def advise(answers: Answers, order: Order, _facts: Facts) -> Advice | None:
    """Suggest what is owed."""
    if not owed(order) or read_number(answers.get("amount", "")) == owed(order):
        return None
    told = Text(N_("Suggestion: {title}"), {"title": shown(owed(order), order.currency)})
    return Advice(told, Text(N_("What this order still owes.")), {"amount": str(owed(order))})


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say who pays, what is to be paid, and what was paid before and after."""
    amount, money = read_number(answers.get("amount", "")) or 0, order.currency
    found = []
    if order.customer:
        called = facts.refs.called("customer", order.customer)
        found.append(Note(N_("Customer"), Text("{title}", {"title": called})))
    found.append(Note(N_("To pay"), Text("{price}", {"price": shown(order.payable_minor, money)})))
    said: dict[str, str | int | Text] = {
        "before": shown(order.received_money_minor, money),
        "after": shown(order.received_money_minor + amount, money),
    }
    found.append(Note(N_("Paid"), Text(N_("{before} → {after}"), said)))
    return tuple(found)


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with today and a transfer: what businesses do."""
    return {"amount": "", "paid_on": today(order, facts).isoformat(), "method": next(iter(METHODS))}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    day: date | None = read_date(answers.get("paid_on", ""))
    return ReceivePayment(
        order=order.id,
        amount_minor=read_number(answers["amount"]) or 0,
        method=answers["method"],
        paid_on=day,
    )


FORM: Form[Order] = Form(
    code="receive_payment",
    title=N_("Note a payment"),
    steps=(
        Step(
            name="amount",
            title=N_("Amount"),
            question=N_("How much came in?"),
            reason=N_("What waits for this money goes on by itself within seconds."),
            fields=(
                Field(
                    "amount",
                    N_("Amount"),
                    N_("As the bank shows it, in the order's currency."),
                    "money",
                    check=check_amount,
                ),
            ),
            advice=advise,
        ),
        Step(
            name="how",
            title=N_("Day and way"),
            question=N_("When and how did it come?"),
            reason=N_("Whoever compares the books with the bank looks for both."),
            told=("paid_on",),
            fields=(
                Field("paid_on", N_("Came on"), N_("The day the bank shows."), "date", check=check_day),
                Field(
                    "method",
                    N_("Way of paying"),
                    N_("Choose with the arrows."),
                    "choice",
                    check=check_method,
                    choices=methods,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Note payment"),
    key="7",
    grant="receive_payment",
    is_offered=lambda order, _facts: may_pay(order) and not order.is_paid,
)
