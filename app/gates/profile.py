"""Profile: has anybody said which gates such an order meets? Met by nobody where somebody has."""

from __future__ import annotations

from app.command import Facts
from app.domain.gate_profile import ORDER_TYPES, type_of
from app.domain.order import Order
from app.domain.values import Role
from app.gate import Gate, Measure, State
from app.profiles import MISSING, asked_by_profile
from app.text import N_, Text

CLEARS = N_("A lead publishes a profile that is for such orders.")


def measure(order: Order, facts: Facts) -> Measure:
    """Stop an order no profile is for, and one whose profile says what this program does not know.

    Source: capabilities 4, missing configuration fails closed.
    """
    asked = asked_by_profile(order, facts)
    if asked.fault == MISSING:
        said: dict[str, str | int | Text] = {"shop": order.shop, "kind": Text(ORDER_TYPES[type_of(order)])}
        return Measure(State.STOPS, Text(N_("None for {shop}: {kind}"), said), CLEARS)
    if asked.profile is not None and asked.fault:
        clears = N_("Bring this program up to date, or let a lead publish the profile anew.")
        return Measure(
            State.STOPS, Text(N_("{code} is not understood"), {"code": asked.profile.code}), clears
        )
    return Measure(State.MET, Text(asked.profile.title if asked.profile is not None else ""))


GATE = Gate("profile", N_("Profile"), 1, measure, owner=Role.LEAD)
