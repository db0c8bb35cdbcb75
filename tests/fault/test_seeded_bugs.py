"""Bugs put in on purpose: each of them is caught, within few seeds, or there is a hole in what we look at."""

from __future__ import annotations

import pytest
from bugs import BUGS
from hunting import hunt

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

KNOWN_BY: dict[str, int] = {}
"""A seed that shows the bug at once; the others are looked for from the first seed on."""
SEEDS = 40


def test_there_are_enough_of_them() -> None:
    assert len(BUGS) >= 20


@pytest.mark.parametrize("name", [name for name, one in BUGS.items() if not one.is_slow])
def test_it_is_caught(name: str) -> None:
    assert hunt(BUGS[name], SEEDS, KNOWN_BY.get(name, 1)) is not None, BUGS[name].why
