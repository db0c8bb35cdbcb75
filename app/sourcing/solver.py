"""Linear programmes with whole numbers, handed to HiGHS; nothing of it is loaded before it is asked.

Source: libraries.md, one solver: highspy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

INFINITE = math.inf
THREADS = 1
"""What is planned beside clerks' work takes one core."""


class Solved(NamedTuple):
    """What came out. `bound`: nothing costs less. `values` is empty where nothing was found in time."""

    status: str
    """optimal | time | infeasible"""
    values: list[float]
    cost: float
    bound: float
    duals: list[float]
    """What one more of each row's right side would be worth; of programmes without whole numbers."""


class Programme:
    """Columns with costs and bounds, rows with sides; the least cost is looked for."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.uppers: list[float] = []
        self.whole: list[bool] = []
        self.row_lowers: list[float] = []
        self.row_uppers: list[float] = []
        self._rows: list[list[tuple[int, float]]] = []

    def column(self, cost: float, upper: float = 1, *, whole: bool = False) -> int:
        """Add a column from 0 to `upper`; return its number."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]] = ()) -> int:
        """Add a row of (column, factor); return its number."""
        self.row_lowers.append(lower)
        self.row_uppers.append(upper)
        self._rows.append(list(terms))
        return len(self._rows) - 1

    def put(self, row: int, column: int, factor: float) -> None:
        """Let a column count in a row."""
        self._rows[row].append((column, factor))

    def solve(
        self,
        *,
        is_whole: bool = True,
        limit_s: float = INFINITE,
        gap: float = 1e-6,
        start: Mapping[int, float] | None = None,
    ) -> Solved:
        """Look for the least cost. `start` is a solution, or some columns of one, to begin from.

        Units: seconds of the clock; `gap` a share of the cost, below which nobody looks further.
        """
        import highspy
        import numpy as np

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self._rows)
        model.col_cost_ = np.array(self.costs, dtype=np.double)
        model.col_lower_ = np.zeros(len(self.costs))
        model.col_upper_ = np.array(self.uppers, dtype=np.double)
        model.row_lower_ = np.array(self.row_lowers, dtype=np.double)
        model.row_upper_ = np.array(self.row_uppers, dtype=np.double)
        lengths = np.fromiter(map(len, self._rows), dtype=np.int32, count=len(self._rows))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        terms = [term for row in self._rows for term in row]
        model.a_matrix_.index_ = np.array([column for column, _ in terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([factor for _, factor in terms], dtype=np.double)
        mixed = is_whole and any(self.whole)
        if mixed:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in self.whole]
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"output_flag": False, "threads": THREADS, "random_seed": 1, "mip_rel_gap": gap}
        if limit_s < INFINITE:
            options["time_limit"] = max(0.01, limit_s)
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        if mixed and start:
            columns = np.array(sorted(start), dtype=np.int32)
            solver.setSolution(len(columns), columns, np.array([start[n] for n in columns], dtype=np.double))
        solver.run()
        return _read(solver, highspy, is_mixed=mixed)


def _read(solver: object, highspy: object, *, is_mixed: bool) -> Solved:
    said = solver.getModelStatus()  # type: ignore[attr-defined]
    states = highspy.HighsModelStatus  # type: ignore[attr-defined]
    info = solver.getInfo()  # type: ignore[attr-defined]
    bound = float(info.mip_dual_bound) if is_mixed else -INFINITE
    if said in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return Solved("infeasible", [], INFINITE, INFINITE, [])
    solution = solver.getSolution()  # type: ignore[attr-defined]
    is_there = bool(solution.value_valid) and int(info.primal_solution_status) == 2
    cost = float(info.objective_function_value) if is_there else INFINITE
    status = "optimal" if said == states.kOptimal else "time"
    if status == "optimal" and not is_mixed:
        bound = cost
    values = [float(value) for value in solution.col_value] if is_there else []
    duals = [] if is_mixed else [float(value) for value in solution.row_dual]
    return Solved(status, values, cost, bound, duals)
