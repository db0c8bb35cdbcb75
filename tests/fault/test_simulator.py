"""The simulator, in its short form: some seeds keep every promise; a seed says everything about its run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from schedules import count_a_shelf, get_ready, small_world
from simulate import Plan, minimal, run

ROOT = Path(__file__).resolve().parents[2]
SEEDS = range(1, 9)
STEPS = 300
WHOLE = (2, 4)
"""Here hubs do all they do by themselves and people change places, as always in `run.py fault simulate`."""
REPEATS = """
import sys
sys.path[:0] = {path!r}
from simulate import Plan, run
one = run(Plan(1, 250, is_small=True))
print("\\n".join(one.trace), one.verdict.findings, one.steps)
"""

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_every_promise_is_kept(seed: int) -> None:
    outcome = run(Plan(seed, STEPS, is_small=seed not in WHOLE))

    assert outcome.verdict.findings == [], outcome.plan.replay
    assert outcome.steps >= STEPS


def test_something_did_go_wrong() -> None:
    outcome = run(Plan(23, STEPS, is_small=True))

    assert outcome.verdict.findings == []
    assert outcome.happened.total() > 5
    assert outcome.verdict.promised > 5


def test_a_seed_says_everything_about_its_run() -> None:
    path = [str(ROOT / "tests" / "fault"), str(ROOT / "tests" / "bench"), str(ROOT / "tests"), str(ROOT)]
    program = [sys.executable, "-c", REPEATS.format(path=path)]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    told = [
        subprocess.run(
            program, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
        ).stdout
        for _ in range(2)
    ]

    assert told[0] == told[1]
    assert "promises" in told[0]


def test_of_a_failure_the_smallest_run_is_told() -> None:
    failed = run(Plan(1, STEPS, bug="wrong_row", is_small=True))
    smallest = minimal(failed, tries=12)

    assert "I9" in failed.broken & smallest.broken
    assert smallest.plan.steps < failed.plan.steps
    assert run(smallest.plan).trace == smallest.trace
    assert f"--seed 1 --steps {smallest.plan.steps}" in smallest.plan.replay


def test_a_desk_whose_power_went_with_its_last_step_is_not_level() -> None:
    """It promised something and nobody has switched it on again: what it says of itself is from before."""
    with small_world(None) as world:
        (desk,) = world.desks
        get_ready(world, desk)
        count_a_shelf(world, desk)
        desk.plan.kind = "dead"
        world.heal()

        assert desk.lives > 1
        assert world._is_level()
    assert world.judge().findings == []
