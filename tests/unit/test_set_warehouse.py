"""Set a warehouse up: name, city, zone, when the last van leaves."""

from __future__ import annotations

from datetime import UTC, time

import msgspec
import pytest
from settings_world import revisions, same, settled, taken_back

from app.commands.set_warehouse import SetWarehouse
from app.domain.company import Warehouse
from app.domain.values import Role

NEW = Warehouse(code="FS", title="佛山仓", city="佛山市", cut_off=time(21, 30))


@pytest.fixture
def company():
    return settled()


def known(company):
    return company.rows["warehouse", "SZ"]


def test_a_new_warehouse_may_serve_a_shop(company):
    from app.commands.set_shop import SetShop

    company.must(SetWarehouse(warehouse=NEW), Role.LEAD)
    shop = msgspec.structs.replace(company.rows["shop", "TM1"], warehouses=("FS", "SZ"))
    company.must(SetShop(shop=shop), Role.LEAD)

    assert company.refs.shops["TM1"].warehouses == ("FS", "SZ")
    assert company.refs.warehouses["FS"] == msgspec.structs.replace(NEW, rev=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "bad_title"),
        ({"city": "x" * 61}, "bad_title"),
        ({"zone": ""}, "bad_zone"),
        ({"cut_off": time(17, tzinfo=UTC)}, "bad_zone"),
        ({"rev": 7, "title": "A"}, "stale_content"),
        ({}, "unchanged"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    house = msgspec.structs.replace(known(company), **changes)

    assert company.refused(SetWarehouse(warehouse=house), Role.LEAD) == code
    assert revisions(company) == []


def test_a_new_code_is_letters_and_digits(company):
    house = msgspec.structs.replace(NEW, code="佛山")

    assert company.refused(SetWarehouse(warehouse=house), Role.LEAD) == "bad_code"


def test_a_change_is_taken_back(company):
    before = known(company)

    taken_back(company, SetWarehouse(warehouse=msgspec.structs.replace(before, cut_off=time(22))), "wu")

    assert same(known(company), before)


def test_a_new_warehouse_stays(company):
    assert taken_back(company, SetWarehouse(warehouse=NEW), "wu") is None
