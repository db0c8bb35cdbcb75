"""The table of moves: complete, reachable, and the only way."""

from __future__ import annotations

import pytest

from app import engine
from app.domain.lifecycle import MOVES, check, may_move, reachable
from app.domain.order import TITLES, Status


def test_every_state_can_be_reached():
    assert reachable() == frozenset(Status)


def test_every_state_has_a_title():
    assert set(TITLES) == set(Status)


def test_every_move_is_asked_by_a_command_or_follows_by_itself():
    assert {move.by for move in MOVES} <= {*engine.SPECS, "engine"}


def test_no_move_stands_there_twice():
    assert len({(m.before, m.after, m.by) for m in MOVES}) == len(MOVES)


def test_nothing_leaves_returned():
    assert [move for move in MOVES if move.before is Status.RETURNED] == []


def test_a_move_outside_the_table_is_a_bug():
    assert not may_move(Status.RECEIVED, Status.SHIPPED, "ship")
    with pytest.raises(LookupError, match="ship may not move received → shipped"):
        check(Status.RECEIVED, Status.SHIPPED, "ship")
