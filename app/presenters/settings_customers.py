"""Customers: the businesses that buy from us, what they may owe, until when, what their invoices say."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer
from app.domain.invoice import plain_tax_no, tax_no_fault
from app.domain.money import SIGNS, read_money, shown
from app.domain.terms import DUNNING_MOST, KEPT_ELSEWHERE, TERMS_MOST_DAYS
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.text import N_, Text

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "INR", "BRL")
FRESH = Customer(code="", title="")
_PEOPLE = N_("Only what the business is. Names, phones and doors of its people stand on orders.")


class SettingsCustomers(Editor):
    """Verbs of the section."""

    verb = "set_customer"
    tables = ("customer", "price_list")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.customers.values(), _note)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.customers.get(code, FRESH)
        none = (("", Text(N_("None: the list price"))),)
        lists = tuple(
            (each.code, words(each.title))
            for each in sorted(refs.price_lists.values(), key=lambda each: each.code)
            if each.currency == one.currency or code == NEW
        )
        currencies = tuple((each, words(each)) for each in dict.fromkeys((*CURRENCIES, one.currency)))
        kept = Text(KEPT_ELSEWHERE, {"system": one.kept_by}) if one.kept_by else None
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: LH. Files that name it find the customer by it; it stays for ever.")),
            ),
            Input(name="title", label=N_("Name of the business"), value=one.title, hint=Text(_PEOPLE)),
            Input(
                name="currency", label=N_("Currency"), value=one.currency, kind="combo", options=currencies,
                is_fixed=code != NEW,
            ),
            Input(
                name="terms_days", label=N_("Days to pay"), value=str(one.terms_days), kind="number",
                unit=N_("days"), most=TERMS_MOST_DAYS, is_fixed=bool(one.kept_by),
                hint=kept or Text(N_("0: it pays before the goods leave.")),
            ),
            Input(
                name="credit", label=N_("Credit"), value=_amount(one.credit_minor, one.currency),
                unit=one.currency, is_fixed=bool(one.kept_by),
                hint=kept or Text(N_("What one order on account may come to.")),
            ),
            Input(
                name="kept_by", label=N_("Credit kept by"), value=one.kept_by,
                hint=Text(N_("The code of another system that says what it may owe; empty: we do.")),
            ),
            Input(
                name="dunning", label=N_("Dunning level"), value=str(one.dunning), kind="number",
                most=DUNNING_MOST,
                hint=Text(N_("How often it was reminded. From a level of the rules on its orders stop.")),
            ),
            Input(
                name="price_list", label=N_("Price list"), value=one.price_list, kind="combo",
                options=none + lists, hint=Text(N_("Orders already here keep the prices they have.")),
            ),
            Input(
                name="tax_no", label=N_("Tax number"), value=one.tax_no,
                hint=Text(N_("18 figures and capitals; the last one is checked.")),
            ),
            Input(
                name="invoice_title", label=N_("Invoice title"), value=one.invoice_title,
                hint=Text(N_("The registered name that belongs to the tax number.")),
            ),
            Input(
                name="active", label=N_("In use"), value="1" if one.active else "", kind="check",
                hint=Text(N_("Without it nobody can order for it any more; its orders stay.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.customers.get(code)
        currency = answers["currency"]
        credit = read_money(answers["credit"].strip() or "0", currency)
        if credit is None:
            return Wrong("credit", Text(N_("That is no amount. Type it like 298.00.")))
        tax_no = plain_tax_no(answers["tax_no"])
        fault = tax_no_fault(tax_no) if tax_no else None
        if fault is not None:
            return Wrong("tax_no", fault[0])
        if tax_no and not answers["invoice_title"].strip():
            return Wrong("invoice_title", Text(N_("Who shall stand on the invoice? Type the title.")))
        return SetCustomer(
            customer=Customer(
                code=code,
                title=answers["title"].strip(),
                currency=currency,
                credit_minor=credit,
                terms_days=int(answers["terms_days"] or 0),
                price_list=answers["price_list"],
                invoice_title=answers["invoice_title"].strip(),
                tax_no=tax_no,
                active=bool(answers["active"]),
                rev=before.rev if before else 0,
                dunning=int(answers["dunning"] or 0),
                kept_by=answers["kept_by"].strip(),
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Customer published"))


def _amount(minor: int, currency: str) -> str:
    """Write money without its sign, which stands at the end of the field: 1,000,000.00."""
    return shown(minor, currency).removeprefix(SIGNS.get(currency, currency)).strip()


def _note(one: Customer) -> Text:
    if not one.terms_days:
        return Text(N_("pays in advance"))
    credit = shown(one.credit_minor, one.currency)
    return Text(N_("{credit}, {days} days to pay"), {"credit": credit, "days": one.terms_days})
