"""Printing is noted first: who may print what when, and which print is a copy."""

from __future__ import annotations

import pytest

from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper, copies
from app.domain.events import PaperPrinted
from app.domain.order import ChannelState
from app.domain.values import Role
from tests.builders import Company, line, pick_all, ship_it

LABEL, SLIP, LIST = (PrintPaper(order="o1", paper=paper) for paper in ("label", "slip", "list"))


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive()
    return company


def pack(company: Company) -> None:
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)


def test_the_first_label_is_no_copy_and_every_further_one_is(company):
    pack(company)

    said = [
        event
        for _ in range(3)
        for event in company.must(LABEL, Role.WAREHOUSE)
        if isinstance(event, PaperPrinted)
    ]

    assert [event.copy for event in said] == [0, 1, 2]
    assert [event.says().message for event in said] == [
        "{paper} printed",
        "{paper} printed again, copy {n}",
        "{paper} printed again, copy {n}",
    ]
    assert copies(company.order(), "label") == 3


def test_papers_are_counted_apart(company):
    company.must(LIST, Role.WAREHOUSE)
    pack(company)
    company.must(SLIP, Role.WAREHOUSE)

    assert company.order().prints == {"list": 1, "slip": 1}


@pytest.mark.parametrize(("wish", "code"), [(LABEL, "not_packed"), (SLIP, "not_picking")])
def test_a_paper_of_the_parcel_waits_for_the_goods(company, wish, code):
    assert company.refused(wish, Role.WAREHOUSE) == code


def test_a_list_is_for_goods_on_the_shelf(company):
    company.must(LIST, Role.WAREHOUSE)
    pack(company)

    assert company.refused(LIST, Role.WAREHOUSE) == "not_released"


def test_a_shipped_parcel_may_get_its_label_again(company):
    ship_it(company)

    company.must(LABEL, Role.WAREHOUSE)


def test_a_held_order_gets_no_label(company):
    pack(company)
    company.must(Hold(order="o1", reason="the buyer calls back"))

    assert company.refused(LABEL, Role.WAREHOUSE) == "on_hold"


def test_an_order_the_channel_called_off_gets_no_label(company):
    pack(company)
    company.receive(ext_version="2", channel_state=ChannelState.CANCELLED)

    assert company.refused(LABEL, Role.WAREHOUSE) == "called_off"


def test_what_is_not_there_is_not_printed(company):
    assert company.refused(PrintPaper(order="o9", paper="label"), Role.WAREHOUSE) == "no_order"
    assert company.refused(PrintPaper(order="o1", paper="poster"), Role.WAREHOUSE) == "no_paper"
    assert company.order().prints == {}


def test_printing_touches_no_order(company):
    company.must(LIST, Role.CLERK)

    assert company.order().touched is False


def test_a_reviewer_prints_nothing(company):
    assert company.refused(LIST, Role.REVIEWER) == "not_allowed"


def test_more_lines_are_still_one_print():
    company = Company()
    company.receive(lines=(line("1", qty=2), line("2", "A-2", unit_price_minor=19_900)))

    company.must(LIST, Role.WAREHOUSE)

    assert company.order().prints == {"list": 1}
