"""Let a business owe more or less, or pay later or sooner, and say why."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, publish, refuse
from app.domain.terms import KEPT_ELSEWHERE, credit_fault, kept_elsewhere
from app.domain.values import Keys, order_key
from app.text import N_

REASON_MOST = 200
"""Characters of a reason."""


class SetCredit(Command, frozen=True, kw_only=True):
    """`rev` is the revision of the customer that the person started from, `order` the one that made them ask.

    Units: `credit_minor` in the customer's currency.
    """

    order: str
    customer: str
    rev: int
    credit_minor: int
    terms_days: int
    reason: str


def needs(command: SetCredit) -> Keys:
    """Name the customer, and the order that is looked at again at once."""
    return frozenset({("customer", command.customer), order_key(command.order)})


def decide(command: SetCredit, facts: Facts) -> Decided:
    """Publish the customer with other terms under its next revision; its orders are looked at again.

    Refuses: `no_order`, `no_customer`, `no_reason`, `bad_credit`, `bad_terms`, `kept_elsewhere`,
        `stale_content`, `unchanged`.
    """
    if facts.order(command.order) is None:
        return NO_ORDER
    customer, reason = facts.refs.customers.get(command.customer), command.reason.strip()
    if customer is None or not customer.active:
        return refuse("no_customer", N_("There is no such customer any more. Choose another one."))
    if not reason or len(reason) > REASON_MOST or not reason.isprintable():
        return refuse("no_reason", N_("Write why in up to 200 characters, so that the next person knows."))
    fault = credit_fault(command.credit_minor, command.terms_days)
    if fault is not None:
        return refuse(*fault)
    after = msgspec.structs.replace(
        customer, rev=command.rev, credit_minor=command.credit_minor, terms_days=command.terms_days
    )
    system = kept_elsewhere(customer, after, facts.by.user)
    if system is not None:
        return refuse("kept_elsewhere", KEPT_ELSEWHERE, system=system)
    return publish("customer", customer.code, after, facts, reason)


def inverse(command: SetCredit, facts: Facts) -> Undo | None:
    """Publish the terms as they were."""
    before = facts.refs.customers.get(command.customer)
    if before is None:
        return None
    args = {"order": command.order, "customer": before.code, "rev": before.rev + 1}
    was = {"credit_minor": before.credit_minor, "terms_days": before.terms_days, "reason": command.reason}
    return Undo("set_credit", args | was)


SPEC = Spec("set_credit", SetCredit, needs, decide, Authority.HUB, inverse=inverse, touches=False)
