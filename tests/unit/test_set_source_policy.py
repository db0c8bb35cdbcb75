"""A policy of sourcing is published as its next revision; what it says is looked at before."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.commands.recheck import Recheck
from app.commands.set_source_policy import NAMED_MOST, SetSourcePolicy
from app.domain.order import Status
from app.domain.revision import revision_key
from app.domain.source_policy import Policy
from app.domain.values import Role
from app.engine import inverse_of
from tests.builders import ARTICLES, Company, actor, line, stock

ALL = Policy(code="ALL", title="All", split_most=2)


def published(policy: Policy = ALL) -> SetSourcePolicy:
    return SetSourcePolicy(policy=policy)


def test_every_version_stays_and_the_way_back_is_one_more():
    company = Company()
    company.must(published(), Role.LEAD)
    second = published(msgspec.structs.replace(ALL, rev=1, split_minor=500))
    undo = inverse_of(second, company.facts(second, actor(Role.LEAD)))
    company.must(second, Role.LEAD)

    assert company.rows["source_policy", "ALL"].split_minor == 500
    versions = [company.rows[revision_key("source_policy", "ALL", rev)].after for rev in (1, 2)]
    assert [version["split_minor"] for version in versions] == [300, 500]
    company.must(undo, Role.LEAD)
    assert company.rows["source_policy", "ALL"] == msgspec.structs.replace(ALL, rev=3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "a b"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"late_minor": -1}, "bad_cost"),
        ({"scarce_minor": 10**8}, "bad_cost"),
        ({"split_most": 4}, "bad_split"),
        ({"valid_from": date(2026, 6, 2), "valid_until": date(2026, 6, 1)}, "bad_days"),
        ({"skus": ("LN-220",) * (NAMED_MOST + 1)}, "too_many"),
        ({"channels": ("TM", "nowhere")}, "unknown_shop"),
        ({"customers": ("nobody",)}, "unknown_customer"),
        ({"skus": ("nothing",)}, "unknown_sku"),
        ({"rev": 3}, "stale_content"),
    ],
)
def test_what_no_policy_may_say_is_refused(changes, code):
    assert Company().refused(published(msgspec.structs.replace(ALL, **changes)), Role.LEAD) == code


def test_only_leads_say_how_a_warehouse_is_chosen():
    assert Company().refused(published()) == "not_allowed"


def test_orders_that_wait_are_parted_once_a_policy_lets_them():
    company = Company()
    for place, pieces in (("SZ", {"LN-220": 5}), ("WH", {"SF-001": 5})):
        for sku in ARTICLES:
            company.rows["stock", f"{place}/{sku}"] = stock(place, sku, pieces.get(sku, 0))
    price = ARTICLES["SF-001"].list_price_minor
    company.receive(lines=(line("1"), line("2", ext_sku="A-2", unit_price_minor=price)))
    assert company.order().snag("short_stock") is not None

    (event,) = company.must(published(), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert event.wakes() == ("orders",)
    assert company.order().status is Status.REPLACED
    assert {company.order(one).warehouse for one in company.order().replaced_by} == {"SZ", "WH"}
