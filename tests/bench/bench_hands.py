"""How many keys, moves and scans ten everyday tasks take in the real window, and a person how long.

What is counted and how it becomes seconds stands in `counted_hand`; what is done in `hands_tasks`.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

import hands_company
from child import Child
from databases import fresh_database
from hands_tasks import TASKS
from meters import load_average, rounded

from app.boot.bench import Measured
from app.boot.places import demo_database

CODES = tuple(task.code for task in TASKS)
FIGURES = ("keys", "points", "scans", "decisions", "homings", "s")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--task", action="append", choices=CODES, help="only this one; may be given again")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of what was in the way")


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.task or CODES, asked.pictures)


def run(tasks: Sequence[str], pictures: Path | None = None) -> Measured:
    """Let one hand do these tasks, each on orders of its own."""
    began_s = time.monotonic()
    figures: dict[str, float | int | bool | str] = {}
    with fresh_database("sqlite") as place:
        hands_company.fill(demo_database())
        wanted = {"tasks": list(tasks), "pictures": str((pictures or place.folder / "pictures").resolve())}
        log = place.folder / "window.log"
        with Child("hands_window.py", wanted, log, QT_QPA_PLATFORM="offscreen") as child:
            for _ in tasks:
                found = child.read()
                code = found["task"]
                if "why_not" in found:
                    figures[code] = f"not possible: {found['why_not']}"
                for name in FIGURES:
                    if name in found:
                        figures[f"{code}_{name}"] = found[name]
    for name in ("keys", "points", "scans"):
        counted = (value for key, value in figures.items() if key.endswith(f"_{name}"))
        figures[name] = sum(value for value in counted if isinstance(value, int))
    spent = os.times()
    figures["cpu_s"] = rounded(spent.user + spent.system + spent.children_user + spent.children_system)
    figures["took_s"] = rounded(time.monotonic() - began_s)
    figures["load_average_after"] = load_average()
    return Measured(name="hands", budget="hands", figures=figures)
