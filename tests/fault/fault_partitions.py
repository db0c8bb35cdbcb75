"""The partition matrix: lines of 5, 10 and 50 desks are cut in, out and both for up to ten seconds."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from databases import fresh_database
from partitions import Ledger, measured, run_all
from saying import say

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Run the matrix."""
    begun_s, ledger = time.monotonic(), Ledger()
    with ExitStack() as stack:

        def databases() -> Iterator[str]:
            while True:
                yield stack.enter_context(fresh_database(asked.database)).url

        folder = Path(stack.enter_context(fresh_database("sqlite")).folder)
        for ledger, one in run_all(databases(), folder, asked.runs, asked.seed):
            say(f"{ledger.runs}: {one} drained in {ledger.drains_s[-1]:.1f} s")
    for failure in ledger.failed:
        say(failure)
    return measured(ledger, time.monotonic() - begun_s)
