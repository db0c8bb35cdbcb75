"""How well somebody sees is a share with its interval, and nothing while the sample is small."""

from __future__ import annotations

import msgspec
import pytest

from app.domain.drill import Drill, Told
from app.domain.share import share
from app.domain.vouching import Vote
from app.insight.reviewers import review_report, reviewers, seen_by
from tests.builders import NOW, order


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 0, 0.0, 100.0), (0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (81, 263, 25.5, 36.6)],
)
def test_the_interval_is_wilsons(count, of, low, high):
    found = share(count, of)

    assert (found.low_pct, found.high_pct) == pytest.approx((low, high), abs=0.06)


@pytest.mark.parametrize(("of", "is_small"), [(99, True), (100, False)])
def test_below_a_hundred_the_sample_is_too_small(of, is_small):
    assert share(50, of).is_small is is_small


def drill(n: int, *, is_found: bool) -> Drill:
    told = Told(fault="pieces", is_found=is_found, at=NOW)
    one = order()
    return Drill(
        id=f"d{n}", person="gu", mistake=f"m{n}", asked=one, shown=one, checks=(), planted_at=NOW, told=told
    )


def vote(user: str, seal: str, *, is_pass: bool, unread: int = 0) -> Vote:
    return Vote(user=user, content_hash=seal, revision=1, maker="lin", is_pass=is_pass, at=NOW, unread=unread)


def test_a_no_to_what_left_as_it_was_is_a_false_alarm_and_unread_is_counted_apart():
    votes = [
        vote("gu", "left", is_pass=False),
        vote("gu", "left too", is_pass=True),
        vote("gu", "left too", is_pass=True, unread=1),
        vote("gu", "mended", is_pass=False),
        vote("he", "left", is_pass=True),
    ]

    gu, he = reviewers(
        [drill(1, is_found=True), drill(2, is_found=False), drill(3, is_found=True)],
        votes,
        frozenset({("left", 1), ("left too", 1)}),
    )

    assert (gu.person, gu.hits.count, gu.hits.of) == ("gu", 2, 3)
    assert (gu.false_alarms.count, gu.false_alarms.of, gu.unread, gu.is_small) == (1, 2, 1, True)
    assert (he.hits.of, he.false_alarms.count, he.false_alarms.of) == (0, 0, 1)


def test_a_review_that_is_still_open_tells_nobody_what_the_other_said():
    votes = [
        vote("gu", "open", is_pass=True),
        vote("he", "open", is_pass=False),
        vote("gu", "left", is_pass=True),
        vote("he", "left", is_pass=True),
        vote("gu", "back", is_pass=False),
        vote("he", "back", is_pass=False),
        vote("an", "back", is_pass=True),
        vote("he", "alone", is_pass=False),
    ]

    an, gu, he = reviewers([], votes, frozenset({("left", 1)}))

    assert [(one.agreed.count, one.agreed.of) for one in (an, gu, he)] == [(0, 1), (2, 2), (2, 2)]


def test_how_long_a_verdict_takes_is_a_median_of_those_that_were_timed():
    votes = [
        msgspec.structs.replace(vote("gu", f"s{n}", is_pass=True), read_ms=ms)
        for n, ms in enumerate((0, 3_000, 60_000, 5_000))
    ]

    (gu,) = reviewers([], votes, frozenset())

    assert (gu.verdicts, gu.timed, gu.median_s) == (4, 3, 5.0)


@pytest.mark.parametrize(("people", "named"), [(4, 1), (5, 5)])
def test_of_fewer_than_five_nobody_is_named_but_the_reader(people, named):
    votes = [vote(f"p{n}", "s", is_pass=True) for n in range(people)]
    whole = review_report([], votes, frozenset(), 2, (NOW, NOW, "UTC", NOW))

    lead, own = (seen_by(whole, "p1", reads_all=reads_all) for reads_all in (True, False))

    assert (len(lead.persons), lead.whole.verdicts) == (named, people)
    assert ([one.person for one in own.persons], own.whole.verdicts, own.is_own) == (["p1"], 1, True)
