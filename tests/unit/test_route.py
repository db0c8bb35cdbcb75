"""Ways over lanes: the cheapest in time is what trying every way finds; what was not taken says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations, product
from random import Random

import msgspec
import pytest

from app.domain.route import WAITS_MOST, Lane, Leg, Line, Network, way_said

NOON = datetime(2026, 6, 13, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 13)
NETWORKS = 200


def lane(code: str, start: str, end: str, cost: int = 100, hours: int = 10, **more: object) -> Lane:
    return Lane(code=code, start=start, end=end, cost_minor=cost, hours=hours, **more)


def network(*lanes: Lane, full: frozenset[tuple[str, date]] = frozenset()) -> Network:
    lines = [Line(one, "SJ", one.end) for one in lanes]
    return Network(lines, lambda line, on: (line.lane.code, on) not in full)


def codes(legs: tuple[Leg, ...] | None) -> list[str] | None:
    return None if legs is None else [leg.lane for leg in legs]


DIRECT = lane("D", "SZ", "浙江省", cost=900, hours=20)
TRUNK = lane("T", "SZ", "杭州分拨", cost=200, hours=12, cut_off=time(20, 0), most=5)
LAST = lane("L", "杭州分拨", "浙江省", cost=300, hours=24, cut_off=time(8, 0))


def test_the_way_by_a_hub_is_taken_where_it_is_cheaper_and_in_time():
    ways = network(DIRECT, TRUNK, LAST)

    assert codes(ways.cheapest(["SZ"], "浙江省", NOON, NOON + timedelta(days=3))) == ["T", "L"]
    assert codes(ways.cheapest(["SZ"], "浙江省", NOON, NOON + timedelta(hours=20))) == ["D"]
    assert ways.cheapest(["SZ"], "浙江省", NOON, NOON + timedelta(hours=19)) is None


def test_what_misses_the_cut_off_leaves_the_next_day():
    ways = network(TRUNK)
    at_eight = datetime(2026, 6, 13, 12, 0, tzinfo=UTC)

    in_time = ways.leg(Line(TRUNK, "SJ", "杭州分拨"), at_eight)
    late = ways.leg(Line(TRUNK, "SJ", "杭州分拨"), at_eight + timedelta(seconds=1))

    assert (in_time.leaves_at, in_time.on) == (at_eight, TODAY)
    assert (late.leaves_at, late.on) == (at_eight + timedelta(days=1), TODAY + timedelta(days=1))


def test_a_full_day_is_waited_over_and_a_lane_full_for_long_is_none():
    tomorrow = TODAY + timedelta(days=1)
    ways = network(TRUNK, LAST, full=frozenset({("T", TODAY)}))
    legs = ways.cheapest(["SZ"], "浙江省", NOON, None)
    assert legs[0].on == tomorrow

    never = frozenset(("T", TODAY + timedelta(days=n)) for n in range(WAITS_MOST + 1))
    assert network(TRUNK, LAST, full=never).cheapest(["SZ"], "浙江省", NOON, None) is None


def test_every_way_that_was_not_taken_says_why():
    shut = lane("S", "SZ", "浙江省", cost=1, is_open=False)
    slow = lane("W", "SZ", "浙江省", cost=2, hours=200)
    dear = lane("E", "SZ", "浙江省", cost=2_400)
    ways = network(DIRECT, TRUNK, LAST, shut, slow, dear)
    by = NOON + timedelta(days=3)
    taken = ways.cheapest(["SZ"], "浙江省", NOON, by)

    told = ways.others(["SZ"], "浙江省", NOON, by, taken, 500, "CNY")

    said = {way_said(way.legs).params["way"] + f" {way.cost_minor}": way.why_not for way in told}
    assert {text.message for text in said.values() if text} == {
        "{money} more", "{hours} h after the promise", "lane {lane} is closed",
    }  # fmt: skip
    assert said["SZ → 浙江省 900"].params == {"money": "¥4.00"}
    assert said["SZ → 浙江省 2"].params == {"hours": 128}
    assert len(told) == 4


@pytest.mark.parametrize(
    ("taken", "best", "said"),
    [
        (False, 900, "costs the same"),
        (False, 700, "{money} more"),
        (False, 1_000, "{money} less, what is planned stays"),
        (True, 900, "costs the same, arrives later or with more legs"),
        (False, None, None),
    ],
)
def test_a_way_is_held_against_what_the_order_goes_for(taken: bool, best: int | None, said: str | None):
    ways = network(DIRECT)
    legs = network(msgspec.structs.replace(DIRECT, code="E")).cheapest(["SZ"], "浙江省", NOON, None)

    (way,) = ways.others(["SZ"], "浙江省", NOON, None, legs if taken else (), best, "CNY")

    assert (way.why_not.message if way.why_not else None) == said


def test_lanes_of_two_carriers_may_be_called_alike():
    lines = [Line(one, carrier, one.end) for one, carrier in ((DIRECT, "SJ"), (DIRECT, "YX"))]
    ways = Network(lines, lambda _line, _on: True)
    taken = ways.cheapest(["SZ"], "浙江省", NOON, None)

    told = ways.others(["SZ"], "浙江省", NOON, None, taken, 900, "CNY")

    assert {taken[0].carrier, *(way.legs[0].carrier for way in told)} == {"SJ", "YX"}


# --- against trying everything ------------------------------------------------------------------------


def made_up(seed: int) -> tuple[list[Lane], frozenset[tuple[str, date]], datetime, int]:
    chance = Random(seed)  # noqa: S311 - made-up networks
    size = chance.randint(3, 12)
    lanes = []
    for at, (start, end) in enumerate(product(range(size), repeat=2)):
        if end not in (start, 0) and start != size - 1 and chance.random() < min(0.5, 3.2 / size):
            cut_off = time(chance.randrange(24)) if chance.random() < 0.6 else None
            lanes.append(
                lane(
                    f"L{at}", f"N{start}", f"N{end}", cost=chance.randint(1, 9) * 100,
                    hours=chance.randint(1, 30), cut_off=cut_off, most=chance.choice((0, 1)),
                    is_open=chance.random() > 0.1,
                )
            )  # fmt: skip
    days = [TODAY + timedelta(days=n) for n in range(4)]
    full = frozenset((one.code, day) for one in lanes if one.most for day in days if chance.random() < 0.4)
    return lanes, full, NOON + timedelta(hours=chance.randint(10, 140)), size


def every_way(lanes: list[Lane], size: int) -> Iterator[tuple[Lane, ...]]:
    """Yield every way that passes no place twice, by trying where one may go on."""
    out: dict[str, list[Lane]] = {}
    for one in lanes:
        out.setdefault(one.start, []).append(one)

    def onward(way: tuple[Lane, ...], here: str, passed: frozenset[str]) -> Iterator[tuple[Lane, ...]]:
        if here == f"N{size - 1}":
            yield way
            return
        for one in out.get(here, ()):
            if one.end not in passed:
                yield from onward((*way, one), one.end, passed | {one.end})

    yield from onward((), "N0", frozenset({"N0"}))


def rode(way: tuple[Lane, ...], full: frozenset[tuple[str, date]]) -> datetime | None:
    """Return when a way arrives, worked out hour by hour and day by day; None where it cannot be used."""
    beijing = timedelta(hours=8)
    at = NOON
    for one in way:
        if not one.is_open:
            return None
        for n in range(WAITS_MOST + 1):
            day = (at + beijing).date() + timedelta(days=n)
            leaves = datetime.combine(day, one.cut_off or time(), UTC) - beijing
            if one.cut_off is None and n == 0:
                leaves = at
            if leaves >= at and not (one.most and (one.code, day) in full):
                at = leaves + timedelta(hours=one.hours)
                break
        else:
            return None
    return at


@pytest.mark.parametrize("part", range(4))
def test_on_random_networks_it_is_the_cheapest_of_all_ways(part):
    found = 0
    for seed in range(part, NETWORKS, 4):
        lanes, full, promised, size = made_up(seed)
        ways = [
            (sum(one.cost_minor for one in way), arrives)
            for way in every_way(lanes, size)
            if (arrives := rode(way, full)) is not None and arrives <= promised
        ]
        ways_of = network(*lanes, full=full)

        legs = ways_of.cheapest(["N0"], f"N{size - 1}", NOON, promised)

        if not ways:
            assert legs is None, seed
            continue
        assert legs is not None, seed
        assert (sum(leg.cost_minor for leg in legs), legs[-1].arrives_at) == min(ways), seed
        assert all(one.end == other.start for one, other in pairwise(legs))
        assert legs[-1].arrives_at <= promised
        found += 1
        for way in ways_of.others(["N0"], f"N{size - 1}", NOON, promised, legs, min(ways)[0], "CNY"):
            assert way.why_not is not None
    assert found >= 20


def test_the_order_in_which_lanes_are_written_changes_nothing():
    best = {
        tuple(codes(network(*some).cheapest(["SZ"], "浙江省", NOON, NOON + timedelta(days=3))))
        for some in permutations((DIRECT, TRUNK, LAST))
    }
    assert best == {("T", "L")}


def test_a_lane_is_small_where_nothing_special_is_said():
    assert msgspec.json.decode(msgspec.json.encode(DIRECT)) == {
        "code": "D", "start": "SZ", "end": "浙江省", "cost_minor": 900, "hours": 20,
    }  # fmt: skip
