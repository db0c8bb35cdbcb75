"""A whole wave decided together: what one order takes is missing to the next, and room is shared.

Every order is decided by itself first. Where that takes more of something than there is, it gets a price that
rises until demand meets it: orders look for their cheapest plan under these prices (column generation), and
whole plans are chosen among those found. The prices also say what no wave could cost less than.
Source: capabilities 6; Gilmore and Gomory 1961, Dantzig and Wolfe 1960.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.domain.decision import Decision, Sending
from app.sourcing.case import Order, Place, Policy
from app.sourcing.cheapest import Plan
from app.sourcing.deciding import Prices, Question, inputs_of, sendings_of
from app.sourcing.lanes import Lanes
from app.sourcing.solver import INFINITE, Programme, Solved

UNSERVED_MINOR = 100_000
"""What an order that nobody sends costs; more than any parcel. Units: minor units."""
ROUNDS_MOST = 30
GAP = 0.0005
"""A wave within this share of its bound is good enough."""
LEAST_GAIN = 0.01
NOTHING = 1e-6

LEAST_S = 0.1
LeftS = Callable[[], float]
"""Says how many seconds of the clock are left."""

Scarce = tuple[str, str]
"""Pieces in a place, or parcels from it where the article is empty."""


def for_ever() -> float:
    """Say that there is all the time in the world."""
    return INFINITE


class Wave(NamedTuple):
    """What became of a wave. `bound`: no wave costs less. Units: minor units."""

    decisions: tuple[Decision, ...]
    cost: int
    bound: float
    unserved: tuple[str, ...]
    rounds: int

    @property
    def gap(self) -> float:
        """Return how far above the bound the wave may be, as a share of its cost."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost else 0.0


class _Column(NamedTuple):
    """One plan of one job: what it costs by itself, and what it takes."""

    job: int
    cost: float
    plan: Plan | None
    uses: Mapping[Scarce, int]


def decide_wave(
    orders: Sequence[Order],
    places: Sequence[Place],
    policies: Mapping[str, Policy],
    lanes: Lanes,
    now: datetime,
    *,
    left_s: LeftS = for_ever,
) -> Wave:
    """Decide about orders together. `policies` by order id; `left_s` says how long it may go on."""
    work = _Work(orders, places, policies, lanes, now, left_s)
    return work.run()


class _Work:
    """One wave under way; a job is what is sent together of one order."""

    def __init__(
        self,
        orders: Sequence[Order],
        places: Sequence[Place],
        policies: Mapping[str, Policy],
        lanes: Lanes,
        now: datetime,
        left_s: LeftS,
    ) -> None:
        self.orders, self.places, self.policies, self.now, self.left_s = orders, places, policies, now, left_s
        self.jobs: list[Question] = []
        self.of_order: list[list[int]] = []
        for order in orders:
            questions = [
                Question(order, wants, places, policies[order.id], lanes, now)
                for wants in sendings_of(order.wants)
            ]
            self.of_order.append(list(range(len(self.jobs), len(self.jobs) + len(questions))))
            self.jobs += questions
        self.rights = self._rights()
        self.columns: list[_Column] = []
        self.known: dict[tuple[int, object], int] = {}
        self.prices = Prices({}, {})
        self.alone: list[float] = []
        self.own: list[_Column] = []

    def run(self) -> Wave:
        """Decide."""
        for job, question in enumerate(self.jobs):
            search, best = question.search()
            self.alone.append(min(best.cost if best is not None else INFINITE, UNSERVED_MINOR))
            self._keep(job, None, None)
            for plan in search.plans:
                self._keep(job, plan, None)
        chosen = {column.job: column for column in sorted(self.columns, key=lambda one: -one.cost)}
        self.own = [chosen[job] for job in range(len(self.jobs))]
        bound, rounds = math.fsum(self.alone), 0
        if not self._fit(chosen.values()):
            bound, rounds = self._price(bound)
            chosen = self._choose(bound)
        return self._told(chosen, bound, rounds)

    def _rights(self) -> dict[Scarce, int]:
        """Return what there is of everything that all orders together might want more of."""
        wanted: Counter[str] = Counter()
        for question in self.jobs:
            for item, needs in zip(question.items, question.needs, strict=True):
                for sku, each in needs.items():
                    wanted[sku] += each * item.qty
        rights: dict[Scarce, int] = {}
        for place in self.places:
            rights |= {
                (place.code, sku): place.free[sku]
                for sku in wanted
                if 0 < place.free.get(sku, 0) < wanted[sku]
            }
            if place.parcels_left is not None and place.parcels_left < len(self.jobs):
                rights[place.code, ""] = place.parcels_left
        return rights

    def _keep(self, job: int, plan: Plan | None, prices: Prices | None) -> _Column:
        """Remember a plan as a column, once; no plan is to send nothing."""
        key = (job, plan.takes if plan is not None else None)
        if key not in self.known:
            self.known[key] = len(self.columns)
            self.columns.append(self._column(job, plan, prices))
        return self.columns[self.known[key]]

    def _column(self, job: int, plan: Plan | None, prices: Prices | None) -> _Column:
        """Say what a plan costs without the prices it was found under, and what it takes."""
        if plan is None:
            return _Column(job, UNSERVED_MINOR, None, {})
        uses: Counter[Scarce] = Counter()
        question, paid = self.jobs[job], 0.0
        for site, takes in plan.takes:
            code = self.places[site].code
            uses[code, ""] += 1
            for qty, needs in zip(takes, question.needs, strict=True):
                for sku, each in needs.items() if qty else ():
                    uses[code, sku] += qty * each
        if prices is not None:
            paid = sum(n * prices.parcels.get(c, 0) for (c, sku), n in uses.items() if not sku)
            paid += sum(n * prices.pieces.get((c, sku), 0) for (c, sku), n in uses.items() if sku)
        limited = {what: qty for what, qty in uses.items() if what in self.rights}
        return _Column(job, round(plan.cost - paid), plan, limited)

    def _fit(self, chosen: Iterable[_Column]) -> bool:
        used: Counter[Scarce] = Counter()
        for column in chosen:
            used.update(column.uses)
        return all(qty <= self.rights[what] for what, qty in used.items())

    def _master(self, columns: Sequence[_Column], *, whole: bool) -> tuple[Programme, list[Scarce]]:
        master = Programme()
        for _ in self.jobs:
            master.row(1, 1)
        rights = list(self.rights)
        rows = {what: master.row(-INFINITE, self.rights[what]) for what in rights}
        for column in columns:
            number = master.column(column.cost, INFINITE, whole=whole)
            master.put(column.job, number, 1)
            for what, qty in column.uses.items():
                master.put(rows[what], number, qty)
        return master, rights

    def _price(self, bound: float) -> tuple[float, int]:
        """Let prices rise until no order finds a better plan; return the bound, and in how many rounds."""
        best, rounds = bound, 0
        while rounds < ROUNDS_MOST:
            rounds += 1
            master, rights = self._master(self.columns, whole=False)
            solved = master.solve(is_whole=False)
            if not solved.duals or self.left_s() <= 0:
                break
            worth = solved.duals[: len(self.jobs)]
            prices = self.prices = _prices(rights, solved, len(self.jobs))
            low, gained = 0.0, 0
            for job, question in enumerate(self.jobs):
                cost = self.alone[job]
                if _touches(question, prices):
                    plan = question.priced(prices).search()[1]
                    cost = min(plan.cost if plan is not None else INFINITE, UNSERVED_MINOR)
                    if plan is not None and plan.cost < worth[job] - LEAST_GAIN:
                        self._keep(job, plan, prices)
                        gained += 1
                low += cost
            paid = sum(price * self.rights[what] for what, price in prices.pieces.items())
            paid += sum(price * self.rights[code, ""] for code, price in prices.parcels.items())
            best = max(best, low - paid)
            if not gained or solved.cost - best <= GAP / 2 * solved.cost:
                break
        return best, rounds

    def _choose(self, bound: float) -> dict[int, _Column]:
        """Choose a plan of each job, so that all fit."""
        first = min((self._in_turn(jobs) for jobs in self._turns()), key=_cost)
        cost = _cost(first)
        if cost - bound <= GAP * cost:
            return first
        master, _ = self._master(self.columns, whole=True)
        number = {id(column): n for n, column in enumerate(self.columns)}
        start = dict.fromkeys(range(len(self.columns)), 0.0)
        start |= {number[id(column)]: 1.0 for column in first.values()}
        solved = master.solve(limit_s=max(LEAST_S, self.left_s()), gap=GAP, start=start)
        if not solved.values or solved.cost > cost:
            return first
        return {self.columns[n].job: self.columns[n] for n, value in enumerate(solved.values) if value > 0.5}

    def _turns(self) -> Iterator[Sequence[int]]:
        """Yield in which order jobs may be asked: as they came, and those with the fewest places first."""
        came = range(len(self.jobs))
        yield came
        yield sorted(came, key=lambda job: sum(any(site.have) for site in self.jobs[job].sites))

    def _in_turn(self, jobs: Sequence[int]) -> dict[int, _Column]:
        """Let each job in its turn take the plan that is cheapest under the last prices, of what is left."""
        gone: Counter[Scarce] = Counter()
        chosen = {}
        for job in jobs:
            question, column = self.jobs[job], self.own[job]
            is_free = all(gone[what] + qty <= self.rights[what] for what, qty in column.uses.items())
            if not is_free or _touches(question, self.prices):
                plan = question.priced(self.prices).without(gone).search()[1]
                is_sent = plan is not None and plan.cost < UNSERVED_MINOR
                column = self._keep(job, plan if is_sent else None, self.prices)
                question.without({})
            chosen[job] = column
            gone.update(column.uses)
        return chosen

    def _told(self, chosen: Mapping[int, _Column], bound: float, rounds: int) -> Wave:
        decisions, unserved = [], []
        for order, jobs in zip(self.orders, self.of_order, strict=True):
            sendings = []
            for job in jobs:
                plan, lines = chosen[job].plan, tuple(want.line for want in self.jobs[job].wants)
                sendings.append(Sending(lines=lines) if plan is None else self.jobs[job].sending(plan))
            policy = self.policies[order.id]
            decisions.append(
                Decision(
                    order=order.id,
                    policy=policy.code,
                    version=policy.rev,
                    inputs=inputs_of(order, self.places, policy),
                    at=self.now,
                    currency=order.currency,
                    sendings=tuple(sendings),
                )
            )
            if not decisions[-1].is_whole:
                unserved.append(order.id)
        cost = round(_cost(chosen))
        return Wave(tuple(decisions), cost, min(bound, cost), tuple(unserved), rounds)


def _cost(chosen: Mapping[int, _Column]) -> float:
    return math.fsum(column.cost for column in chosen.values())


def _prices(rights: Sequence[Scarce], solved: Solved, jobs: int) -> Prices:
    """Read what one more of each scarce thing is worth."""
    worth = {what: -dual for what, dual in zip(rights, solved.duals[jobs:], strict=True) if dual < -NOTHING}
    return Prices(
        {what: price for what, price in worth.items() if what[1]},
        {code: price for (code, sku), price in worth.items() if not sku},
    )


def _touches(question: Question, prices: Prices) -> bool:
    """Tell whether anything this order might take has a price."""
    if prices.parcels:
        return True
    skus = {sku for needs in question.needs for sku in needs}
    return any(sku in skus for _, sku in prices.pieces)
