"""The hand that is counted, and what was published of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import bench_hands
from counted_hand import Count, keys_in, keys_of
from hands_tasks import TASKS

import resources
from app.boot.bench import judged, read_budgets

CELLS = re.compile(r"^\| (?P<task>\S.*) \| (?P<keys>\d+) \| (?P<seconds>[\d.]+) \|$", re.MULTILINE)


@pytest.mark.parametrize(
    ("key", "count"), [("1", 1), ("Ctrl+Enter", 2), ("Ctrl+Shift+X", 3), ("Alt+Left", 2), ("?", 2)]
)
def test_what_is_held_with_a_key_is_a_key_of_its_own(key: str, count: int):
    assert keys_of(key) == count


def test_a_capital_is_typed_with_two_keys():
    assert keys_in("ln-2W") == 6


def test_a_task_takes_as_long_as_its_keys_moves_changes_of_hand_and_decisions():
    count = Count(keys=10, points=1, clicks=1, scans=2, homings=3, decisions=4)

    assert count.seconds == round(11 * 0.28 + 3 * 1.1 + 3 * 0.4 + 4 * 1.2, 1)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_help_tells_the_figures_of_the_budgets(language: str):
    budgets = read_budgets("hands")
    published = CELLS.findall(resources.read("help", language, "hands.md").decode())

    assert [(int(keys), float(seconds)) for _task, keys, seconds in published] == [
        (budgets[f"{task.code}_keys"]["max"], budgets[f"{task.code}_s"]["max"]) for task in TASKS
    ]


def test_nothing_everyday_needs_the_mouse():
    assert read_budgets("hands")["points"] == {"max": 0}


@pytest.mark.bench
@pytest.mark.timeout(240)  # a window that opens beside other tests, and hands that wait for it
def test_everyday_tasks_take_no_key_more_than_was_published():
    tasks = ("repair_address", "split_short", "find_by_phone")
    budgets = {name: bound for name, bound in read_budgets("hands").items() if name.startswith(tasks)}

    result = judged(bench_hands.run(tasks), budgets)

    assert len(budgets) == 2 * len(tasks)
    assert result["ok"], result
