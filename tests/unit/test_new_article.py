"""An article made out of an order: a draft that frees what waits, until somebody completes it."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.match_sku import MatchSku
from app.commands.new_article import NewArticle
from app.commands.recheck import Recheck
from app.commands.set_article import SetArticle
from app.domain.catalogue import Sku
from app.domain.events import SkuMapped
from app.domain.order import Status
from app.domain.values import Role, order_key, sku_key, sku_map_key
from app.engine import inverse_of
from app.form import Blank
from app.forms import complete_article, new_article
from app.guides import offered
from app.snags.sku_unmapped import KIND
from app.standing import standing
from tests.builders import Company, actor, line

BRUSH = {"ext_sku": "TB-7", "title": "电动牙刷头", "unit_price_minor": 4_900}
DRAFT = NewArticle(
    shop="TM1", ext_sku="TB-7", order="o1", sku="TB-7", title="电动牙刷头", list_price_minor=4_900
)
WHOLE = SetArticle(sku="TB-7", title="牙刷头", list_price_minor=5_900, barcode="690", weight_g=30)


def sold(*orders: str) -> Company:
    company = Company()
    for order in orders or ("o1",):
        company.receive(order, lines=(line(**BRUSH),))
    return company


def article(company: Company, code: str = "TB-7") -> Sku:
    return company.rows[sku_key(code)]


def test_the_draft_is_matched_at_once_and_whoever_waits_is_woken():
    company = sold("o1", "o2")

    events = company.must(DRAFT)

    woken = {key for event in events if isinstance(event, SkuMapped) for key in event.wakes()}
    assert (article(company).is_draft, article(company).title) == (True, "电动牙刷头")
    assert company.order().lines[0].sku == "TB-7"
    assert woken == set(company.order("o2").snag("sku_unmapped").waits_for)
    company.must(Recheck(order="o2"), Role.WORKER)
    assert company.order("o2").lines[0].sku == "TB-7"


def test_undo_takes_the_match_back_and_leaves_a_draft_nobody_uses():
    company = sold()
    undo = inverse_of(DRAFT, company.facts(DRAFT, actor()))
    company.must(DRAFT)

    company.must(undo)

    assert isinstance(undo, MatchSku)
    assert (company.order().lines[0].sku, article(company).is_draft) == ("", True)
    assert company.order().snag("sku_unmapped") is not None
    company.must(DRAFT)


def test_undo_brings_back_what_the_code_meant_before():
    company = sold()
    company.must(MatchSku(shop="TM1", ext_sku="TB-7", sku="SF-001", order="o1"))
    undo = inverse_of(DRAFT, company.facts(DRAFT, actor()))
    company.must(DRAFT)

    company.must(undo)

    assert company.rows[sku_map_key("TM1", "TB-7")].sku == "SF-001"
    assert company.order().lines[0].sku == "SF-001"


def test_it_costs_what_it_costs_in_the_money_of_the_order():
    company = Company()
    company.receive(lines=(line(**BRUSH),), currency="EUR")
    company.must(DRAFT)

    assert article(company).currency == "EUR"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order": "o9"}, "no_order"),
        ({"shop": "DY1"}, "no_order"),
        ({"ext_sku": "other"}, "no_code"),
        ({"sku": "LN-220"}, "known_sku"),
        ({"sku": "T 7"}, "bad_article"),
        ({"sku": "T/7"}, "bad_article"),
        ({"sku": ""}, "bad_article"),
        ({"title": " "}, "bad_article"),
        ({"title": "刷" * 121}, "bad_article"),
        ({"list_price_minor": 0}, "bad_article"),
        ({"weight_g": -1}, "bad_article"),
        ({"barcode": "690 1"}, "bad_article"),
    ],
)
def test_what_is_no_article_is_not_made(changes, code):
    assert sold().refused(msgspec.structs.replace(DRAFT, **changes)) == code


def test_it_is_too_late_once_the_warehouse_has_begun():
    company = sold()
    company.rows[order_key("o1")] = msgspec.structs.replace(company.order(), status=Status.PICKING)

    assert company.refused(DRAFT) == "too_late"


def test_one_key_makes_it_as_the_shop_calls_it_where_nothing_is_missing():
    company = sold()
    make = KIND.repairs[1]

    command = make.build(company.order(), company.facts(Recheck(order="o1"), None))

    assert command == DRAFT
    company.must(command)
    again = company.receive("o2", lines=(line(**{**BRUSH, "ext_sku": "T 8"}),))
    assert make.build(again, company.facts(Recheck(order="o2"), None)) is None
    taken = company.receive("o3", lines=(line(ext_sku="LN-220", title="四件套", unit_price_minor=100),))
    if taken.snag("sku_unmapped") is not None:
        assert make.build(taken, company.facts(Recheck(order="o3"), None)) is None


def test_a_draft_is_completed_and_that_can_be_taken_back():
    company = sold()
    company.must(DRAFT)
    undo = inverse_of(WHOLE, company.facts(WHOLE, actor()))

    company.must(WHOLE)
    whole = article(company)
    company.must(undo)

    assert (whole.is_draft, whole.title, whole.list_price_minor) == (False, "牙刷头", 5_900)
    assert (whole.barcode, whole.weight_g) == ("690", 30)
    assert article(company) == msgspec.structs.replace(
        whole, is_draft=True, title="电动牙刷头", list_price_minor=4_900, barcode="", weight_g=0
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sku": "TB-9"}, "unknown_sku"),
        ({"title": ""}, "bad_article"),
        ({"weight_g": 0}, "no_weight"),
        ({"title": "电动牙刷头", "list_price_minor": 4_900, "barcode": "", "weight_g": 0, "is_draft": True},
         "unchanged"),
    ],
)  # fmt: skip
def test_what_completes_nothing_is_refused(changes, code):
    company = sold()
    company.must(DRAFT)

    assert company.refused(msgspec.structs.replace(WHOLE, **changes)) == code


def test_the_guide_begins_with_what_the_shop_says_and_wants_another_code_where_that_one_is_taken():
    company = sold()
    facts = company.facts(Recheck(order="o1"), actor())
    begun = new_article.start(company.order(), facts)

    said = {"ext_sku": "TB-7", "code": "TB-7", "title": "电动牙刷头", "price": "4900"}
    assert begun == {**said, "barcode": "", "weight": ""}
    assert new_article.check_code("LN-220", begun, company.order(), facts).is_error
    assert new_article.check_code("TB-8", begun, company.order(), facts) is None
    assert new_article.build(company.order(), begun, facts) == DRAFT
    noted = new_article.notes(begun, company.order(), facts)
    assert noted[0].text.params == {"title": "电动牙刷头"}


def test_the_guide_that_completes_offers_drafts_only():
    company = sold()
    empty = complete_article.check_draft("", {}, Blank(), company.facts(Recheck(order="o1"), actor()))
    company.must(DRAFT)
    facts = company.facts(Recheck(order="o1"), actor())

    assert empty.is_error
    assert [choice.value for choice in complete_article.offered({}, Blank(), facts)] == ["TB-7"]
    begun = complete_article.start(Blank(), facts)
    assert complete_article.needs_weight("", begun, Blank(), facts).is_error
    assert complete_article.advise({**begun, "title": ""}, Blank(), facts).answers["title"] == "电动牙刷头"


def test_no_key_of_its_order_does_two_things():
    company = sold()
    facts = company.facts(DRAFT, actor())
    order = company.order()
    guides = [form.key for form in offered(order, facts, lambda _grant: True) if form.key]
    always = [key for _code, _label, key, _command, is_ready in standing(order, facts) if is_ready]
    assert sorted({*guides, *always}) == sorted((*guides, *always))
