"""Bugs put in on purpose: each of them is caught, by a seed or a schedule named here, or there is a hole."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Signature, signature
from types import FunctionType
from typing import Any

import pytest
from bugs import BUGS, installed
from elsewhere import HUNTED_BY, NOTICED_BY
from hunting import hunt
from schedules import MEETS, Schedule

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

SHOWN_BY = {
    "believes": 1,
    "chain_forgets": 1,
    "counts_twice": 1,
    "drops_what_is_too_old": 7,
    "emptied_on_send": 1,
    "forgets_what_was_accepted": 9,
    "gives_up": 1,
    "hands_out_behind_the_journal": 1,
    "keeps_no_base": 1,
    "keeps_what_rolled_back": 9,
    "last_n_not_written": 1,
    "lays_over_old_rows": 4,
    "mixes_numbers": 1,
    "no_dedupe": 1,
    "no_way_back_to_stock": 4,
    "pages_cut_a_number": 1,
    "promises_what_the_disk_refused": 4,
    "prunes_what_is_not_protected": 6,
    "reads_only_today": 2,
    "remembers_too_long": 36,
    "says_applied": 2,
    "skips_a_number": 1,
    "stays_the_same": 4,
    "takes_in_twice": 1,
    "wrong_row": 1,
}
"""The first seed that shows a bug in its weather; `run.py fault bugs` hunts each afresh."""
SEEDS = 6


def test_each_has_somebody_who_catches_it() -> None:
    assert len(BUGS) >= 20
    assert {*SHOWN_BY, *MEETS, *NOTICED_BY, *HUNTED_BY} == set(BUGS)


@pytest.mark.parametrize("name", BUGS)
def test_it_can_be_put_in_and_taken_out(name: str) -> None:
    with installed(BUGS[name]):
        assert BUGS[name].why


@pytest.mark.parametrize("name", SHOWN_BY)
def test_it_is_caught(name: str) -> None:
    assert hunt(BUGS[name], SEEDS, SHOWN_BY[name]) is not None, BUGS[name].why


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_bug_takes_what_the_code_it_stands_in_for_takes(name: str):
    """Else it would be caught as the mistake of calling it, and nobody would notice that."""

    def put(place: Any, attribute: str, value: Any) -> None:
        was = getattr(place, attribute)
        if isinstance(was, FunctionType) and isinstance(value, FunctionType):
            assert _accepts(value, signature(was)), f"{place.__name__}.{attribute}"

    BUGS[name].put_in(put)


def _accepts(stand_in: Callable[..., Any], asked: Signature) -> bool:
    kinds = asked.parameters.values()
    by_place = [one for one in kinds if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD}]
    by_name = {one.name: None for one in kinds if one.kind is one.KEYWORD_ONLY}
    try:
        signature(stand_in).bind(*by_place, **by_name)
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("name", MEETS)
def test_it_is_met_in_every_run(name: str) -> None:
    assert MEETS[name](BUGS[name]) != [], BUGS[name].why


@pytest.mark.parametrize("schedule", dict.fromkeys(MEETS.values()), ids=lambda one: one.__name__)
def test_a_schedule_says_nothing_where_nothing_is_wrong(schedule: Schedule) -> None:
    assert schedule(None) == []
