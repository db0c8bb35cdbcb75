"""Real processes for minutes: hubs, desks, PostgreSQL are killed, 12 % of requests meet a fault."""

from __future__ import annotations

import argparse

import chaos
from databases import fresh_database
from saying import say

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--hubs", type=int, default=1, help="hubs on one database")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Rage and judge."""
    with fresh_database(asked.database) as place:
        storm, toll = chaos.run(
            place, place.folder, minutes=asked.minutes, desks=asked.desks, hubs=asked.hubs, seed=asked.seed
        )
    for finding in storm.verdict.findings[:40]:
        say(f"{finding.invariant} {finding.subject}: {finding.detail}")
    return chaos.measured(
        storm, toll, hubs=asked.hubs, desks=asked.desks, database=asked.database, minutes=asked.minutes
    )
