"""The storm, in its short form: hubs and desks are killed for real, and nothing that was promised is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from driver import run, stage
from place import KEY, Town
from processes import HubProcess, until

ROUNDS = 20
SHORT = 5
SOME = 10

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]


def figures(storm) -> dict[str, object]:
    """What must be nought, and the evidence when it is not."""
    verdict = storm.verdict
    return {
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "oversold": verdict.oversold,
        "self_approved": verdict.self_approved,
        "stalls": verdict.stalls,
        "findings": verdict.findings,
    }


CLEAN = {"lost": 0, "doubled": 0, "oversold": 0, "self_approved": 0, "stalls": 0, "findings": []}


def test_twenty_of_every_fault_lose_and_double_nothing(tmp_path: Path) -> None:
    storm = run(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, rounds=ROUNDS, seed=1)

    assert figures(storm) == CLEAN
    assert min(storm.hub_killed, storm.desk_killed) >= ROUNDS
    assert min(storm.met["lost"] + storm.met["torn"], storm.met["twice"] + storm.met["echo"]) >= ROUNDS
    assert {"mid_tx", "before_commit", "after_commit", "before_ack", "kill"} <= storm.crashes.keys()
    assert storm.verdict.promised > 5 * ROUNDS


@pytest.mark.postgres
def test_the_same_holds_on_postgresql(tmp_path: Path, fresh_postgres: str) -> None:
    storm = run(fresh_postgres, tmp_path, rounds=SHORT, seed=2)

    assert figures(storm) == CLEAN
    assert min(storm.hub_killed, storm.desk_killed) >= SHORT


@pytest.mark.postgres
def test_two_hubs_may_share_one_database(tmp_path: Path, fresh_postgres: str) -> None:
    storm = run(fresh_postgres, tmp_path, rounds=SHORT, seed=3, hubs=2)

    assert figures(storm) == CLEAN
    assert storm.hub_killed >= SHORT


def test_a_wall_clock_that_is_a_day_wrong_decides_nothing(tmp_path: Path) -> None:
    people = ("lin", "zhou", "gu")  # right, a day ahead, a day behind
    with stage(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, seed=4, people=people) as on:
        assert [desk.hours for desk in on.desks] == [0, 24, -24]
        done = [desk.ask(f"do {SOME}")["done"] for desk in on.desks]
        on.heal()
        storm = on.judge()

    assert done == [SOME, SOME, SOME]
    assert figures(storm) == CLEAN
    assert storm.verdict.promised == 3 * SOME


def test_a_hub_dies_when_its_desk_dies(tmp_path: Path) -> None:
    town = Town(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, 5)
    hub = HubProcess(town.database, tmp_path / "hub", KEY).start()
    until(lambda: hub.port, "the hub answers")

    hub.stop()

    assert hub.code == 0
    town.engine.dispose()


def test_a_crash_point_ends_the_hub_at_once(tmp_path: Path) -> None:
    town = Town(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, 6)
    hub = HubProcess(town.database, tmp_path / "hub", KEY, crash="mid_tx").start()
    town.deliver(SOME)

    until(lambda: hub.code is not None, "the hub comes to its crash point")

    assert hub.code == 128 + signal.SIGKILL
    hub.kill()
    town.engine.dispose()
