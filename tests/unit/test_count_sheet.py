"""A whole count is taken in: differences are booked, large ones wait, orders keep what is theirs."""

from __future__ import annotations

import msgspec
import pytest
from builders import Company, actor, line, stock

from app.commands.count_bin import CountBin
from app.commands.count_sheet import BINS_MOST, CountSheet
from app.domain.catalogue import Sku
from app.domain.goods import Accuracy, Bin, DocState, accuracy
from app.domain.values import Role, sku_key, stock_doc_key, stock_key
from app.form import Blank
from app.forms.count_sheet import FORM, check_bins

FLOOR, OTHER = actor(Role.WAREHOUSE, "floor"), actor(Role.WAREHOUSE, "other")


def sheet(*bins: Bin, id: str = "s1") -> CountSheet:
    return CountSheet(sheet=id, warehouse="SZ", bins=bins, reference="PD-7")


def test_every_bin_becomes_a_document_and_its_difference_is_booked():
    company = Company()
    company.must(sheet(Bin("LN-220", 12, 10), Bin("CT-180", 10, 10)), FLOOR)

    docs = [company.rows[stock_doc_key(f"s1/{n}")] for n in (1, 2)]
    assert [(doc.sku, doc.difference, doc.state, doc.reference) for doc in docs] == [
        ("LN-220", 2, DocState.DONE, "PD-7"),
        ("CT-180", 0, DocState.DONE, "PD-7"),
    ]
    assert (company.stock().on_hand, company.stock("SZ", "CT-180").on_hand) == (12, 10)


def test_a_large_difference_waits_for_a_colleague_and_the_rest_does_not():
    company = Company()
    company.must(sheet(Bin("LN-220", 60, 10), Bin("CT-180", 9, 10)), FLOOR)
    waits = (company.stock().on_hand, company.stock().counting, company.stock("SZ", "CT-180").on_hand)

    company.must(CountBin(doc="s1/1", warehouse="SZ", sku="LN-220", counted=60, base=10), OTHER)

    assert waits == (10, "s1/1", 9)
    assert (company.stock().on_hand, company.stock().counting) == (60, "")


def test_a_count_below_what_is_promised_waits_too_and_takes_nothing_from_an_order():
    company = Company()
    company.receive(lines=(line(qty=8),))
    held = company.order().reserved

    company.must(sheet(Bin("LN-220", 5, 10), Bin("CT-180", 9, 10)), FLOOR)

    assert company.order().reserved == held
    assert (company.stock().on_hand, company.stock().counting) == (10, "s1/1")
    assert company.stock("SZ", "CT-180").on_hand == 9


def test_a_sheet_is_booked_once():
    company = Company()
    company.must(sheet(Bin("LN-220", 9, 10)), FLOOR)

    assert company.refused(sheet(Bin("LN-220", 9, 10)), FLOOR) == "unchanged"
    assert company.stock().on_hand == 9


@pytest.mark.parametrize(
    ("bins", "code"),
    [
        ((), "no_bins"),
        ((Bin("LN-220", 1, 1), Bin("LN-220", 2, 1)), "twice"),
        ((Bin("XX-1", 1, 1),), "unknown_sku"),
        ((Bin("LN-220", -1, 1),), "bad_count"),
        (tuple(Bin(f"A-{n}", 1, 1) for n in range(BINS_MOST + 1)), "no_bins"),
    ],
)
def test_a_sheet_that_cannot_be_booked_is_refused_whole(bins, code):
    company = Company()

    assert company.refused(sheet(*bins), FLOOR) == code
    assert company.stock().on_hand == 10


def test_a_bin_that_waits_for_a_second_count_is_named():
    company = Company()
    company.must(sheet(Bin("LN-220", 60, 10)), FLOOR)

    assert company.refused(sheet(Bin("CT-180", 9, 10), Bin("LN-220", 9, 10), id="s2"), OTHER) == "count_open"


def many(company: Company, count: int) -> tuple[Bin, ...]:
    """So many articles of ten pieces each: one in ten is one short, one in a hundred far off."""
    bins = []
    for n in range(count):
        code = f"N-{n}"
        company.rows[sku_key(code)] = Sku(code=code, title=code, list_price_minor=100)
        company.rows[stock_key("SZ", code)] = stock("SZ", code, 10)
        bins.append(Bin(code, 90 if n % 100 == 99 else 9 if n % 10 == 9 else 10, 10))
    return tuple(bins)


def test_a_count_of_a_thousand_bins_becomes_adjustments_and_says_how_right_the_stock_was():
    company = Company()
    company.receive(lines=(line(qty=3),))
    promised = company.stock().reserved
    bins = many(company, 1_000)

    company.must(sheet(*bins), FLOOR)

    rows = [company.rows[stock_key("SZ", one.sku)] for one in bins]
    assert accuracy(bins) == Accuracy(900, 1_000)
    assert [sum(row.on_hand == pieces for row in rows) for pieces in (10, 9)] == [910, 90]
    assert sum(bool(row.counting) for row in rows) == 10
    assert company.stock().reserved == promised


def test_the_guide_says_how_right_the_stock_is_before_anything_is_booked():
    company = Company()
    answers = {"warehouse": "SZ", "bins": "LN-220 8\nCT-180 10 10 窗帘\nSF-001\t99", "sheet": "s1"}
    keys = FORM.needs(answers, Blank(), company.facts(sheet(), FLOOR))
    facts = company.facts(sheet(), FLOOR)
    facts.rows = {**facts.rows, **{key: company.rows.get(key) for key in keys}}

    said = {note.title: note.text.params for note in FORM.notes(answers, Blank(), facts)}

    assert said["Stock accuracy"] == {"equal": 1, "counted": 3, "share": "33.3"}
    assert said["Differences"] == {"more": 89, "fewer": 2, "bins": 2}
    assert said["Second count"] == {"count": 1, "skus": "SF-001"}
    assert FORM.build(Blank(), answers, facts).bins[1] == Bin("CT-180", 10, 10)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the sheet: an article and its pieces a line."),
        ("LN-220 many", '"{line}" is no count. Write an article and its pieces: LN-220 12'),
        ("LN-220 1\nLN-220 2", "{sku} stands here twice. Leave one out."),
        ("XX-1 2", "No article {sku}. Choose one from the list."),
    ],
)
def test_what_cannot_be_read_of_a_sheet_is_said(typed, said):
    company = Company()
    facts = company.facts(sheet(), FLOOR)
    facts.rows = {**facts.rows, sku_key("XX-1"): None}

    found = check_bins(typed, {"warehouse": "SZ"}, Blank(), facts)

    assert (found.is_error, found.text.message) == (True, said)


def test_a_bin_that_is_counted_already_is_said_at_its_line():
    company = Company()
    waiting = msgspec.structs.replace(company.stock(), counting="d9")
    facts = company.facts(sheet(), FLOOR)
    facts.rows = {**facts.rows, stock_key("SZ", "LN-220"): waiting}

    found = check_bins("LN-220 4", {"warehouse": "SZ"}, Blank(), facts)

    assert found.text.params == {"sku": "LN-220"}
