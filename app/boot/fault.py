"""`fault`: kill, cut and repeat, then say what was lost. The storm itself lives in `tests/fault`."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from app.boot.bench import judged, read_budgets, tell
from app.boot.words import LANGUAGES, console
from app.text import N_, Text

TESTS = Path(__file__).resolve().parents[2] / "tests"


def main(argv: list[str]) -> int:
    """Run one storm; 0 when every promise was kept, 1 on any breach, 2 when it cannot run here."""
    if not (TESTS / "fault").is_dir():
        print(console(Text(N_("Measuring needs the source tree: run it from a clone."))), file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="run.py fault", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each fault happens")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--hubs", type=int, default=1, help="hubs on one database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    sys.path[:0] = [str(TESTS / "fault"), str(TESTS / "bench")]
    databases, driver = importlib.import_module("databases"), importlib.import_module("driver")
    with databases.fresh_database(asked.database) as place:
        storm = driver.run(place.url, place.folder, rounds=asked.rounds, seed=asked.seed, hubs=asked.hubs)
    result = judged(storm.measured, read_budgets("fault"))
    for finding in storm.verdict.findings:
        print(f"{finding.invariant} {finding.subject}: {finding.detail}", file=sys.stderr)
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        tell(result, asked.lang)
    return 0 if result["ok"] else 1
