"""Who looks at one order after the other is told when their pace drifts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.fatigue import Pace
from tests.builders import NOW


def after(*took_s: float, every_s: int = 60) -> Pace:
    pace = Pace()
    for n, each in enumerate(took_s):
        pace = pace.with_one(round(each * 1_000), NOW + timedelta(seconds=n * every_s))
    return pace


@pytest.mark.parametrize(
    ("took", "said"),
    [
        ((20,) * 12, None),
        ((20,) * 11, None),
        ((20,) * 6 + (33,) * 6, "You take {last} s for one now, {first} s at first. A pause helps."),
        ((20,) * 6 + (9,) * 6, "You take {last} s for one now, {first} s at first. Slow down, or pause."),
        ((20,) * 6 + (33,) * 3 + (20,) * 3, None),
    ],
)
def test_drift_either_way_is_told_once_there_is_enough_to_compare(took, said):
    advice = after(*took).advice()

    assert (advice.message if advice else None) == said


def test_fifty_minutes_without_a_pause_are_told_and_a_pause_begins_anew():
    long = after(*(20,) * 51)
    rested = long.with_one(20_000, NOW + timedelta(seconds=51 * 60 + 600))

    assert long.advice().params == {"minutes": 50}
    assert rested.advice() is None
    assert rested.took_ms == (20_000,)


def test_only_the_first_and_the_last_are_kept():
    assert len(after(*(20,) * 200).took_ms) <= 13
