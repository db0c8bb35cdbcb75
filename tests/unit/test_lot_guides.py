"""Guides about lots: a scan fills lot and day, another article's code is refused, a count is of one lot."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app.commands.count_bin import CountBin
from app.commands.keep_lots import KeepLots
from app.commands.receive_stock import ReceiveStock
from app.domain.lot import InLots
from app.domain.values import Role, sku_key
from app.form import Blank, Shelf
from app.forms import count_bin, quarantine, recall_lot, receive_stock
from app.guide_answers import Answers
from tests.builders import NOW, Company, actor

GTIN, OTHER = "06901234567892", "06901234567885"
DAY = date(2027, 3, 31)
FLOOR = actor(Role.WAREHOUSE, "floor")


@pytest.fixture
def company() -> Company:
    made = Company()
    made.set_stock(0)
    article = msgspec.structs.replace(made.rows[sku_key("LN-220")], barcode=GTIN[1:])
    made.rows[sku_key("LN-220")] = article
    made.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=5)), Role.CLERK)
    return made


def facts(company: Company):
    command = ReceiveStock(doc="x", warehouse="SZ", sku="LN-220", qty=1, reference="7")
    return company.facts(command, FLOOR)


def answers(code: str, **more: str) -> dict[str, str]:
    return {
        "warehouse": "SZ", "sku": "LN-220", "qty": "4", "reference": "7", "doc": "d1", "lot": code, **more,
    }  # fmt: skip


def shelf(company: Company) -> Shelf:
    return Shelf("SZ", "LN-220", company.stock(), company.rows[sku_key("LN-220")])


def came(company: Company, given: dict[str, str]) -> None:
    company.must(receive_stock.FORM.build(Blank(), given, facts(company)), FLOOR)


def test_a_scan_brings_lot_and_day(company):
    given = answers(f"]C101{GTIN}1727033110AB-12")
    said = receive_stock.check_lot(given["lot"], given, Blank(), facts(company))
    came(company, given)

    assert not said.is_error
    assert said.text.params == {"lot": "AB-12", "day": DAY.isoformat()}
    assert [(lot.no, lot.best_before, lot.qty) for lot in company.stock().lots] == [("AB-12", DAY, 4)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"(01){OTHER}(17)270331(10)A", "another article"),
        (f"(01){GTIN[:-1]}3(10)A", "check digit"),
        ("", "Name the lot"),
        ("A", "Say until when"),
    ],
)
def test_what_cannot_be_booked_is_said_in_the_field(company, code, said):
    verdict = receive_stock.check_lot(code, answers(code), Blank(), facts(company))

    assert verdict.is_error
    assert said in verdict.text.message


def test_a_count_is_of_one_lot_against_what_the_screen_said_of_it(company):
    for no in ("A", "B"):
        came(company, answers(no, doc=no, best_before="2027-03-31"))
    begun = count_bin.start(shelf(company), facts(company))
    given = begun | {"lot": "B", "counted": "3", "doc": "c1"}

    command = count_bin.build(shelf(company), given, facts(company))
    company.must(command, FLOOR)

    assert isinstance(command, CountBin)
    assert (command.lot, command.counted, command.base) == ("B", 3, 4)
    assert {lot.no: lot.qty for lot in company.stock().lots} == {"A": 4, "B": 3}


def test_what_may_not_be_sold_is_proposed_to_be_held_back_first(company):
    soon = (NOW.date() + timedelta(days=300)).isoformat()
    for no, day in (("A", soon), ("OLD", NOW.date().isoformat())):
        came(company, answers(no, doc=no, best_before=day))

    assert quarantine.start(shelf(company), facts(company))["lot"] == "OLD"


def test_the_same_guide_recalls_a_lot_and_ends_its_recall(company):
    came(company, answers("A", best_before="2027-03-31"))
    given = {"lot": "A", "reason": "glass"}
    company.must(recall_lot.build(shelf(company), given, facts(company)), Role.LEAD)
    held = company.stock().held
    assert recall_lot.start(shelf(company), facts(company))["lot"] == "A"

    company.must(recall_lot.build(shelf(company), {"lot": "A", "reason": ""}, facts(company)), Role.LEAD)

    assert (held, company.stock().held) == (4, 0)


def test_a_lot_is_left_open_only_for_goods_that_are_not_kept_in_lots(company: Company):
    given, step = answers(""), receive_stock.FORM.steps[-1]

    def optional() -> set[str]:
        asked = Answers(receive_stock.FORM, Blank(), facts(company), given, {})
        return {one.field.name for one in asked.fields(step) if one.is_optional}

    assert "lot" not in optional()
    company.must(KeepLots(sku="LN-220", in_lots=None), Role.CLERK)
    assert "lot" in optional()
