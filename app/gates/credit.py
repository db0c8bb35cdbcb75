"""Credit: may its customer owe this order too, beside everything else that is open?"""

from __future__ import annotations

from app.command import Facts
from app.crediting import creditor, dunned, lacking, taken_elsewhere
from app.domain.credit import owed_minor
from app.domain.money import rounded
from app.domain.order import Order
from app.domain.values import Role
from app.gate import HUB_CLEARS, Gate, Measure, State
from app.text import N_, Text

LOWER = N_("A payment, or a lead who lowers the dunning level, lets it go.")


def measure(order: Order, facts: Facts) -> Measure:
    """Compare what is owed with the credit; without a customer of ours in this money nobody may owe anything.

    Source: capabilities 4, missing configuration fails closed; 4.4.
    """
    owed = owed_minor(order)
    if not owed:
        return Measure(State.MET, Text(N_("Nothing owed")))
    customer = creditor(order, facts)
    if customer is None:
        clears = N_("A lead sets the customer up, in the money of the order.")
        text = Text(N_("No credit agreed in {currency}"), {"currency": order.currency})
        return Measure(State.STOPS, text, clears)
    level = dunned(order, facts)
    if level:
        text = Text(N_("Reminded {level} times, nothing more on account"), {"level": level})
        return Measure(State.STOPS, text, LOWER)
    said = {
        "used": rounded(taken_elsewhere(order, facts), customer.currency),
        "credit": rounded(customer.credit_minor, customer.currency),
        "owed": rounded(owed, customer.currency),
    }
    text = Text(N_("{used}/{credit}, this order {owed}"), dict(said))
    if lacking(order, facts):
        return Measure(State.STOPS, text, N_("A payment or a higher credit lets it go."))
    if order.credited is None or order.credited.amount_minor < owed:
        return Measure(State.WAITS, text, HUB_CLEARS)
    return Measure(State.MET, text)


GATE = Gate(
    "credit",
    N_("Credit"),
    15,
    measure,
    applies=lambda order: order.terms_days is not None,
    owner=Role.LEAD,
)
