"""Touch, wait and rework fill the life of an order; who, what and when stand apart, with n and intervals."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from builders import NOW

from app.domain.order import TITLES, Status
from app.domain.order_events import MOVED
from app.domain.share import difference, needed_to_tell, share
from app.insight.people import Noted, people_report, practice, ratio_of, seen_by
from app.insight.stage_time import STAGES, Entry, Focus, Visit, life, once, stage_time, visits
from app.text import Text

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PEOPLE = frozenset({"lin", "shen", "wu", "gu", "he"})
WEEK = 7 * 24 * HOUR


def move(at, before, after, by="lin"):
    return Entry(at, by, (Text(MOVED, {"before": Text(TITLES[before]), "after": Text(TITLES[after])}),))


def journal(rng, begin):
    """A random life: forwards mostly, sometimes back, at last out of the house."""
    at, here = begin, 0
    yield Entry(at, "channel", (Text("Received"),))
    while here < len(STAGES):
        at += timedelta(seconds=rng.randint(0, 20_000))
        there = max(0, here - rng.randint(1, 2)) if rng.random() < 0.2 else here + 1
        after = STAGES[there] if there < len(STAGES) else Status.SHIPPED
        if there != here:
            yield move(at, STAGES[here], after, rng.choice(["lin", "shen", "hub"]))
        here = there


def visit(order, stage, begin, wait_s, by="lin", touch_s=0, **more):
    end = begin + (wait_s + touch_s) * SECOND
    at_it = (Focus(by, order, "", end - touch_s * SECOND, end, touch_s),) if touch_s else ()
    return Visit(order, stage, begin, end, by, focus=at_it, **more)


def reported(found, since=NOW - WEEK, until=NOW):
    return people_report(Noted(found, 0, 0, 0, {}), since, until, "UTC", until)


def test_the_parts_of_random_lives_are_all_of_them():
    rng = Random(7)  # noqa: S311 - the same every time
    since, until = NOW - WEEK, NOW
    logged = parted = 0.0
    found = []
    for n in range(200):
        entries = list(journal(rng, NOW - WEEK + timedelta(seconds=rng.randint(-90_000, 500_000))))
        begin = entries[0].at
        seen = Focus("lin", f"o{n}", "", begin + 60 * SECOND, begin + 960 * SECOND, 400)
        of_one = visits(f"o{n}", entries, [seen], PEOPLE)
        found += of_one
        last = entries[-1].at
        raw = max(0.0, (min(last, until) - max(begin, since)).total_seconds())
        assert life(entries, since, until) == pytest.approx(raw)
        logged += raw
        parted += sum(sum(stage_time(one, since, until)[2:]) for one in of_one)
        assert all(one.until == nxt.since for one, nxt in pairwise(of_one))

    assert logged > 0
    assert parted == pytest.approx(logged, rel=0.01)
    told = reported(found)
    assert told.split_s == pytest.approx(logged, rel=0.01)
    assert any(one.rework_s for one in told.stages)
    assert any(one.touch_s for one in told.stages)


def test_a_second_visit_is_rework_and_an_error_of_whoever_ended_the_first():
    entries = [
        move(NOW, Status.RECEIVED, Status.TO_CHECK),
        move(NOW + HOUR, Status.TO_CHECK, Status.GATED, "lin"),
        move(NOW + 2 * HOUR, Status.GATED, Status.TO_CHECK, "shen"),
        move(NOW + 4 * HOUR, Status.TO_CHECK, Status.GATED, "shen"),
    ]

    first, gated, again, last = visits("o1", entries, (), PEOPLE)

    assert (first.by, first.is_failed, first.is_again) == ("lin", True, False)
    assert (again.by, again.is_failed, again.is_again) == ("shen", False, True)
    assert (gated.is_failed, last.is_again, last.until) == (True, True, None)
    assert stage_time(again, NOW, NOW + WEEK) == ("o1", "to_check", 0, 0, 7_200)


def test_focus_is_touch_of_the_visit_it_fell_into_and_counts_once():
    entries = [
        move(NOW, Status.RECEIVED, Status.TO_CHECK),
        move(NOW + 100 * SECOND, Status.TO_CHECK, Status.GATED),
        move(NOW + 400 * SECOND, Status.GATED, Status.RELEASED),
    ]
    stay = Focus("lin", "o1", "", NOW + 50 * SECOND, NOW + 150 * SECOND, 60)

    check, gates, _ = visits("o1", entries, once([stay, stay, stay._replace(touch_s=40)]), PEOPLE)

    assert stage_time(check, NOW, NOW + HOUR)[2:] == (30, 70, 0)
    assert stage_time(gates, NOW, NOW + HOUR)[2:] == (30, 270, 0)
    assert (check.each_s(), check.touched_by("shen")) == (30, 0)


def test_the_stage_whose_waiting_tripled_stands_first_with_its_queue_share_and_rates():
    rng = Random(3)  # noqa: S311 - the same every time
    found = []
    for n in range(600):
        begin = NOW - 2 * WEEK + rng.random() * 2 * (WEEK - HOUR * 10)
        for stage, mean_s in (("to_check", 900), ("gated", 4_000), ("released", 1_500)):
            times = 3 if stage == "to_check" and begin > NOW - WEEK else 1
            found.append(visit(f"o{n}", stage, begin, times * rng.randint(mean_s // 2, mean_s * 3 // 2)))

    first, *others = reported(found).stages

    assert (first.stage, first.has_grown) == ("to_check", True)
    assert not any(one.has_grown for one in others)
    assert 2.6 < first.growth < 3.4
    assert first.queue == pytest.approx(first.wait_s / WEEK.total_seconds(), rel=0.02)
    assert first.arrivals_h == pytest.approx(first.n / (7 * 24), rel=0.05)
    assert first.capacity_h > first.arrivals_h
    shares = [one.wait_share_pct for one in (first, *others)]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert others[0].stage == "gated", "then where most is waited"


def slow(rng, n, slow_n, times):
    found = []
    for i in range(n):
        by = ("shen", "wu", "gu", "he")[i % 4]
        found.append(visit(f"a{i}", "address_invalid", NOW - WEEK + i * SECOND, 60, by, rng.randint(20, 60)))
    for i in range(slow_n):
        took_s = round(times * rng.randint(20, 60))
        found.append(visit(f"b{i}", "address_invalid", NOW - WEEK + i * SECOND, 60, "lin", took_s))
    return found


def test_who_is_three_times_slower_is_named_and_nobody_else():
    rng = Random(5)  # noqa: S311 - the same every time
    one, *others = practice(slow(rng, 800, 200, 3), {})

    assert (one.person, one.stage, one.is_named, one.n, one.group_n) == (
        "lin",
        "address_invalid",
        True,
        200,
        800,
    )
    assert one.ratio.low < 3 < one.ratio.high
    assert others == []
    assert practice(slow(rng, 800, 200, 1), {}) == ()


def test_twenty_are_too_few_to_name_anybody():
    (one,) = practice(slow(Random(5), 80, 20, 3), {})  # noqa: S311 - the same every time

    assert (one.person, one.n, one.is_named) == ("lin", 20, False)


def test_after_the_lesson_one_is_beside_oneself_before_it():
    rng = Random(9)  # noqa: S311 - the same every time
    passed_at = NOW - WEEK / 2
    after = [
        visit(f"c{i}", "address_invalid", passed_at + i * SECOND, 60, "lin", rng.randint(20, 60))
        for i in range(100)
    ]
    (one,) = practice([*slow(rng, 400, 200, 3), *after], {("lin", "address_invalid"): passed_at})

    assert (one.n, one.after_n, one.passed_at) == (200, 100, passed_at)
    assert one.after is not None
    assert one.after.high < 0.5
    assert one.after.low < 1 / 3 < one.after.high


def test_who_is_more_often_wrong_is_named_too():
    def some(by, n, wrong):
        return [
            visit(f"{by}{i}", "sku_unmapped", NOW - HOUR, 60, by, 30, is_failed=i < wrong) for i in range(n)
        ]

    (one,) = practice([*some("lin", 150, 30), *some("shen", 300, 6)], {})

    assert (one.person, one.is_named, one.errors.count) == ("lin", True, 30)
    assert practice([*some("lin", 50, 10), *some("shen", 300, 6)], {}) == ()


@pytest.mark.parametrize(("n", "is_beyond"), [(2_600, True), (260, False)])
def test_night_and_day_differ_beyond_chance_only_with_enough_of_both(n, is_beyond):
    found = [
        visit(f"{is_night}{i}", "to_check", NOW - HOUR, 9, is_failed=i < wrong * n, is_night=is_night)
        for is_night, wrong in ((True, 0.018), (False, 0.009))
        for i in range(n)
    ]

    told = reported(found).contrast

    assert (told.night.of, told.day.of, told.is_beyond_chance) == (n, n, is_beyond)
    assert told.low_pct < told.night.pct - told.day.pct < told.high_pct
    assert needed_to_tell(0.9, 1.8) == pytest.approx(2_600, abs=40)


def test_a_difference_of_shares_has_newcombes_interval():
    """Source: Newcombe 1998, table II, 56/70 and 48/80."""
    assert difference(share(56, 70), share(48, 80)) == pytest.approx((5.24, 33.39), abs=0.1)
    assert difference(share(0, 0), share(1, 2)) == (-100, 100)
    assert ratio_of([1], [2]).low == 0


def test_few_are_counted_and_not_named_but_to_themselves():
    few = [visit(f"o{n}", "to_check", NOW - HOUR, 9, by) for n, by in enumerate(("lin", "shen"))]
    many = [visit(f"o{n}", "to_check", NOW - HOUR, 9, by) for n, by in enumerate(sorted(PEOPLE))]

    assert [one.of for one in seen_by(reported(few), "lin", reads_all=True).persons] == ["lin"]
    assert len(seen_by(reported(many), "x", reads_all=True).persons) == 5
    own = seen_by(reported(many), "lin", reads_all=False)
    assert ([one.of for one in own.persons], own.is_own) == (["lin"], True)
    assert ZoneInfo(own.zone).key == "UTC"
