"""Which gates an order meets by the profile of its shop and type, and which limits hold for it."""

from __future__ import annotations

from typing import NamedTuple

from app.command import Facts
from app.domain.gate_profile import BINDING, CHOSEN, LIMITS, GateProfile, limited, profile_for, type_of
from app.domain.order import Order
from app.domain.rules import Rules

PROFILE = "profile"
"""The gate an order meets where no profile is for it, or one nobody understands."""
MISSING, UNKNOWN = "missing", "unknown"


class Asked(NamedTuple):
    """What an order is asked. `left`: gates it does not meet; `more`: those it meets beside the usual ones.

    `fault`: why nobody can say what it is asked: then it is asked everything, and stops.
    """

    profile: GateProfile | None
    left: frozenset[str]
    more: frozenset[str]
    fault: str = ""


USUAL = Asked(None, frozenset({PROFILE}), frozenset())
"""What every order is asked where a company has no profiles: all there is."""


def asked_by_profile(order: Order, facts: Facts) -> Asked:
    """Return what the profile of an order asks of it; a company that has profiles has one for every order.

    Source: capabilities 4, missing configuration fails closed.
    """
    profiles = facts.refs.gate_profiles
    if not profiles or not any(one.active for one in profiles.values()):
        return USUAL
    profile = profile_for(profiles.values(), order)
    if profile is None:
        return Asked(None, frozenset(), frozenset(), MISSING)
    if not set(profile.gates) <= set(CHOSEN) or not {one.name for one in profile.limits} <= set(LIMITS):
        return Asked(profile, frozenset(), frozenset(), UNKNOWN)
    asked = set(profile.gates) | BINDING.get(type_of(order), frozenset())
    left = frozenset(CHOSEN) - asked
    return Asked(profile, left | {PROFILE}, frozenset(profile.gates) & {"invoice"})


def left_out(order: Order, facts: Facts) -> frozenset[str]:
    """Return the gates an order does not meet."""
    return asked_by_profile(order, facts).left


def rules_for(order: Order, facts: Facts) -> Rules:
    """Return the rules as they hold for an order."""
    if not facts.refs.gate_profiles:
        return facts.rules
    asked = asked_by_profile(order, facts)
    return facts.rules if asked.profile is None or asked.fault else limited(facts.rules, asked.profile)
