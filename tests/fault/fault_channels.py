"""Shops on simulated platforms in every weather, and hubs that are killed in the middle of calls.

Orders change while they are paged, calls are throttled, tokens expire, lines go dead after a shipment was
accepted, deliveries come twice and in any order.
"""

from __future__ import annotations

import argparse

from channel_storm import storm
from databases import fresh_database
from saying import say

from app.boot.bench import Measured
from sync.simulators.known import PLATFORMS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--orders", type=int, default=200, help="of each platform")
    parser.add_argument(
        "--platform", choices=sorted(PLATFORMS), action="append", help="all where none is named"
    )
    parser.add_argument("--kills", type=int, default=4, help="of the hub that reads, for each platform")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Run one storm for each platform."""
    found = []
    for code in asked.platform or sorted(PLATFORMS):
        with fresh_database(asked.database) as place:
            one = storm(place.url, code, asked.orders, seed=asked.seed, kills=asked.kills)
        found.append(one)
        say(
            f"{code}: missing {one.missing}, doubled {one.doubled}, shipped twice {one.shipped_twice},"
            f" not shipped {one.unshipped}, amounts {one.wrong}, behind {one.behind}"
            f" (seed {asked.seed}, {one.kills} kills, {one.read_s:.0f} s)"
        )
    figures = {
        name: sum(getattr(one, name) for one in found)
        for name in (
            "missing",
            "doubled",
            "shipped_twice",
            "unshipped",
            "wrong",
            "behind",
            "kills",
            "changes",
            "calls",
        )
    }
    read_s = sum(one.read_s for one in found)
    speed = round(sum(one.orders for one in found) / read_s, 1) if read_s else 0.0
    return Measured("channels", "channels", {**figures, "platforms": len(found), "orders_per_s": speed})
