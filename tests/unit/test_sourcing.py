"""Which places send an order: the exact minimum, the rules that remove a place, and the reasons of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import msgspec
import pytest
from sourcing_world import (
    ATLAS,
    CARRIERS,
    FREIGHT,
    HOME,
    NOW,
    PLAIN,
    RIDGE,
    decided,
    least,
    order,
    pieces,
    place,
    random_case,
    sent,
    wanted,
)

from app.domain.carrier import NotServed
from app.domain.company import Holidays, Shift
from app.domain.source_policy import Asked, policy_for
from app.domain.working_time import Calendar
from app.sourcing.case import Want
from app.sourcing.deciding import decide
from app.sourcing.lanes import Lanes, leaves_at


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_cheaper_than_what_is_decided(seed):
    chance = Random(seed)  # noqa: S311 - the same cases every time
    lanes = Lanes(CARRIERS, ATLAS)
    for _ in range(50):
        bought, places, policy = random_case(chance)

        decision = decide(bought, places, policy, lanes, NOW)

        cheapest = least(bought, places, policy)
        found = decision.score if decision.is_whole else None
        assert found == cheapest
        if cheapest is not None:
            assert pieces(decision) == {want.line: want.qty for want in bought.wants}
            assert all(sending.proven for sending in decision.sendings)


def test_two_parcels_where_taking_the_fullest_place_first_makes_three():
    a, b, c = (
        place("A", dict.fromkeys("123", 1)),
        place("B", dict.fromkeys("456", 1)),
        place("C", dict.fromkeys("1245", 1)),
    )

    decision = decided(order(*wanted(*"123456")), a, b, c)

    assert sent(decision) == {"A": {"1": 1, "2": 1, "3": 1}, "B": {"4": 1, "5": 1, "6": 1}}


def test_five_out_of_three_and_ten_are_exactly_five():
    for first, other in ((3, 10), (3, 2), (4, 4)):
        here, there = place("A", {"S": first}), place("B", {"S": other})

        decision = decided(order(*wanted("S", qty=5)), here, there)

        assert pieces(decision) == {"1": 5}
        assert all(qty["1"] <= {"A": first, "B": other}[code] for code, qty in sent(decision).items())
    all_there = decided(order(*wanted("S", qty=5)), place("A", {"S": 3}), place("B", {"S": 10}))
    assert sent(all_there) == {"B": {"1": 5}}


def test_of_equally_dear_plans_fewer_parcels_then_the_shorter_way():
    free = msgspec.structs.replace(PLAIN, split_minor=0, scarce_minor=0)
    for_nothing = msgspec.structs.replace(RIDGE, fares=(), services=())
    both, one = {"S": 1, "T": 1}, {"S": 1}

    def go(*places):
        return list(
            sent(decided(order(*wanted("S", "T")), *places, policy=free, SJ=for_nothing, YX=for_nothing))
        )

    assert go(place("A", one), place("E", {"T": 1}), place("C", both)) == ["C"]
    assert go(place("C", both), place("A", both), place("B", both)) == ["A"]


def reasons(decision) -> dict[str, str]:
    return {
        one.places[0]: one.why_not.message if one.why_not else ""
        for one in decision.candidates
        if len(one.places) == 1
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_open": False}, "is closed"),
        ({"is_stopped": True}, "nothing is sent from there for now"),
        ({"entity": "other"}, "belongs to another company of the group"),
        ({"parcels_left": 0}, "has no room for another parcel today"),
        ({"free": {"S": 1}}, "has {has} of {wants} pieces"),
        ({"carriers": ("nobody",)}, "no carrier leaves from there"),
    ],
)
def test_a_place_is_removed_by_a_rule_that_is_told(changes, words):
    near = place("A", **{"free": {"S": 2}, **changes})

    decision = decided(order(*wanted("S", qty=2), entity="ours"), near, place("B", {"S": 9}))

    assert sent(decision) == {"B": {"1": 2}}
    assert reasons(decision) == {"A": words, "B": ""}


@pytest.mark.parametrize(
    ("changes", "more", "words"),
    [
        ({"not_served": (NotServed(province="浙江省"),)}, {}, "{carrier} does not go to {place}"),
        ({"takes_cod": False}, {"is_cod": True}, "{carrier} takes no cash on delivery"),
        ({"currency": "USD"}, {}, "{carrier} is paid in other money"),
        ({"most_g": 700}, {}, "no carrier takes such a parcel"),
        ({"takes_battery": False}, {}, "no carrier takes such a parcel"),
    ],
)
def test_a_carrier_that_takes_no_such_parcel_removes_a_place(changes, more, words):
    lame = msgspec.structs.replace(RIDGE, **changes)
    near = place("A", {"S": 2}, carriers=("SJ",))
    far = place("B", {"S": 2}, carriers=("XX",))

    decision = decided(
        order(*wanted("S", qty=2, has_battery=True), **more), near, far, SJ=lame, XX=RIDGE,
        policy=msgspec.structs.replace(PLAIN, split_most=0),
    )  # fmt: skip

    assert sent(decision) == {"B": {"1": 2}}
    assert reasons(decision)["A"] == words


def test_a_carrier_whose_quota_is_used_up_takes_nothing_today():
    lanes = Lanes(CARRIERS, ATLAS, quota={"SJ": 0})

    decision = decide(order(*wanted("S")), [place("A", {"S": 1})], PLAIN, lanes, NOW)

    assert [parcel.carrier for parcel in decision.parcels] == ["YX"]


def test_a_kit_and_a_gift_with_its_main_line_stay_together():
    wants = (*wanted("S", "T", together="kit"), Want(line="9", sku="U", qty=1, weight_g=10))
    near, far = place("A", {"S": 1, "U": 1}), place("B", {"S": 1, "T": 1})

    assert sent(decided(order(*wants), near, far)) == {"A": {"9": 1}, "B": {"1": 1, "2": 1}}
    assert not decided(order(*wants), near, place("B", {"T": 1})).is_whole


def test_a_kit_and_a_loose_piece_of_the_same_article_share_its_stock():
    wants = (*wanted("S", "T", together="kit"), Want(line="9", sku="S", qty=1, weight_g=10))

    assert not decided(order(*wants), place("A", {"S": 1, "T": 1})).is_whole
    assert sent(decided(order(*wants), place("A", {"S": 1, "T": 1}), place("B", {"S": 1}))) == {
        "A": {"1": 1, "2": 1},
        "B": {"9": 1},
    }


def test_what_is_sold_before_it_is_there_travels_alone():
    wants = (*wanted("S"), Want(line="2", sku="T", qty=1, weight_g=10, apart="2026-07-01"))

    decision = decided(order(*wants), place("A", {"S": 1, "T": 1}))

    assert [sending.lines for sending in decision.sendings] == [("1",), ("2",)]
    assert len(decision.parcels) == 2


def test_two_lines_of_one_article_get_their_own_pieces():
    wants = (Want(line="1", sku="S", qty=2, weight_g=9), Want(line="2", sku="S", qty=3, weight_g=9))

    decision = decided(order(*wants), place("A", {"S": 3}), place("B", {"S": 2}))

    assert sent(decision) == {"A": {"1": 2, "2": 1}, "B": {"2": 2}}


def test_a_fast_service_is_taken_where_lateness_would_cost_more():
    patient = order(*wanted("S"), promised_at=NOW + timedelta(days=9))
    hurried = order(*wanted("S"), promised_at=NOW + timedelta(hours=29))
    far = place("B", {"S": 1})

    assert decided(patient, far).parcels[0].service == "standard"
    fast = decided(hurried, far, policy=msgspec.structs.replace(PLAIN, late_minor=100)).parcels[0]
    assert (fast.service, fast.late_h) == ("fast", 0)


def test_every_candidate_says_distance_pieces_freight_parcels_cut_off_and_score():
    decision = decided(
        order(*wanted("S", "T")),
        place("A", {"S": 1}),
        place("B", {"S": 1, "T": 1}, carriers=("YX",)),
        place("E", {"T": 9}),
        policy=msgspec.structs.replace(PLAIN, split_minor=100),
    )

    told = {one.places: one for one in decision.candidates}
    assert list(told) == [("A", "E"), ("B",), ("A",), ("E",)]
    assert (told["A",].has, told["A",].wants, told["A",].score) == (1, 2, None)
    both, far = told["A", "E"], told["B",]
    assert (both.parcels, both.freight_minor, both.why_not) == (2, 500 + 800, None)
    assert both.score == decision.score == 500 + 800 + 100 + 100 + 11
    assert (far.km, far.score) == (ATLAS.km(place("B", {}).region, HOME), 1_400 + 2 * 100)
    assert far.why_not.message == "{money} more"
    assert far.why_not.params == {"money": "¥0.89"}
    assert far.leaves_at == datetime(2026, 6, 13, 9, 0, tzinfo=UTC)


def test_a_parcel_leaves_by_cut_off_handling_time_and_days_of_rest():
    shift = Shift(code="D", title="Day", since=time(8), until=time(18), holidays="CN")
    rest = Holidays(code="CN", title="Rest", closed=(date(2026, 6, 14),))
    calendar = Calendar(shifts=(shift,), holidays={"CN": rest})
    saturday = datetime(2026, 6, 13, 7, 0, tzinfo=UTC)  # three in the afternoon

    quick, slow = (place("A", {}, handling_min=minutes, calendar=calendar) for minutes in (120, 121))

    assert leaves_at(quick, saturday) == datetime(2026, 6, 13, 9, 0, tzinfo=UTC)
    assert leaves_at(slow, saturday) == datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def test_a_decision_names_its_policy_and_what_it_was_made_from():
    bought = order(*wanted("S"))
    one, same, other = (decided(bought, place("A", {"S": free})) for free in (1, 1, 2))

    assert (one.policy, one.version) == ("P", 1)
    assert one == same
    assert one.inputs != other.inputs


def test_of_all_policies_in_use_the_most_exact_one_decides():
    policies = (
        PLAIN,
        msgspec.structs.replace(PLAIN, code="TM", channels=("TM",)),
        msgspec.structs.replace(PLAIN, code="VIP", customers=("LH",)),
        msgspec.structs.replace(PLAIN, code="SALE", campaigns=("618",), valid_until=date(2026, 6, 20)),
        msgspec.structs.replace(PLAIN, code="LAMP", skus=("L",), valid_from=date(2026, 6, 14)),
        msgspec.structs.replace(PLAIN, code="OLD", customers=("LH",), skus=("L",), active=False),
    )
    on = date(2026, 6, 13)

    def named(day=on, channel="", **more):
        chosen = policy_for(policies, Asked(channels=frozenset({channel}), **more), day)
        return chosen.code

    assert named() == "P"
    assert named(channel="TM") == "TM"
    assert named(channel="TM", campaign="618") == "SALE"
    assert named(channel="TM", campaign="618", day=date(2026, 6, 21)) == "TM"
    assert named(channel="TM", campaign="618", customer="LH") == "VIP"
    assert (named(skus=("L",)), named(skus=("L", "S"), day=date(2026, 6, 14))) == ("P", "LAMP")
    assert policy_for(policies[1:], Asked(), on) is None


def test_a_large_order_of_many_pieces_is_shared_out_and_says_whether_it_is_proven():
    wants = wanted(*"STU", qty=60)
    places = [place(code, dict.fromkeys("STU", 25)) for code in "ABCD"]

    decision = decided(order(*wants), *places, XX=FREIGHT)

    assert decision.is_whole
    assert not decision.sendings[0].proven
    assert pieces(decision).total() == 180
