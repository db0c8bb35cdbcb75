"""The article guide: candidates with reasons, and how far the answer reaches."""

from __future__ import annotations

import pytest

from app.commands.recheck import Recheck
from app.domain.catalogue import SkuMap
from app.domain.company import Shop
from app.domain.values import sku_map_key
from app.forms.match_sku import FORM
from tests.builders import NOW, Company, actor, line

LINE, ARTICLE, SCOPE = FORM.steps


@pytest.fixture
def company() -> Company:
    company = Company()
    lines = (line("1", "A-1"), line("2", "new", title="雾蓝 沙发套 三人", unit_price_minor=19_900))
    company.receive(lines=lines)
    return company


def look(company: Company):
    return company.order(), company.facts(Recheck(order="o1"), actor())


def check(company: Company, value: str):
    order, facts = look(company)
    return ARTICLE.fields[0].check(value, FORM.start(order, facts), order, facts)


def test_it_begins_with_the_line_nobody_matched(company):
    order, facts = look(company)

    assert FORM.start(order, facts) == {"ext_sku": "new", "sku": "", "scope": "shop"}
    assert [choice.value for choice in LINE.fields[0].choices({}, order, facts)] == ["new", "A-1"]


def test_the_most_alike_stands_first_and_says_why(company):
    order, facts = look(company)

    first = ARTICLE.fields[0].choices(FORM.start(order, facts), order, facts)[0]

    assert first.value == "SF-001"
    assert first.reason.params["price"] == "¥199.00"
    assert first.reason.params["score"] >= 80


def test_the_same_code_wins_over_a_title():
    company = Company()
    company.receive(lines=(line(ext_sku="6900000000220", title="雾蓝沙发套"),))
    order, facts = look(company)

    first = ARTICLE.fields[0].choices(FORM.start(order, facts), order, facts)[0]

    assert (first.value, "score" in first.reason.params) == ("LN-220", False)


def test_an_unknown_code_is_an_error_with_the_nearest_one(company):
    verdict = check(company, "SF-01")

    assert (verdict.is_error, verdict.text.params) == (True, {"sku": "SF-01"})
    assert check(company, "").is_error


def test_both_prices_are_shown_and_an_odd_one_is_pointed_out_but_allowed(company):
    usual, odd = check(company, "SF-001"), check(company, "CT-180")

    assert (usual.is_error, usual.text.params) == (False, {"price": "¥199.00", "list_price": "¥199.00"})
    assert (odd.is_error, odd.text.params) == (False, {"price": "¥199.00", "list_price": "¥129.00"})
    assert (usual.is_doubtful, odd.is_doubtful) == (False, True)
    assert (usual.text.message, odd.text.message) == (
        "Sold at {price}, list price {list_price}",
        "Sold at {price}, list price {list_price}: look twice",
    )


def test_the_advice_takes_the_most_alike(company):
    order, facts = look(company)

    advice = ARTICLE.advice(FORM.start(order, facts), order, facts)

    assert advice.answers == {"sku": "SF-001"}
    assert ARTICLE.advice({"ext_sku": "new", "sku": "SF-001"}, order, facts) is None


@pytest.mark.parametrize("scope", ["shop", "order"])
def test_the_scope_decides_whether_a_mapping_is_saved(company, scope):
    order, facts = look(company)

    company.must(FORM.build(order, {"ext_sku": "new", "sku": "SF-001", "scope": scope}, facts))

    assert (("sku_map", "TM1/new") in company.rows) is (scope == "shop")
    assert company.order().matched


def known_in_other_shops(company, *meanings):
    """Let other shops know the code "new", each matched by somebody."""
    for n, (sku, by) in enumerate(meanings):
        shop = f"X{n}"
        company.shops[shop] = Shop(code=shop, title=shop, channel="TM")
        row = SkuMap(shop=shop, ext_sku="new", sku=sku, by=by, at=NOW)
        company.rows[sku_map_key(shop, "new")] = row
    order, facts = look(company)
    answers = FORM.start(order, facts)
    facts.rows = {**facts.rows, **{key: company.rows.get(key) for key in FORM.needs(answers, order, facts)}}
    return ARTICLE.advice(answers, order, facts), ARTICLE.fields[0].choices(answers, order, facts)


def test_what_colleagues_matched_the_code_to_in_other_shops_is_the_evidence(company):
    advice, choices = known_in_other_shops(company, ("CT-180", "lin"), ("CT-180", "gu"), ("SF-001", "lin"))

    assert advice.answers == {"sku": "CT-180"}
    assert advice.reason.params == {"shops": 2, "all": 3, "sku": "CT-180", "people": 2}
    assert all(choice.value != "CT-180" or choice.reason == advice.reason for choice in choices)


@pytest.mark.parametrize(
    "meanings", [(), (("", "lin"),), (("CT-180", "lin"), ("SF-001", "gu")), (("gone", "lin"),)]
)
def test_where_nobody_or_no_majority_knows_the_code_the_title_decides(company, meanings):
    advice, _choices = known_in_other_shops(company, *meanings)

    assert advice.answers == {"sku": "SF-001"}
    assert "score" in advice.reason.params


def test_the_shop_itself_is_no_witness(company):
    order, facts = look(company)

    keys = FORM.needs(FORM.start(order, facts), order, facts)
    assert keys == {sku_map_key("DY1", "new")}
