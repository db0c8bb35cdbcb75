"""Set a business up: terms, credit, tax data that fit; its people stay out of it; one key back."""

from __future__ import annotations

import msgspec
import pytest
from builders import line
from settings_world import revisions, same, settled, taken_back

from app.boot import demo_company
from app.commands.new_order import NewOrder
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer, PriceList
from app.domain.values import Role
from tests.builders import RECEIVER, REGION

LH = Customer(
    code="LH", title="临湖酒店用品", credit_minor=100_000, terms_days=30, price_list="HT",
    invoice_title="杭州临湖酒店用品有限公司", tax_no="91350100M000100Y43",
)  # fmt: skip


@pytest.fixture
def company():
    company = settled()
    company.rows["price_list", "HT"] = PriceList(code="HT", title="协议价")
    company.rows["price_list", "US"] = PriceList(code="US", title="Dollars", currency="USD")
    return company


def test_a_customer_is_published_with_its_terms(company):
    company.must(SetCustomer(customer=LH), Role.LEAD)

    assert company.refs.customers["LH"] == msgspec.structs.replace(LH, rev=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "临"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"title": "x" * 61}, "bad_title"),
        ({"currency": "yuan"}, "bad_currency"),
        ({"credit_minor": -1}, "bad_credit"),
        ({"credit_minor": 10**13}, "bad_credit"),
        ({"terms_days": 366}, "bad_terms"),
        ({"terms_days": -1}, "bad_terms"),
        ({"price_list": "XX"}, "no_price_list"),
        ({"price_list": "US"}, "no_price_list"),
        ({"tax_no": "91350100M000100Y44"}, "bad_tax_no"),
        ({"invoice_title": ""}, "bad_tax_no"),
        ({"invoice_title": "x" * 61}, "bad_title"),
        ({"tax_no": "11010519491231002X"}, "personal_tax_no"),
        ({"rev": 3}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    customer = msgspec.structs.replace(LH, **changes)

    assert company.refused(SetCustomer(customer=customer), Role.LEAD) == code
    assert revisions(company) == []


def test_a_clerk_only_looks(company):
    assert company.refused(SetCustomer(customer=LH), Role.CLERK) == "not_allowed"


def test_a_currency_stays_once_orders_may_stand_in_it(company):
    company.must(SetCustomer(customer=LH), Role.LEAD)
    other = msgspec.structs.replace(company.refs.customers["LH"], currency="USD", price_list="US")

    assert company.refused(SetCustomer(customer=other), Role.LEAD) == "orders_stand_in_it"


def test_a_new_customer_is_taken_back_out_of_use_and_nobody_orders_for_it(company):
    taken_back(company, SetCustomer(customer=LH), "wu")
    order = NewOrder(
        order="n1", shop="TM1", customer="LH", lines=(line(ext_sku="", sku="LN-220"),), receiver=RECEIVER,
        region=REGION,
    )  # fmt: skip

    assert not company.refs.customers["LH"].active
    assert company.refused(order, Role.CLERK) == "unknown_customer"


def test_a_change_is_taken_back(company):
    company.must(SetCustomer(customer=LH), Role.LEAD)
    before = company.rows["customer", "LH"]

    taken_back(company, SetCustomer(customer=msgspec.structs.replace(before, credit_minor=5)), "wu")

    assert same(company.rows["customer", "LH"], before)


@pytest.mark.parametrize("customer", demo_company.CUSTOMERS, ids=lambda one: one.code)
def test_the_customers_of_the_demo_could_be_typed_in(customer):
    company = settled()
    company.rows |= {("price_list", one.code): one for one in demo_company.PRICE_LISTS}

    company.must(SetCustomer(customer=customer), Role.LEAD)
