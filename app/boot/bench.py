"""`bench`: measure, and say whether the budgets are met. The measuring code lives in `tests/bench`.

Every bench is a module `bench_<name>` there with `arguments(parser)` and `measure(asked) -> Measured`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.boot.words import LANGUAGES, console
from app.text import N_, Text

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "bench"
BENCHES = (
    "intake", "sync", "desk", "import", "address", "duplicates", "hands", "lessons", "sourcing", "gates",
    "oversell", "review", "channels",
)  # fmt: skip


@dataclass(slots=True)
class Measured:
    """What a bench found. `budget` names the table of `budgets.toml` it answers to."""

    name: str
    budget: str
    figures: dict[str, float | int | bool | str]
    limits: dict[str, float | int] = field(default_factory=dict)


def judged(measured: Measured, budgets: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return the one object a bench prints; a figure a budget asks for and nobody measured misses it."""
    found = {**measured.figures, **measured.limits}
    verdicts = {}
    for key, budget in budgets.items():
        value = found.get(key)
        is_met = (
            isinstance(value, int | float)
            and value >= budget.get("min", value)
            and value <= budget.get("max", value)
        )
        verdicts[key] = {**budget, "ok": is_met}
    return {
        "name": measured.name,
        "figures": measured.figures,
        "limits": measured.limits,
        "budgets": verdicts,
        "ok": all(verdict["ok"] for verdict in verdicts.values()),
    }


def read_budgets(table: str) -> dict[str, dict[str, float]]:
    """Return one table of the budgets: figure -> {min | max}."""
    tables: dict[str, dict[str, dict[str, float]]] = tomllib.loads(
        (FOLDER / "budgets.toml").read_text(encoding="utf-8")
    )
    return tables.get(table, {})


def main(argv: list[str]) -> int:
    """Run one bench; 0 when it keeps its budgets, 1 when it misses one, 2 when it cannot run here."""
    if not (FOLDER / "budgets.toml").is_file():
        print(console(Text(N_("Measuring needs the source tree: run it from a clone."))), file=sys.stderr)
        return 2
    sys.path.insert(0, str(FOLDER))
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure Docket on this machine.")
    verbs = parser.add_subparsers(dest="bench", required=True)
    modules = {}
    for name in argv[:1] if argv[:1] and argv[0] in BENCHES else BENCHES:
        modules[name] = importlib.import_module(f"bench_{name}")
        verb = verbs.add_parser(name, description=modules[name].__doc__)
        modules[name].arguments(verb)
        verb.add_argument("--json", action="store_true", help="one JSON object")
        verb.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    measured: Measured = modules[asked.bench].measure(asked)
    measured.figures["load_average_before"] = round(load, 2)
    result = judged(measured, read_budgets(measured.budget))
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        tell(result, asked.lang)
    return 0 if result["ok"] else 1


def tell(result: Mapping[str, Any], language: str) -> None:
    """Print a table: figure, value, budget."""
    rows = [(key, value, result["budgets"].get(key)) for key, value in result["figures"].items()]
    rows += [(key, value, result["budgets"].get(key)) for key, value in result["limits"].items()]
    rows += [(key, "–", one) for key, one in result["budgets"].items() if key not in {row[0] for row in rows}]
    width = max(len(row[0]) for row in rows)
    for key, value, budget in rows:
        shown = f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else value
        asked = ""
        if budget is not None:
            bounds = [f"≥ {budget['min']:,}"] if "min" in budget else []
            bounds += [f"≤ {budget['max']:,}"] if "max" in budget else []
            asked = f"{'✓' if budget['ok'] else '✗'} {' '.join(bounds)}"
        print(f"{key:<{width}}  {shown:>14}  {asked}".rstrip())
    said = N_("Every budget is kept.") if result["ok"] else N_("A budget is missed.")
    print(console(Text(said), language))
