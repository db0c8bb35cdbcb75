"""Which rows a person's desk may hold: by role, by rights, by the shops and warehouses they work for."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.company import GRANTS, User
from app.domain.scopes import Reach, Sees, covers, doc_scope, holds, keeps_orders, order_scope, reach_of
from app.domain.values import Role

SHOPS, HOUSES = ("TM1", "JD1"), ("SZ", "WH")
SCOPES = (
    "ref", "office", "settings", "user:lin", "user:he", "unheard-of",
    *(order_scope(shop, house, signed) for shop in SHOPS for house in ("", *HOUSES) for signed in (0, 2)),
    *(doc_scope(house, target) for house in HOUSES for target in ("", *HOUSES)),
)  # fmt: skip
some = st.lists(st.sampled_from(SHOPS), max_size=1).map(tuple)
houses = st.lists(st.sampled_from(HOUSES), max_size=1).map(tuple)
reaches = st.builds(
    Reach, user=st.just("lin"), sees=st.sampled_from(Sees), shops=some, warehouses=houses,
    reads_settings=st.booleans(), masked=st.booleans(),
)  # fmt: skip


def person(role: Role, **changes: object) -> Reach:
    user = User(code="lin", title="Lin", role=role, **changes)  # type: ignore[arg-type]
    return reach_of(user, GRANTS[role])


def held(reach: Reach) -> set[str]:
    return {scope for scope in SCOPES if holds(reach, scope)}


def test_who_works_for_all_holds_all_but_what_is_somebody_elses():
    assert held(person(Role.ADMIN)) == set(SCOPES) - {"user:he", "unheard-of"}
    assert held(person(Role.CLERK)) == held(person(Role.ADMIN)) - {"settings"}


def test_a_clerk_of_one_shop_holds_its_orders_wherever_the_goods_lie():
    mine = held(person(Role.CLERK, shops=("TM1",)))

    assert {scope for scope in mine if scope.startswith("shop:")} == {
        "shop:TM1", "shop:TM1/review", "shop:TM1/wh:SZ", "shop:TM1/wh:SZ/review", "shop:TM1/wh:WH",
        "shop:TM1/wh:WH/review",
    }  # fmt: skip


def test_the_floor_holds_what_its_warehouse_has_promised_and_nothing_of_the_office():
    assert held(person(Role.WAREHOUSE, warehouses=("SZ",))) == {
        "ref", "user:lin", "wh:SZ", "wh:SZ/wh:WH", "wh:WH/wh:SZ", "shop:TM1/wh:SZ", "shop:TM1/wh:SZ/review",
        "shop:JD1/wh:SZ", "shop:JD1/wh:SZ/review",
    }  # fmt: skip


def test_a_reviewer_holds_orders_that_asked_for_a_signature():
    mine = held(person(Role.REVIEWER))

    assert {scope for scope in mine if scope.startswith("shop:")} == {
        scope for scope in SCOPES if scope.startswith("shop:") and scope.endswith("/review")
    }


def test_only_the_floor_reads_masks():
    assert {role for role in Role if role.person and person(role).masked} == {Role.WAREHOUSE}


def test_a_single_right_over_settings_opens_their_history():
    clerk = User(code="lin", title="Lin", role=Role.CLERK)

    assert "settings" in held(reach_of(clerk, GRANTS[Role.CLERK] | {"set_rules"}))


def test_the_order_in_which_places_are_named_makes_no_other_reach():
    assert person(Role.CLERK, shops=("TM1", "JD1")) == person(Role.CLERK, shops=("JD1", "TM1"))


@given(outer=reaches, inner=reaches)
def test_what_covers_holds_at_least_as_much_and_reads_it_the_same(outer: Reach, inner: Reach):
    if covers(outer, inner):
        assert held(inner) <= held(outer)
        assert outer.masked == inner.masked


@given(was=reaches, now=reaches)
def test_orders_that_may_stay_are_all_held_afterwards(was: Reach, now: Reach):
    orders = {scope for scope in held(was) if scope.startswith("shop:")}

    if keeps_orders(was, now):
        assert orders <= held(now)
        assert was.masked == now.masked


@given(reach=reaches)
def test_a_reach_covers_itself_and_all_of_everything(reach: Reach):
    everything = Reach(user="lin", reads_settings=True, masked=reach.masked)

    assert covers(reach, reach)
    assert keeps_orders(reach, reach)
    assert covers(everything, reach)


@given(reach=reaches)
def test_a_reach_travels_and_keeps_its_name(reach: Reach):
    there = msgspec.json.decode(msgspec.json.encode(reach), type=Reach)

    assert (there, there.rev) == (reach, reach.rev)


@pytest.mark.parametrize("field", ["shops", "warehouses"])
def test_a_reach_of_too_many_places_is_not_understood(field: str):
    endless = msgspec.json.encode({field: ["X"] * 501})

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(endless, type=Reach)
