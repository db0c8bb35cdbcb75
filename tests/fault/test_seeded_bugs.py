"""Bugs put in on purpose: each of them is caught, within few seeds, or there is a hole in what we look at."""

from __future__ import annotations

import pytest
from bugs import BUGS, installed
from hunting import hunt

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

SHOWN_BY = {
    "believes": 1,
    "counts_twice": 1,
    "cursor_before_rows": 59,
    "emptied_on_send": 1,
    "forgets_to_sum": 1,
    "forgets_what_was_accepted": 5,
    "gives_up": 1,
    "mixes_numbers": 1,
    "no_dedupe": 1,
    "pages_cut_a_number": 1,
    "prunes_what_is_not_protected": 5,
    "says_applied": 1,
    "skips_a_number": 1,
    "slices_move_early": 82,
    "takes_in_twice": 1,
    "wrong_row": 1,
}
"""Seeds that show a bug soon; the others are hunted by `run.py fault bugs`, which takes its time."""
SEEDS = 6


def test_there_are_enough_of_them() -> None:
    assert len(BUGS) >= 20


@pytest.mark.parametrize("name", BUGS)
def test_it_can_be_put_in_and_taken_out(name: str) -> None:
    with installed(BUGS[name]):
        assert BUGS[name].why


@pytest.mark.parametrize("name", SHOWN_BY)
def test_it_is_caught(name: str) -> None:
    assert hunt(BUGS[name], SEEDS, SHOWN_BY[name]) is not None, BUGS[name].why
