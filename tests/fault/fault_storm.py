"""A short storm: hubs die in mid-batch, desks after a promise, replies are lost or come twice."""

from __future__ import annotations

import argparse

from databases import fresh_database
from driver import run
from saying import say

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--rounds", type=int, default=20, help="how often each fault happens")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--hubs", type=int, default=1, help="hubs on one database")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Run one storm."""
    with fresh_database(asked.database) as place:
        storm = run(place.url, place.folder, rounds=asked.rounds, seed=asked.seed, hubs=asked.hubs)
    for finding in storm.verdict.findings:
        say(f"{finding.invariant} {finding.subject}: {finding.detail}")
    return storm.measured
