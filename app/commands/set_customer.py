"""Set a business up that buys from us, or change its terms."""

from __future__ import annotations

import re

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.company import Customer, is_code, is_title
from app.domain.invoice import is_personal, tax_no_fault
from app.domain.terms import DUNNING_MOST, KEPT_ELSEWHERE, credit_fault, kept_elsewhere
from app.domain.values import Keys
from app.text import N_

_CURRENCY = re.compile(r"[A-Z]{3}")


class SetCustomer(Command, frozen=True, kw_only=True):
    """`customer.rev` is the revision the person started from, 0 for a new one.

    Only what a business is: the people in it, their phones and doors stand on orders.
    """

    customer: Customer


def needs(command: SetCustomer) -> Keys:
    """Name the customer."""
    return frozenset({("customer", command.customer.code)})


def decide(command: SetCustomer, facts: Facts) -> Decided:
    """Publish the customer under its next revision.

    Refuses: `bad_code`, `bad_title`, `bad_currency`, `orders_stand_in_it`, `bad_credit`, `bad_terms`,
    `kept_elsewhere`, `bad_dunning`, `no_price_list`, `bad_tax_no`, `personal_tax_no`, `stale_content`,
    `unchanged`.
    """
    customer = command.customer
    before = facts.refs.customers.get(customer.code)
    wrong = _wrong(customer, before, facts) or _kept_fault(customer, before, facts) or _tax_fault(customer)
    return wrong if wrong is not None else publish("customer", customer.code, customer, facts)


def _wrong(customer: Customer, before: Customer | None, facts: Facts) -> Refusal | None:
    if before is None and not is_code(customer.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(customer.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if not _CURRENCY.fullmatch(customer.currency):
        return refuse("bad_currency", N_("A currency has three letters: CNY."))
    if before is not None and before.currency != customer.currency:
        return refuse("orders_stand_in_it", N_("Orders stand in this currency. Set up another customer."))
    fault = credit_fault(customer.credit_minor, customer.terms_days)
    if fault is not None:
        return refuse(*fault)
    if not 0 <= customer.dunning <= DUNNING_MOST:
        return refuse("bad_dunning", N_("A dunning level is between 0 and 9."))
    if customer.price_list:
        agreed = facts.refs.price_lists.get(customer.price_list)
        if agreed is None or agreed.currency != customer.currency:
            return refuse("no_price_list", N_("Choose a price list that exists, in the same currency."))
    return None


def _kept_fault(customer: Customer, before: Customer | None, facts: Facts) -> Refusal | None:
    system = kept_elsewhere(before, customer, facts.by.user)
    if system is not None:
        return refuse("kept_elsewhere", KEPT_ELSEWHERE, system=system)
    if customer.kept_by and not is_code(customer.kept_by):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    return None


def _tax_fault(customer: Customer) -> Refusal | None:
    if customer.invoice_title and not is_title(customer.invoice_title):
        return refuse("bad_title", N_("Give the invoice a title of up to 60 characters."))
    if not customer.tax_no:
        return None
    if is_personal(customer.tax_no):
        return refuse(
            "personal_tax_no", N_("This is a person's own number. Leave it out here; type it into the order.")
        )
    fault = tax_no_fault(customer.tax_no)
    if fault is not None:
        return Refusal("bad_tax_no", fault[0])
    if not customer.invoice_title:
        return refuse("bad_tax_no", N_("A tax number needs the registered name beside it. Type the title."))
    return None


def inverse(command: SetCustomer, facts: Facts) -> Undo | None:
    """Publish the customer as it was; a new one is put out of use."""
    before = facts.refs.customers.get(command.customer.code)
    if before is None:
        gone = msgspec.structs.replace(command.customer, rev=command.customer.rev + 1, active=False)
        return Undo("set_customer", {"customer": gone})
    return Undo("set_customer", {"customer": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_customer", SetCustomer, needs, decide, Authority.HUB, inverse=inverse, touches=False)
