"""Set a price list up: articles that exist, a share for the rest, days it holds by the shop's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from builders import NOW, actor, line
from settings_world import revisions, same, settled, taken_back

from app.commands.set_price_list import PRICES_MOST, SetPriceList
from app.domain.company import Customer, PriceList
from app.domain.values import Role

HT = PriceList(code="HT", title="协议价", share_pct=80, prices={"LN-220": 24_000})


@pytest.fixture
def company():
    company = settled()
    company.rows["customer", "LH"] = Customer(code="LH", title="临湖酒店用品", price_list="HT")
    return company


def price(company, sku, at=NOW):
    facts = company.facts(SetPriceList(price_list=HT), actor(Role.CLERK))
    return facts.agreed("LH", "TM1", at)(company.refs.articles[sku])


def test_a_list_is_published_and_its_customers_pay_by_it(company):
    company.must(SetPriceList(price_list=HT), Role.LEAD)

    assert (price(company, "LN-220"), price(company, "SF-001")) == (24_000, 15_920)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "协"}, "bad_code"),
        ({"title": " "}, "bad_title"),
        ({"currency": "rmb"}, "bad_currency"),
        ({"share_pct": 0}, "bad_share"),
        ({"share_pct": 201}, "bad_share"),
        ({"since_on": date(2026, 7, 2), "until_on": date(2026, 7, 1)}, "bad_days"),
        ({"prices": {"LN-220": 0}}, "bad_price"),
        ({"prices": {"XX": 5}}, "unknown_sku"),
        ({"prices": {f"S{n}": 5 for n in range(PRICES_MOST + 1)}}, "too_many"),
        ({"rev": 1}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    assert company.refused(SetPriceList(price_list=msgspec.structs.replace(HT, **changes)), Role.LEAD) == code
    assert revisions(company) == []


def test_a_currency_stays_once_customers_pay_in_it(company):
    company.must(SetPriceList(price_list=HT), Role.LEAD)
    other = msgspec.structs.replace(company.refs.price_lists["HT"], currency="USD")

    assert company.refused(SetPriceList(price_list=other), Role.LEAD) == "customers_pay_in_it"


def test_a_change_is_taken_back_and_a_new_list_stays(company):
    assert taken_back(company, SetPriceList(price_list=HT), "wu") is None
    before = company.rows["price_list", "HT"]

    taken_back(company, SetPriceList(price_list=msgspec.structs.replace(before, share_pct=70)), "wu")

    assert same(company.rows["price_list", "HT"], before)


@pytest.mark.parametrize(
    ("at", "paid"),
    [
        (datetime(2026, 6, 13, 15, 59, tzinfo=UTC), 32_000),
        (datetime(2026, 6, 13, 16, 0, tzinfo=UTC), 24_000),
        (datetime(2026, 6, 15, 15, 59, tzinfo=UTC), 24_000),
        (datetime(2026, 6, 15, 16, 0, tzinfo=UTC), 32_000),
    ],
)
def test_a_list_holds_from_midnight_to_midnight_of_the_shop(company, at, paid):
    """In Shanghai 14 June begins at 16:00 UTC of the day before."""
    days = msgspec.structs.replace(HT, since_on=date(2026, 6, 14), until_on=date(2026, 6, 15))
    company.must(SetPriceList(price_list=days), Role.LEAD)

    assert price(company, "LN-220", at) == paid


def test_an_order_with_an_odd_price_goes_on_when_the_list_names_it(company):
    company.receive("o1", customer="LH", lines=(line(unit_price_minor=9_000),))
    assert company.order().snag("price_anomaly") is not None

    company.must(SetPriceList(price_list=msgspec.structs.replace(HT, prices={"LN-220": 9_000})), Role.LEAD)
    woken = [wake for event in company.journal for wake in event.wakes()]

    assert "price_list:HT" in company.order().snag("price_anomaly").waits_for
    assert "price_list:HT" in woken
