"""Lessons by keys in the real window of practice: every one has its hand, and three are played."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import bench_lessons
from lesson_hands import PLAYS

from app.boot.bench import judged, read_budgets
from app.training.course import ORDER


def test_every_lesson_has_a_hand():
    assert set(PLAYS) == set(ORDER)


@pytest.mark.bench
@pytest.mark.timeout(240)  # rounds with a hub and a window each, beside other tests
def test_lessons_are_played_to_their_end_by_keys():
    result = judged(bench_lessons.run(("split_short", "repair_address"), ("zh_CN",)), read_budgets("lessons"))

    assert result["ok"], result
    assert result["figures"]["passed"] == 2
