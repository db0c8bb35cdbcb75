"""How fast and how well orders find their warehouses: one by one, in waves, against two simple habits.

Units: milliseconds and seconds of CPU of this process. Savings are shares of what the habit's day costs in
freight, splits and lateness; nobody's order is left out: one that is not sent costs more than any parcel.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import sourcing_day
from meters import load_average, percentile, rounded

from app.boot.bench import Measured
from app.sourcing.case import Order, Place, Policy
from app.sourcing.cheapest import Plan
from app.sourcing.deciding import Question, decide
from app.sourcing.lanes import Lanes
from app.sourcing.wave import UNSERVED_MINOR, decide_wave

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sourcing_world

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORDERS, PLACES = 3_000, 12
WAVE_ORDERS, WAVE_PLACES = 1_000, 10
SMALL_CASES = 200


class Total(NamedTuple):
    """What a day came to. Units: minor units."""

    cost: int
    freight: int
    parcels: int
    unserved: int


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the test data")
    parser.add_argument("--orders", type=int, default=ORDERS)


def measure(asked: argparse.Namespace) -> Measured:
    if not (asked.data / sourcing_day.FOLDER).is_dir():
        raise SystemExit(f"skipped: there is no {sourcing_day.FOLDER} in the test data (--data)")
    return run(asked.data, asked.orders)


def run(data: Path, orders: int) -> Measured:
    """Measure a day one by one, one wave of it, and small cases against trying everything."""
    figures: dict[str, float | int | bool | str] = {}
    figures |= of_orders(data, orders)
    figures |= of_wave(data)
    figures["exhaustive_misses"] = of_small_cases(SMALL_CASES)
    figures["load_average"] = load_average()
    return Measured("sourcing", "sourcing", figures)


def of_orders(data: Path, count: int) -> dict[str, float | int]:
    """Send a day three times: by the exact minimum, from the nearest, from the first that has it."""
    today = sourcing_day.day(data, count, PLACES)
    ours, times_ms = exactly(today)
    nearest = habit(sourcing_day.day(data, count, PLACES), from_nearest)
    first = habit(sourcing_day.day(data, count, PLACES), from_first)
    return {
        "orders": count,
        "places": PLACES,
        "order_ms_p50": rounded(percentile(times_ms, 0.5), 3),
        "order_ms_p99": rounded(percentile(times_ms, 0.99), 3),
        "orders_per_s": rounded(1_000 * len(times_ms) / sum(times_ms)),
        "saved_against_nearest": rounded((nearest.cost - ours.cost) / nearest.cost, 4),
        "saved_against_first": rounded((first.cost - ours.cost) / first.cost, 4),
        "freight_saved_against_nearest": rounded((nearest.freight - ours.freight) / nearest.freight, 4),
        "freight_saved_against_first": rounded((first.freight - ours.freight) / first.freight, 4),
        "cost_per_order": rounded(ours.cost / count / 100, 2),
        "parcels_per_order": rounded(ours.parcels / count, 3),
        "nearest_parcels_per_order": rounded(nearest.parcels / count, 3),
        "first_parcels_per_order": rounded(first.parcels / count, 3),
        "unserved": ours.unserved,
        "nearest_unserved": nearest.unserved,
        "first_unserved": first.unserved,
    }


def exactly(today: sourcing_day.Day) -> tuple[Total, list[float]]:
    """Decide about each order as it comes; what it takes is gone."""
    lanes = Lanes(today.carriers, today.atlas)
    cost = freight = parcels = unserved = 0
    times_ms = []
    gc.collect()
    gc.freeze()
    for order in today.orders:
        began = time.thread_time_ns()
        decision = decide(order, today.places, today.policy, lanes, sourcing_day.NOW)
        times_ms.append((time.thread_time_ns() - began) / 1e6)
        skus = {want.line: want.sku for want in order.wants}
        for parcel in decision.parcels:
            for line, qty in parcel.takes:
                today.stock[parcel.place][skus[line]] -= qty
        unserved += not decision.is_whole
        cost += decision.score if decision.is_whole else UNSERVED_MINOR
        freight += decision.freight_minor
        parcels += len(decision.parcels)
    gc.unfreeze()
    return Total(cost, freight, parcels, unserved), times_ms


Habit = Callable[[Question, Sequence[Place]], dict[int, list[int]] | None]
"""Says what each place sends of each item."""


def habit(today: sourcing_day.Day, take: Habit) -> Total:
    """Send a day by a habit; freight is that of the cheapest carrier on each way it takes."""
    lanes = Lanes(today.carriers, today.atlas)
    cost = freight = parcels = unserved = 0
    for order in today.orders:
        question = Question(order, order.wants, today.places, today.policy, lanes, sourcing_day.NOW)
        taken = take(question, today.places)
        if taken is None:
            unserved += 1
            cost += UNSERVED_MINOR
            continue
        km = sum(question.roads[site].km for site in taken)
        sending = question.sending(Plan(0, tuple((site, tuple(mine)) for site, mine in taken.items()), km))
        for site, mine in taken.items():
            for bundle, qty in zip(question.bundles, mine, strict=True):
                if qty:
                    today.stock[today.places[site].code][bundle.wants[0].sku] -= qty
        cost += sending.score
        freight += sending.freight_minor
        parcels += len(sending.parcels)
    return Total(cost, freight, parcels, unserved)


def from_nearest(question: Question, places: Sequence[Place]) -> dict[int, list[int]] | None:
    """Take each article from the nearest place that has some of it, then the next."""
    return _filled(question, sorted(range(len(places)), key=lambda site: question.roads[site].km))


def from_first(question: Question, places: Sequence[Place]) -> dict[int, list[int]] | None:
    """Take everything from the first of the list that has it all; else each article from the first."""
    sites = range(len(places))
    for site in sites:
        have = question.sites[site].have
        if all(have[i] >= item.qty for i, item in enumerate(question.items)):
            return {site: [item.qty for item in question.items]}
    return _filled(question, sites)


def _filled(question: Question, sites: Sequence[int]) -> dict[int, list[int]] | None:
    taken: dict[int, list[int]] = {}
    for i, item in enumerate(question.items):
        left = item.qty
        for site in sites:
            qty = min(left, question.sites[site].have[i])
            if qty:
                taken.setdefault(site, [0] * len(question.items))[i] = qty
                left -= qty
        if left:
            return None
    return taken


def of_wave(data: Path) -> dict[str, float | int]:
    """Decide about a wave together; room and stock are scarce in it."""
    today = sourcing_day.day(data, WAVE_ORDERS, WAVE_PLACES)
    policies: dict[str, Policy] = dict.fromkeys((order.id for order in today.orders), today.policy)
    lanes = Lanes(today.carriers, today.atlas)
    began = time.process_time()
    wave = decide_wave(today.orders, today.places, policies, lanes, sourcing_day.NOW)
    cpu_s = time.process_time() - began
    one_by_one, _ = exactly(sourcing_day.day(data, WAVE_ORDERS, WAVE_PLACES))
    return {
        "wave_orders": len(today.orders),
        "wave_s": rounded(cpu_s, 2),
        "wave_orders_per_s": rounded(len(today.orders) / cpu_s),
        "gap_to_bound": rounded(wave.gap, 6),
        "wave_rounds": wave.rounds,
        "wave_unserved": len(wave.unserved),
        "wave_oversold": oversold(today.orders, wave.decisions, today.stock),
        "saved_by_wave": rounded((one_by_one.cost - wave.cost) / one_by_one.cost, 4),
    }


def oversold(orders: Sequence[Order], decisions: Sequence[object], stock: dict[str, dict[str, int]]) -> int:
    """Count shelves of which a wave takes more than lies there."""
    left = {(code, sku): qty for code, free in stock.items() for sku, qty in free.items()}
    for order, decision in zip(orders, decisions, strict=True):
        skus = {want.line: want.sku for want in order.wants}
        for parcel in decision.parcels:  # type: ignore[attr-defined]
            for line, qty in parcel.takes:
                left[parcel.place, skus[line]] -= qty
    return sum(qty < 0 for qty in left.values())


def of_small_cases(count: int) -> int:
    """Count small cases in which trying everything finds something cheaper."""
    chance = Random(1)  # noqa: S311 - the same cases every time
    lanes = Lanes(sourcing_world.CARRIERS, sourcing_world.ATLAS)
    misses = 0
    for _ in range(count):
        bought, places, policy = sourcing_world.random_case(chance)
        decision = decide(bought, places, policy, lanes, sourcing_world.NOW)
        found = decision.score if decision.is_whole else None
        misses += found != sourcing_world.least(bought, places, policy)
    return misses
