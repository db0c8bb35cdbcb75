"""Set a shop up: what may change, what stays, what the history keeps."""

from __future__ import annotations

import msgspec
import pytest
from settings_world import acting, earlier, revisions, same, settled, taken_back

from app.commands.set_shop import SetShop
from app.domain.company import Shop
from app.domain.revision import changed
from app.domain.values import Role
from app.text import Text

NEW = Shop(code="JD9", title="京东 青禾", channel="JD", warehouses=("WH", "SZ"))


@pytest.fixture
def company():
    return settled()


def known(company):
    return company.rows["shop", "TM1"]


def test_a_new_shop_takes_orders_at_once(company):
    company.must(SetShop(shop=NEW), Role.LEAD)

    order = company.receive(shop="JD9", number="DK-9")

    assert company.refs.shops["JD9"].rev == 1
    assert order.shop == "JD9"


def test_a_change_is_published_with_its_revision_and_everything_before(company):
    before = known(company)
    after = msgspec.structs.replace(before, title="旗舰", warehouses=("WH",))

    (event,) = company.must(SetShop(shop=after), Role.LEAD)

    (revision,) = revisions(company)
    assert known(company) == msgspec.structs.replace(after, rev=1)
    assert event.says() == Text("{kind} {code} changed", {"kind": Text("Shop"), "code": "TM1"})
    assert [(c.name, c.before, c.after) for c in changed(revision)] == [
        ("title", "青禾旗舰店", "旗舰"),
        ("warehouses", ["SZ", "WH"], ["WH"]),
    ]
    assert (revision.by, revision.at, revision.rev) == ("lead", company.now, 1)
    assert same(earlier(revision), before)


def test_who_started_from_an_older_revision_is_told_to_look_again(company):
    before = known(company)
    company.must(SetShop(shop=msgspec.structs.replace(before, title="A")), Role.LEAD)

    assert (
        company.refused(SetShop(shop=msgspec.structs.replace(before, title="B")), Role.LEAD)
        == "stale_content"
    )
    assert known(company).title == "A"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "bad_title"),
        ({"title": " A"}, "bad_title"),
        ({"channel": "T"}, "bad_channel"),
        ({"currency": "yuan"}, "bad_channel"),
        ({"zone": "Mars/Base"}, "bad_zone"),
        ({"zone": "../etc/passwd"}, "bad_zone"),
        ({"country": "China"}, "bad_zone"),
        ({"warehouses": ("XX",)}, "no_warehouse"),
        ({"warehouses": ("SZ", "SZ")}, "no_warehouse"),
        ({"channel": "JD"}, "orders_stand_in_it"),
        ({"currency": "USD"}, "orders_stand_in_it"),
        ({}, "unchanged"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    shop = msgspec.structs.replace(known(company), **changes)

    assert company.refused(SetShop(shop=shop), Role.LEAD) == code
    assert revisions(company) == []


@pytest.mark.parametrize("code", ["", "T M", "店", "A/B", "x" * 33])
def test_a_new_code_is_letters_and_digits(company, code):
    shop = msgspec.structs.replace(NEW, code=code)

    assert company.refused(SetShop(shop=shop), Role.LEAD) == "bad_code"


def test_a_change_is_taken_back_as_a_new_revision(company):
    before = known(company)

    taken_back(company, SetShop(shop=msgspec.structs.replace(before, title="旗舰")), "wu")

    assert same(known(company), before)
    assert known(company).rev == 2
    assert len(revisions(company)) == 2


def test_a_new_shop_stays(company):
    assert taken_back(company, SetShop(shop=NEW), "wu") is None


def test_a_clerk_sets_no_shop_up(company):
    command = SetShop(shop=msgspec.structs.replace(known(company), title="A"))

    assert company.refused(command, acting(company, "lin")) == "not_allowed"
