"""Which sites to open and what each demand gets from which, for the least cost.

The capacitated facility location problem, with at most so many sites a demand, and with the strong rows
(nobody is served from a closed site) that make its linear bound tight. Costs are added up from the plan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from app.sourcing.instance import Instance
from app.sourcing.solver import INFINITE, Programme, Solved

NOTHING = 1e-9
GAP = 1e-6
"""A plan within this share of the bound is called the best: costs are given in hundredths."""
LOOK_MOST = 3_000_000
"""So many pairs are looked at to find a plan to begin with."""

Flow = tuple[int, int, float]
"""(demand, site, amount)"""


class Opening(NamedTuple):
    """A plan. `bound`: no plan costs less. `status`: optimal, time (the best within it), infeasible."""

    status: str
    open: tuple[int, ...] = ()
    flows: tuple[Flow, ...] = ()
    fixed: float = 0.0
    carriage: float = 0.0
    bound: float = 0.0

    @property
    def cost(self) -> float:
        """Return what opening and serving cost together."""
        return self.fixed + self.carriage

    @property
    def gap(self) -> float:
        """Return how far above the bound the plan may be, as a share of its cost."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost else 0.0


def plan_opening(instance: Instance, limit_s: float = INFINITE) -> Opening:
    """Return the cheapest plan, or the best that was found within the time. Units: seconds of the clock."""
    begin = _begin(instance)
    model = _Model(instance)
    solved = model.programme.solve(limit_s=limit_s, gap=GAP, start=model.start(begin) if begin else None)
    flows = model.flows(solved) if solved.values else begin
    bound = max(solved.bound if solved.bound > -INFINITE else 0.0, _least(instance))
    if solved.status == "infeasible" or (flows is None and not math.isfinite(bound)):
        return Opening("infeasible")
    if flows is None:
        return Opening("time", bound=bound)
    if begin is not None and _cost(instance, begin) < _cost(instance, flows):
        flows = begin
    opened = sorted({site for _, site, _ in flows})
    fixed = math.fsum(instance.sites[site].fixed for site in opened)
    carriage = math.fsum((instance.costs[demand][site] or 0.0) * amount for demand, site, amount in flows)
    return Opening(solved.status, tuple(opened), tuple(flows), fixed, carriage, min(bound, fixed + carriage))


class _Model:
    """The programme of an instance, and where everything stands in it."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.programme = instance, Programme()
        put = self.programme
        self.opens = [put.column(site.fixed, whole=True) for site in instance.sites]
        self.shares: list[dict[int, int]] = []
        self.used: list[dict[int, int]] = []
        rooms = [put.row(-INFINITE, 0) if site.capacity is not None else -1 for site in instance.sites]
        for site, room in enumerate(rooms):
            if room >= 0:
                put.put(room, self.opens[site], -(instance.sites[site].capacity or 0.0))
        for demand, costs in zip(instance.demands, instance.costs, strict=True):
            shares = {
                site: put.column(cost * demand.qty, whole=instance.most == 1)
                for site, cost in enumerate(costs)
                if cost is not None and demand.qty > 0
            }
            if demand.qty > 0:
                put.row(1, 1, ((column, 1) for column in shares.values()))
            self.shares.append(shares)
            self.used.append(self._links(shares))
            for site, column in shares.items():
                if rooms[site] >= 0:
                    put.put(rooms[site], column, demand.qty)
        if all(site.capacity is not None for site in instance.sites):
            wanted = math.fsum(demand.qty for demand in instance.demands)
            put.row(
                wanted,
                INFINITE,
                ((o, s.capacity or 0.0) for o, s in zip(self.opens, instance.sites, strict=True)),
            )

    def _links(self, shares: dict[int, int]) -> dict[int, int]:
        """Let nobody be served from a closed site, nor from more sites than allowed."""
        put, most = self.programme, self.instance.most
        if most is None or most == 1 or most >= len(shares):
            for site, column in shares.items():
                put.row(-INFINITE, 0, ((column, 1), (self.opens[site], -1)))
            return {}
        used = {site: put.column(0, whole=True) for site in shares}
        put.row(-INFINITE, most, ((column, 1) for column in used.values()))
        for site, column in shares.items():
            put.row(-INFINITE, 0, ((column, 1), (used[site], -1)))
            put.row(-INFINITE, 0, ((used[site], 1), (self.opens[site], -1)))
        return used

    def start(self, flows: Sequence[Flow]) -> dict[int, float]:
        """Write a plan as values of all columns."""
        values = dict.fromkeys(range(len(self.programme.costs)), 0.0)
        for demand, site, amount in flows:
            values[self.opens[site]] = 1.0
            values[self.shares[demand][site]] = amount / self.instance.demands[demand].qty
            if self.used[demand]:
                values[self.used[demand][site]] = 1.0
        return values

    def flows(self, solved: Solved) -> list[Flow]:
        """Read a plan; what the solver leaves by rounding is given to the largest share."""
        flows: list[Flow] = []
        for demand, shares in enumerate(self.shares):
            qty = self.instance.demands[demand].qty
            mine = {site: solved.values[column] for site, column in shares.items()}
            kept = {site: share for site, share in mine.items() if share > NOTHING * 1_000}
            total = math.fsum(kept.values())
            if len(kept) == 1:
                kept, total = dict.fromkeys(kept, 1.0), 1.0
            flows += [(demand, site, qty * share / total) for site, share in kept.items()]
        return flows


def _cost(instance: Instance, flows: Sequence[Flow]) -> float:
    fixed = math.fsum(instance.sites[site].fixed for site in {site for _, site, _ in flows})
    return fixed + math.fsum((instance.costs[demand][site] or 0.0) * amount for demand, site, amount in flows)


def _least(instance: Instance) -> float:
    """Return a cost no plan is below: each demand from its cheapest site, the cheapest room in parts."""
    carriage = 0.0
    for demand, costs in zip(instance.demands, instance.costs, strict=True):
        if demand.qty > 0:
            carriage += demand.qty * min((cost for cost in costs if cost is not None), default=INFINITE)
    left = math.fsum(demand.qty for demand in instance.demands)
    fixed = 0.0
    rooms = [(s.fixed / s.capacity, s.capacity) for s in instance.sites if s.capacity]
    if any(site.capacity is None for site in instance.sites):
        return carriage
    for price, room in sorted(rooms):
        fixed += price * min(left, room)
        left -= min(left, room)
    return carriage + fixed if left <= NOTHING else INFINITE


def _begin(instance: Instance) -> list[Flow] | None:
    """Return a plan to begin with: all sites open, then closed one by one while that saves something."""
    opened = set(range(len(instance.sites)))
    best = _served(instance, opened)
    looks = len(instance.sites) * len(instance.demands)
    pairs = looks
    by_price = sorted(opened, key=lambda site: -instance.sites[site].fixed)
    for site in by_price:
        pairs += looks
        if best is None or pairs > LOOK_MOST:
            break
        fewer = _served(instance, opened - {site})
        if fewer is not None and _cost(instance, fewer) < _cost(instance, best):
            best, opened = fewer, opened - {site}
    return best


def _served(instance: Instance, opened: set[int]) -> list[Flow] | None:
    """Serve the largest demands first, each from the cheapest open sites with room; None where that fails."""
    room = {site: _room(instance, site) for site in opened}
    most = instance.most or len(instance.sites)
    flows: list[Flow] = []
    for demand in sorted(range(len(instance.demands)), key=lambda n: -instance.demands[n].qty):
        left = instance.demands[demand].qty
        costs = instance.costs[demand]
        ways = sorted(
            (cost, site) for site in opened if (cost := costs[site]) is not None and room[site] > NOTHING
        )
        for used in range(most):
            if left <= 0:
                break
            last = used == most - 1
            site = next(
                (site for _, site in ways if room[site] >= left or (not last and room[site] > NOTHING)), -1
            )
            if site < 0:
                return None
            ways = [way for way in ways if way[1] != site]
            amount = min(left, room[site])
            room[site] -= amount
            left -= amount
            flows.append((demand, site, amount))
        if left > 0:
            return None
    return flows


def _room(instance: Instance, site: int) -> float:
    capacity = instance.sites[site].capacity
    return INFINITE if capacity is None else capacity
