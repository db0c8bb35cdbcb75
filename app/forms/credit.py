"""Guide: what the customer of an order may owe, and until when."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.set_credit import REASON_MOST, SetCredit
from app.crediting import taken_elsewhere
from app.domain.company import Customer
from app.domain.credit import owed_minor
from app.domain.money import PLACES, shown
from app.domain.order import LEFT, Order
from app.domain.terms import credit_fault
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict, read_number
from app.text import N_, Text

TERMS_DAYS = (0, 7, 15, 30, 45, 60, 90)
"""What businesses usually agree on."""
ROUND_UNITS = 1_000
"""A credit is suggested in whole thousands."""


def customer_of(order: Order, facts: Facts) -> Customer | None:
    """Return the business that ordered."""
    customer = facts.refs.customers.get(order.customer)
    return customer if customer is not None and customer.active else None


def money(_answers: Answers, order: Order, facts: Facts) -> str:
    """Speak of money as the customer pays."""
    customer = customer_of(order, facts)
    return customer.currency if customer is not None else order.currency


def owed_in(order: Order, facts: Facts) -> int:
    """Return what it owes, with what other orders of its customer take. Units: minor units."""
    return owed_minor(order) + taken_elsewhere(order, facts)


def is_asked_for(order: Order, customer: Customer) -> bool:
    """Tell whether this order counts against the credit."""
    return order.is_on_account and not order.is_paid and order.currency == customer.currency


def check_credit(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want an amount, and say whether this order may go with it."""
    credit, customer = read_number(value), customer_of(order, facts)
    if not value.strip() or customer is None:
        return None
    if credit is None:
        return Verdict(is_error=True, text=Text(N_("That is no amount. Type it like 298.00.")))
    fault = credit_fault(credit, 0)
    if fault is not None:
        return Verdict(is_error=True, text=Text(fault[1]))
    if not is_asked_for(order, customer):
        return None
    owed = owed_in(order, facts)
    if credit >= owed:
        return Verdict(is_error=False, text=Text(N_("Enough for this order.")))
    lacks = Text(N_("{amount} too little for this order."), {"amount": shown(owed - credit, order.currency)})
    return Verdict(is_error=False, text=lacks, is_doubtful=True)


def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the least that lets this order go, in round figures."""
    customer = customer_of(order, facts)
    if customer is None or not is_asked_for(order, customer):
        return None
    owed = owed_in(order, facts)
    if owed <= max(read_number(answers.get("credit", "")) or 0, customer.credit_minor):
        return None
    least = rounded_up(owed, customer.currency)
    told = Text(N_("Suggestion: {title}"), {"title": shown(least, customer.currency)})
    why = Text(N_("The least in round figures that lets this order go."))
    return Advice(told, why, {"credit": str(least)})


def rounded_up(minor: int, currency: str) -> int:
    """Return the next whole thousand. Units: minor units of `currency`."""
    step: int = ROUND_UNITS * 10 ** PLACES.get(currency, 2)
    return -(-minor // step) * step


def terms(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer the usual terms, and what is agreed now."""
    customer = customer_of(order, facts)
    now = customer.terms_days if customer is not None else 0
    return tuple(
        Choice(str(days), _days(days), Text(N_("As it is now")) if days == now else None)
        for days in sorted({*TERMS_DAYS, now})
    )


def check_terms(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want terms from the list; who pays in advance needs no credit."""
    if all(choice.value != value for choice in terms(answers, order, facts)):
        return Verdict(is_error=True, text=Text(N_("Choose how long it may take to pay.")))
    if value == "0" and read_number(answers.get("credit", "")):
        told = Text(N_("Who pays in advance owes nothing: the credit is not used."))
        return Verdict(is_error=False, text=told, is_doubtful=True)
    return None


def check_reason(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a reason, and something that changes."""
    reason, customer = value.strip(), customer_of(order, facts)
    if not reason or len(reason) > REASON_MOST or not reason.isprintable():
        told = N_("Write why in up to 200 characters, so that the next person knows.")
        return Verdict(is_error=True, text=Text(told))
    if customer is not None and _asked(answers) == (customer.credit_minor, customer.terms_days):
        return Verdict(is_error=True, text=Text(N_("Credit and terms are that already. Change one of them.")))
    return None


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Show what is owed, what may be owed, until when, and what that comes to."""
    customer = customer_of(order, facts)
    if customer is None:
        return ()
    credit, days = _asked(answers)
    owed, now = shown(owed_in(order, facts), order.currency), shown(customer.credit_minor, customer.currency)
    found = [Note(N_("Customer"), Text("{title}", {"title": customer.title}))]
    if not is_asked_for(order, customer):
        told = N_("It owes nothing on account.")
        found.append(Note(N_("This order"), Text(told)))
    else:
        found.append(Note(N_("Owed with this order"), Text("{price}", {"price": owed})))
    found.append(_moved(N_("Credit"), now, shown(credit, customer.currency)))
    was, will = _days(customer.terms_days), _days(days)
    said = Text(N_("{before} → {after}"), {"before": was, "after": will}) if was != will else was
    found.append(Note(N_("Days to pay"), said))
    if is_asked_for(order, customer):
        is_enough = owed_in(order, facts) <= credit
        told = N_("It may go.") if is_enough else N_("It stays: the credit is too small.")
        found.append(Note(N_("With this"), Text(told), "met" if is_enough else "stops"))
    found.append(Note(N_("How it counts"), Text(N_("All that is open on account counts together."))))
    return tuple(found)


def _moved(title: str, before: str, after: str) -> Note:
    said = Text(N_("{before} → {after}"), {"before": before, "after": after})
    return Note(title, said if before != after else Text("{price}", {"price": before}))


def _days(days: int) -> Text:
    return Text(N_("{days} days to pay"), {"days": days}) if days else Text(N_("Pays in advance"))


def _asked(answers: Answers) -> tuple[int, int]:
    return read_number(answers.get("credit", "")) or 0, read_number(answers.get("terms", "")) or 0


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with what is agreed now."""
    customer = customer_of(order, facts)
    if customer is None:
        return {"credit": "", "terms": "", "reason": ""}
    return {"credit": str(customer.credit_minor), "terms": str(customer.terms_days), "reason": ""}


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    customer = customer_of(order, facts)
    credit, days = _asked(answers)
    return SetCredit(
        order=order.id,
        customer=order.customer,
        rev=customer.rev if customer is not None else 0,
        credit_minor=credit,
        terms_days=days,
        reason=answers["reason"].strip(),
    )


FORM: Form[Order] = Form(
    code="credit",
    title=N_("Customer and credit"),
    steps=(
        Step(
            name="credit",
            title=N_("Credit"),
            question=N_("How much may this customer owe?"),
            reason=N_("An order on account that would go beyond it stops until somebody decides."),
            advice=advise,
            fields=(
                Field(
                    "credit",
                    N_("Credit"),
                    N_("What all open orders on account may come to, in the customer's money."),
                    "money",
                    check=check_credit,
                    currency=money,
                ),
            ),
        ),
        Step(
            name="terms",
            title=N_("Terms"),
            question=N_("How long may it take to pay?"),
            reason=N_("Orders already here keep the terms they were placed under."),
            fields=(
                Field(
                    "terms",
                    N_("Days to pay"),
                    N_("Choose with the arrows."),
                    "choice",
                    check=check_terms,
                    choices=terms,
                ),
            ),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("Why does this change?"),
            reason=N_("It stands in the history of the settings beside your name."),
            fields=(Field("reason", N_("Reason"), N_("Say who agreed to it."), check=check_reason),),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Change credit"),
    key="Shift+C",
    grant="set_credit",
    is_offered=lambda order, facts: order.status not in LEFT and customer_of(order, facts) is not None,
)
