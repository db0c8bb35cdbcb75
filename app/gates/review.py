"""Review: have enough different people signed exactly this content?"""

from __future__ import annotations

from app.command import Facts
from app.domain import review
from app.domain.order import Order
from app.domain.values import Role
from app.gate import ARTICLES_CLEAR, Gate, Measure, State
from app.text import N_, Text


def measure(order: Order, facts: Facts) -> Measure:
    """Count the valid signatures; before the content is known nobody is asked.

    Source: capabilities 10, two-person rule.
    """
    if facts.shop_of(order) is None:
        return Measure(State.STOPS, Text(N_("Shop unknown. Register it first.")))
    if order.rejection is not None:
        clears = N_("Change what is wrong, then other people look at it again.")
        return Measure(State.STOPS, order.rejection, clears)
    if not order.matched:
        return Measure(State.NOT_YET, Text(N_("Articles first")), ARTICLES_CLEAR)
    if order.signatures_needed == 0:
        return Measure(State.MET, Text(N_("Not asked for")))
    signed = review.said_so_far(order)
    params: dict[str, str | int | Text] = {"signed": signed, "needed": review.asked_now(order)}
    state = State.MET if review.is_approved(order) else State.WAITS
    clears = N_("Other people sign on the review board.")
    return Measure(state, Text(N_("{signed}/{needed} reviewed"), params), clears)


GATE = Gate("review", N_("Review"), 60, measure, owner=Role.REVIEWER)
