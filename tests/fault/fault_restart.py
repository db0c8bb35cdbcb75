"""A hub dies again and again while a clerk works: how long it is away, and what the clerk notices of it."""

from __future__ import annotations

import argparse

from checker import Desk, check
from databases import fresh_database
from driver import stage
from papers import papers_in
from place import SEAL
from saying import say
from watched import hub_dies, opened

from app.boot.bench import Measured
from app.domain.values import Role


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--times", type=int, default=5, help="how often a hub dies")
    parser.add_argument("--hubs", type=int, choices=(1, 2), default=1, help="with two the other goes on")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Kill, watch, bring back; in the end nothing may be lost."""
    deaths = []
    with (
        fresh_database(asked.database) as place,
        stage(place.url, place.folder, seed=asked.seed, people=(), hubs=asked.hubs) as on,
    ):
        home = place.folder / "desk-lin"
        desk = opened(on, home)
        for number in range(asked.times):
            dies = number % asked.hubs
            deaths.append(hub_dies(on, desk, dies))
            last = deaths[-1]
            say(f"away {last.away_s:.2f} s, answered {last.lag_s:.2f} s later, {' '.join(last.said)}")
            if asked.hubs > 1:
                on.start_hub(dies)
                on.wait_for_hubs()
        desk.close()
        for hub in on.hubs:
            hub.kill()
        verdict = check(on.town.engine, SEAL, [Desk(home, Role.CLERK, papers_in(home))])
    for finding in verdict.findings:
        say(f"{finding.invariant} {finding.subject}: {finding.detail}")
    submits_s = [took_s for one in deaths for took_s in one.submits_s]
    return Measured(
        "fault",
        "restart",
        {
            "database": asked.database,
            "hubs": asked.hubs,
            "deaths": len(deaths),
            "away_s_max": round(max(one.away_s for one in deaths), 2),
            "answered_s_max": round(max(one.lag_s for one in deaths), 2),
            "submits": len(submits_s),
            "submit_s_max": round(max(submits_s, default=0.0), 3),
            "said_offline": sum("offline" in one.said for one in deaths),
            "machine_late_s": round(sum(one.late_s for one in deaths), 2),
            "promised": verdict.promised,
            "lost": verdict.lost,
            "doubled": verdict.doubled,
            "breaches": len(verdict.findings),
        },
    )
