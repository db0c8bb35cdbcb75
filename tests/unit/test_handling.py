"""How long exceptions took: the median and P90 of what was worked, waits apart, n always there."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
from builders import NOW

from app.domain.clock import Stop
from app.domain.order import Snag
from app.domain.working_time import Calendar
from app.figures import Report
from app.insight.handling import (
    Handling,
    ages,
    by_kind,
    by_owner,
    days_before,
    figures,
    paces,
    reported,
    took,
    without_names,
)
from app.text import Text

MINUTE = timedelta(minutes=1)


def snag(kind="short_stock", stops=()):
    return Snag(
        kind=kind,
        severity="bad",
        text=Text("why"),
        opened_at=NOW,
        due_at=NOW + 28 * MINUTE,
        goal_min=28,
        stops=stops,
    )


def minutes(count, kind="short_stock", owner="lin", stops=()):
    return took(snag(kind, stops), owner, NOW + count * MINUTE, Calendar())


def test_waits_are_no_handling_time_and_stand_apart():
    stop = Stop(wait="stock", since=NOW + 5 * MINUTE, until=NOW + 35 * MINUTE)

    one = minutes(40, stops=(stop,))

    assert (one.worked_s, one.waited, one.is_late) == (600, {"stock": 1800}, False)
    assert figures("", [one]).waited_s == {"stock": 1800}


def test_a_wait_that_never_ended_goes_on_until_it_was_closed():
    one = minutes(40, stops=(Stop(wait="stock", since=NOW + 5 * MINUTE),))

    assert (one.worked_s, one.waited) == (300, {"stock": 2100})


def test_median_and_p90_come_with_how_many_they_are_of():
    found = figures("short_stock", [minutes(n) for n in range(1, 11)])

    assert (found.n, found.median_s, found.p90_s) == (10, 330, 540)
    assert figures("", []) == type(found)(of="", n=0, median_s=0, p90_s=0, late=0, waited_s={})


def test_types_and_owners_stand_by_how_often_they_come():
    all_ = [minutes(2, "sku_unmapped"), minutes(30, "short_stock", "shen"), minutes(4, "short_stock", "")]

    assert [(one.of, one.n, one.late) for one in by_kind(all_)] == [
        ("short_stock", 2, 1),
        ("sku_unmapped", 1, 0),
    ]
    assert [(one.of, one.n) for one in by_owner(all_)] == [("", 1), ("lin", 1), ("shen", 1)]


def test_ages_of_the_open_ones_add_up():
    open_ = [minutes(n) for n in (0, 27, 28, 59, 60, 300, 5_000)]

    found = ages(open_)

    assert [(age.below_min, age.n, age.late) for age in found] == [
        (28, 2, 0),
        (60, 2, 1),
        (240, 1, 1),
        (1_440, 1, 1),
        (None, 1, 1),
    ]
    assert sum(age.n for age in found) == len(open_)


def test_in_hand_counts_from_the_claim_on_without_waits_and_only_what_was_claimed():
    stop = Stop(wait="stock", since=NOW + 5 * MINUTE, until=NOW + 35 * MINUTE)
    claimed = msgspec.structs.replace(snag(stops=(stop,)), claimed_at=NOW + 10 * MINUTE)

    one = took(claimed, "lin", NOW + 40 * MINUTE, Calendar())

    assert (one.worked_s, one.hand_s) == (600, 300)
    found = figures("", [one, minutes(2), minutes(3)])
    assert (found.n, found.claimed, found.hand_s) == (3, 1, 300)
    assert figures("", [minutes(2)]).claimed == 0


def test_today_is_the_last_of_the_days_of_a_place():
    begins, ends = days_before(NOW, 7, ZoneInfo("Asia/Shanghai"))

    assert (begins.isoformat(), ends.isoformat()) == (
        "2026-06-07T00:00:00+08:00",
        "2026-06-14T00:00:00+08:00",
    )


def test_five_people_are_named_and_four_only_counted():
    def report(*owners: str) -> Report:
        done = Handling(tuple(minutes(1, owner=owner) for owner in owners), ())
        return without_names(reported(done, NOW, NOW, ZoneInfo("UTC"), NOW), "lin")

    many, few = report(*"abcde", ""), report("lin", *"abc", "")

    assert [one.of for one in many.by_owner] == ["", *"abcde"]
    assert (few.people, [one.of for one in few.by_owner], few.closed.n) == (4, ["lin"], 5)


def test_the_pace_is_from_one_act_of_a_person_to_the_next_where_they_did_one_after_another():
    at = [NOW + timedelta(seconds=s) for s in (0, 18, 18.2, 600, 640)]
    acts = [("lin", at[0]), ("shen", at[1]), ("lin", at[1]), ("lin", at[2]), ("lin", at[3]), ("lin", at[4])]

    assert paces(reversed(acts)) == {("lin", at[1]): 18, ("lin", at[4]): 40}


def test_the_pace_is_reported_with_how_many_it_is_of():
    all_ = [msgspec.structs.replace(minutes(2), pace_s=s) for s in (12, 18, 30)]

    found = figures("", [*all_, minutes(3)])

    assert (found.n, found.paced, found.pace_s) == (4, 3, 18)
