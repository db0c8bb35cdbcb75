"""Pages of a long list: read at any place, in any order, they are the parts of one list."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import msgspec
import pytest
from builders import NOW, order

from app.command import Refs
from app.domain.rules import Rules
from app.ports import OrderQuery
from sync.projection import Row, create, put
from sync.replica import lists
from sync.replica.steps import STEPS_MAX, Steps

FRAME = lists.Frame(Refs({}, {}, Rules()))
MANY, SIZE = 130, 10
QUERIES = (
    OrderQuery(), OrderQuery(is_rising=True), OrderQuery(sort="amount"), OrderQuery(shop="DY1"),
    OrderQuery(sort="amount", is_rising=True, shop="TM1"), OrderQuery(sort="ship_by"),
)  # fmt: skip


@pytest.fixture
def db():
    """Orders of which many cost the same and came in the same minute."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    create(made)
    orders = (
        order(
            f"o{n:03d}",
            shop="DY1" if n % 3 else "TM1",
            received_at=NOW + timedelta(minutes=n // 4),
            payable_minor=100 * (n % 7),
        )
        for n in range(MANY)
    )
    put(made, [Row("order", one.id, 1, msgspec.json.encode(one)) for one in orders])
    yield made
    made.close()


def page(db: sqlite3.Connection, query: OrderQuery, start: int, steps: Steps) -> list[str]:
    rows, step = lists.page(db, FRAME, query, start, SIZE, steps.near(query, start))
    steps.note(step)
    return [row.id for row in rows]


@pytest.mark.parametrize("query", QUERIES)
def test_pages_read_here_and_there_are_those_of_one_list(db: sqlite3.Connection, query: OrderQuery) -> None:
    rows, _ = lists.page(db, FRAME, query, 0, MANY)
    whole, steps = [row.id for row in rows], Steps()

    places = [n * 37 % (MANY + SIZE) for n in range(60)]

    assert [page(db, query, at, steps) for at in places] == [whole[at : at + SIZE] for at in places]


def test_a_step_is_of_one_list_at_one_moment() -> None:
    steps = Steps()
    assert steps.near("a", 500) is None
    steps.note(lists.Step(199, 7, 3))
    steps.note(lists.Step(399, 6, 2))

    assert steps.near("a", 398) == lists.Step(199, 7, 3)
    assert steps.near("a", 399) == lists.Step(399, 6, 2)
    assert steps.near("a", 198) is None
    assert steps.near("b", 500) is None
    assert steps.near("a", 500) is None


def test_steps_do_not_grow_for_ever() -> None:
    steps = Steps()
    steps.near("a", 0)
    for place in range(STEPS_MAX + 1):
        steps.note(lists.Step(place, 0, 0))

    assert steps.near("a", STEPS_MAX) is None
