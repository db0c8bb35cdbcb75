"""A day of orders between ERP, CRM, warehouse and books: each in turn is stopped, then hangs, for an hour."""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path

from saying import say
from systems_day import NAMES, day

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--orders", type=int, default=1_000)
    parser.add_argument("--timeout", type=int, default=60, help="seconds the hub waits for one that hangs")


def measure(asked: argparse.Namespace) -> Measured:
    """Run the day once."""
    aways = [(name, how) for how in ("stops", "hangs") for name in NAMES]
    with tempfile.TemporaryDirectory(prefix="docket-systems-") as folder:
        found = day(Path(folder), asked.orders, aways, timeout_s=asked.timeout, say=say)
    figures = dataclasses.asdict(found)
    for note in figures.pop("notes"):
        say(note)
    return Measured("systems", "systems", {**figures, "breaches": len(found.notes)})
