"""A wave decided together: nothing is promised twice, nothing cheaper is missed, and the bound holds."""

from __future__ import annotations

import itertools
from collections import Counter
from random import Random

import msgspec
import pytest
from sourcing_world import ATLAS, CARRIERS, CITIES, NOW, PLAIN, order, place, wanted

from app.domain.values import Region
from app.sourcing.deciding import decide
from app.sourcing.lanes import Lanes
from app.sourcing.wave import UNSERVED_MINOR, decide_wave

pytest.importorskip("highspy")
LANES = Lanes(CARRIERS, ATLAS)
NEVER_SPLIT = msgspec.structs.replace(PLAIN, split_most=0, scarce_minor=0)


def wave(orders, places, policy=NEVER_SPLIT):
    return decide_wave(orders, places, dict.fromkeys((one.id for one in orders), policy), LANES, NOW)


def to(code, id, *skus, **more):
    province, city, *_ = CITIES[code]
    return order(*wanted(*skus, **more), id=id, region=Region(province=province, city=city))


def used(decided):
    """Count what leaves each place: pieces by article, parcels under no article."""
    sums = Counter()
    for one in decided.decisions:
        for parcel in one.parcels:
            sums[parcel.place, ""] += 1
            for _, qty in parcel.takes:
                sums[parcel.place] += qty
    return sums


def test_the_last_piece_goes_to_whom_the_other_place_costs_more():
    light, heavy = to("D", "light", "S"), to("F", "heavy", "S", weight_g=9_000)
    near, far = place("A", {"S": 1}), place("B", {"S": 1})

    decided = wave([light, heavy], [near, far])

    assert [one.parcels[0].place for one in decided.decisions] == ["B", "A"]
    alone = [decide(one, [near, far], NEVER_SPLIT, LANES, NOW).parcels[0].place for one in (light, heavy)]
    assert alone == ["A", "A"]


def test_room_for_parcels_is_shared_like_stock():
    orders = [to("E", str(n), "S") for n in range(4)]

    decided = wave(orders, [place("A", {"S": 9}, parcels_left=1), place("B", {"S": 9}, parcels_left=2)])

    assert used(decided)["A", ""] == 1
    assert used(decided)["B", ""] == 2
    assert len(decided.unserved) == 1
    assert decided.cost == sum(one.score for one in decided.decisions) + UNSERVED_MINOR


def test_where_there_is_enough_everybody_gets_their_own_best():
    orders = [to(code, code, "S", "T") for code in "ABC"]
    places = [place(code, {"S": 9, "T": 9}) for code in "ABE"]

    decided = wave(orders, places)

    alone = [decide(one, places, NEVER_SPLIT, LANES, NOW).score for one in orders]
    assert [one.score for one in decided.decisions] == alone
    assert (decided.cost, decided.gap, decided.rounds) == (sum(alone), 0, 0)


@pytest.mark.parametrize("seed", range(12))
def test_no_way_to_serve_a_small_wave_is_cheaper(seed):
    chance = Random(seed)  # noqa: S311 - the same waves every time
    places = [
        place(code, {"S": chance.randint(0, 2)}, parcels_left=chance.choice((None, 1, 2))) for code in "ABCD"
    ]
    orders = [
        to(chance.choice("ABCDEF"), str(n), "S", weight_g=chance.choice((300, 4_000, 12_000)))
        for n in range(5)
    ]

    decided = wave(orders, places)

    costs = {
        (one.id, here.code): decide(one, [here], NEVER_SPLIT, LANES, NOW).score
        for one in orders
        for here in places
        if here.free["S"]
    }
    room = {
        here.code: min(here.free["S"], 9 if here.parcels_left is None else here.parcels_left)
        for here in places
    }
    cheapest = min(
        sum(costs[one.id, code] if code else UNSERVED_MINOR for one, code in zip(orders, way, strict=True))
        for way in itertools.product(*([None, *(c for c in room if room[c])] for _ in orders))
        if all(way.count(code) <= most for code, most in room.items())
    )
    assert decided.cost <= cheapest * 1.0005
    assert decided.bound <= cheapest
    assert all(used(decided)[code, ""] <= most for code, most in room.items())


def test_split_orders_of_a_wave_never_take_more_than_there_is():
    chance = Random(7)  # noqa: S311 - the same wave every time
    skus = [f"S{n}" for n in range(8)]
    places = [place(code, {sku: chance.randint(0, 5) for sku in skus}) for code in "ABCDE"]
    orders = [to(chance.choice("ABCDEF"), str(n), *chance.sample(skus, 2)) for n in range(40)]

    decided = wave(orders, places, PLAIN)

    sent = Counter()
    for one, bought in zip(decided.decisions, orders, strict=True):
        sku_of = {want.line: want.sku for want in bought.wants}
        for parcel in one.parcels:
            sent.update({(parcel.place, sku_of[line]): qty for line, qty in parcel.takes})
    stock = {(here.code, sku): qty for here in places for sku, qty in here.free.items()}
    assert all(qty <= stock[what] for what, qty in sent.items())
    assert decided.gap < 0.005
    assert decided.rounds
