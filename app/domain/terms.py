"""How much a business may owe for one order, and how long."""

from __future__ import annotations

from app.domain.company import Customer
from app.domain.money import shown
from app.domain.systems import actor_name
from app.text import N_

CREDIT_MOST_MINOR = 10**12
TERMS_MOST_DAYS = 365
DUNNING_MOST = 9
KEPT_ELSEWHERE = N_("{system} keeps credit and terms of this customer. Change them there.")


def credit_fault(credit_minor: int, terms_days: int) -> tuple[str, str] | None:
    """Say what is wrong with a credit or its terms: a code and a sentence; None where they make sense."""
    if not 0 <= credit_minor <= CREDIT_MOST_MINOR:
        return "bad_credit", N_("A credit is 0 or more, in money this business pays in. Change it.")
    if not 0 <= terms_days <= TERMS_MOST_DAYS:
        return "bad_terms", N_("Terms are 0 to 365 days; 0 pays in advance. Change them.")
    return None


def kept_elsewhere(before: Customer | None, after: Customer, by: str) -> str | None:
    """Return the system that keeps credit and terms of a customer, where somebody else would change them.

    Source: capabilities 1.8, each field has exactly one owner.
    """
    if (
        before is None
        or not before.kept_by
        or before.kept_by != after.kept_by
        or by == actor_name(before.kept_by)
    ):
        return None
    is_same = (before.credit_minor, before.terms_days) == (after.credit_minor, after.terms_days)
    return None if is_same else before.kept_by


def terms_changed(before: Customer, after: Customer) -> list[tuple[str, str, str]]:
    """Return (label, before, after) of credit and terms that differ, in figures that need no translation."""
    was, now = (shown(one.credit_minor, one.currency) for one in (before, after))
    terms = (N_("Days to pay"), str(before.terms_days), str(after.terms_days))
    return [field for field in ((N_("Credit"), was, now), terms) if field[1] != field[2]]
