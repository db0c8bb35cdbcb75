"""A line that is none of our articles yet."""

from __future__ import annotations

from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.domain.events import SkuMapped
from app.domain.order import Status
from app.domain.values import Role
from app.snags.sku_unmapped import KIND
from tests.builders import Company, line

MATCH, DRAFT = KIND.repairs


def waiting(*orders: str) -> Company:
    company = Company()
    for order in orders or ("o1",):
        company.receive(order, lines=(line(ext_sku="new", title="雾蓝 沙发套", unit_price_minor=19_900),))
    return company


def test_the_sentence_names_the_line_and_what_would_cure_it():
    snag = waiting().order().snag("sku_unmapped")

    assert (snag.text.params, snag.waits_for) == ({"name": "雾蓝 沙发套"}, ("sku_map:TM1/new",))


def test_several_lines_are_counted():
    company = Company()

    order = company.receive(lines=(line("1", "x", title="甲"), line("2", "y", title="乙"), line("3", "A-1")))

    snag = order.snag("sku_unmapped")
    assert (snag.text.params, snag.waits_for) == (
        {"name": "甲", "more": 1},
        ("sku_map:TM1/x", "sku_map:TM1/y"),
    )


def test_the_likeliest_article_is_one_key_away():
    company = waiting()
    command = MATCH.build(company.order(), company.facts(Recheck(order="o1"), None))

    company.must(command)

    assert command == MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o1")
    assert (company.order().lines[0].sku, company.order().status) == ("SF-001", Status.RELEASED)


def test_nothing_alike_is_not_suggested():
    company = Company()
    company.receive(lines=(line(ext_sku="new", title="电动牙刷头"),))

    assert MATCH.build(company.order(), company.facts(Recheck(order="o1"), None)) is None


def test_a_mapping_frees_every_order_that_waits_for_it():
    company = waiting("o1", "o2", "o3")

    events = company.must(MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o1"))
    woken = [key for ev in events if isinstance(ev, SkuMapped) for key in ev.wakes()]
    for order in ("o2", "o3"):
        assert set(woken) & set(company.order(order).snag("sku_unmapped").waits_for)
        company.must(Recheck(order=order), Role.WORKER)

    assert {company.order(order).lines[0].sku for order in ("o1", "o2", "o3")} == {"SF-001"}
    assert company.order("o2").touched is False


def test_a_match_for_one_order_saves_no_mapping():
    company = waiting()

    company.must(MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o1", is_for_shop=False))

    assert company.order().lines[0].sku == "SF-001"
    assert ("sku_map", "TM1/new") not in company.rows


def test_an_unknown_article_is_refused():
    assert waiting().refused(MatchSku(shop="TM1", ext_sku="new", sku="XX", order="o1")) == "unknown_sku"


def test_a_mapping_taken_back_asks_again():
    company = waiting()
    company.must(MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o1"))

    company.must(MatchSku(shop="TM1", ext_sku="new", sku="", order="o1"))

    assert (company.order().status, company.order().reserved) == (Status.TO_CHECK, ())
    assert company.stock("SZ", "SF-001").reserved == 0
