"""`fault`: let everything go wrong, then say what was lost. What goes wrong lives in `tests/fault`.

Every verb is a module `fault_<name>` there with `arguments(parser)` and `measure(asked) -> Measured`; what
broke a promise it says itself, on standard error, with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from app.boot.bench import judged, read_budgets, tell
from app.boot.words import LANGUAGES, console
from app.text import N_, Text

TESTS = Path(__file__).resolve().parents[2] / "tests"
FAULTS = (
    "storm",
    "simulate",
    "kth",
    "restart",
    "chaos",
    "partitions",
    "bugs",
    "ha",
    "channels",
    "review",
    "systems",
    "oscar",
)
REPEATABLE = ("simulate", "kth", "bugs")
"""What a seed repeats: words must hash the same in every process."""


def main(argv: list[str]) -> int:
    """Run one of them; 0 when every promise was kept, 1 on any breach, 2 when it cannot run here."""
    if not (TESTS / "fault").is_dir():
        print(console(Text(N_("Measuring needs the source tree: run it from a clone."))), file=sys.stderr)
        return 2
    if not argv or argv[0].startswith("--"):
        argv = ["storm", *argv]
    if argv[0] in REPEATABLE and os.environ.get("PYTHONHASHSEED") != "0":
        again = [sys.executable, "-m", "app", "fault", *argv]
        return subprocess.run(again, env=os.environ | {"PYTHONHASHSEED": "0"}, check=False).returncode
    sys.path[:0] = [str(TESTS / "fault"), str(TESTS / "bench"), str(TESTS), str(TESTS.parent)]
    parser = argparse.ArgumentParser(prog="run.py fault", description="Let everything go wrong.")
    verbs = parser.add_subparsers(dest="fault", required=True)
    modules = {}
    for name in argv[:1] if argv[0] in FAULTS else FAULTS:
        modules[name] = importlib.import_module(f"fault_{name}")
        verb = verbs.add_parser(name, description=modules[name].__doc__)
        modules[name].arguments(verb)
        verb.add_argument("--json", action="store_true", help="one JSON object")
        verb.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    measured = modules[asked.fault].measure(asked)
    result = judged(measured, read_budgets(measured.budget))
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        tell(result, asked.lang)
    return 0 if result["ok"] else 1
