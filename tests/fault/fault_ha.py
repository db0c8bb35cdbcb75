"""Primaries die under load: what a hub accepted must be in the database that takes over.

Desks work through hubs on a database room of three nodes (`ha_lab`). Each round ends a primary as the power
company would, a whole node or PostgreSQL alone, waits until commits go on, brings the node back as a
standby and waits until the room is whole again. Then everything drains and is checked as after any storm.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from driver import Storm, folder_of_run, stage
from ha_lab import READY_S, TTL_S, Room, room
from processes import Stuck, until

from app.boot.bench import Measured

WORK_S = (0.5, 1.0, 2.0, 4.0)
"""How long people work between two deaths."""
ORDERS = 6
DRAIN_S = 90.0


@dataclass(slots=True)
class Deaths:
    """What the room went through, beside what the desks did."""

    storm: Storm
    nodes: int = 0
    databases: int = 0
    away_s: list[float] = field(default_factory=list)

    @property
    def measured(self) -> Measured:
        """Return what the verb prints."""
        figures = dict(self.storm.measured.figures) | {
            "kills": self.nodes + self.databases,
            "node_killed": self.nodes,
            "database_killed": self.databases,
            "away_s_longest": round(max(self.away_s, default=0.0), 1),
            "away_s_mean": round(sum(self.away_s) / max(1, len(self.away_s)), 1),
        }
        return Measured("ha", "fault", figures)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say how long, and from which dice."""
    parser.add_argument("--kills", type=int, default=10, help="primaries ended, nodes and databases in turn")
    parser.add_argument("--hubs", type=int, default=2, help="hubs on the room")
    parser.add_argument("--seed", type=int, default=1)


def measure(asked: argparse.Namespace) -> Measured:
    """Run it and print every breach."""
    with folder_of_run() as folder:
        deaths = run(folder, kills=asked.kills, seed=asked.seed, hubs=asked.hubs)
    for finding in deaths.storm.verdict.findings:
        sys.stderr.write(f"{finding.invariant} {finding.subject}: {finding.detail}\n")
    return deaths.measured


def run(folder: Path, *, kills: int, seed: int, hubs: int = 2) -> Deaths:
    """Kill as many primaries as asked, then check what is left.

    Raises:
        Stuck: the room does not come back, or a program is missing.
    """
    folder.chmod(0o755)  # PostgreSQL runs under another account where we are root
    with room(folder / "room") as lab, stage(lab.url, folder, seed=seed, hubs=hubs) as on:
        deaths, pause = Deaths(on.storm), threading.Event()
        for desk in on.desks:
            desk.say("work")
        for whole_node, _ in zip(itertools.cycle((False, True)), range(kills), strict=False):
            pause.wait(on.rng.choice(WORK_S))
            deaths.away_s.append(_death(lab, whole_node=whole_node))
            deaths.nodes += whole_node
            deaths.databases += not whole_node
            on.town.engine.dispose()  # its connections led to the dead one
            on.town.deliver(ORDERS)
        lab.wait_until_whole()
        on.heal(DRAIN_S)
        deaths.storm = on.judge()
        return deaths


def _death(lab: Room, *, whole_node: bool) -> float:
    """End the primary, wait for the next, bring the dead one back; return how long nothing was committed."""
    until(lambda: lab.primary() is not None, "somebody is primary", READY_S)
    victim = lab.primary()
    if victim is None:
        return 0.0
    began_s = time.monotonic()
    (lab.kill if whole_node else lab.kill_database)(victim)
    try:
        until(lambda: _commits(lab), "commits go on", 3 * TTL_S)
    except Stuck:
        # It died before it had a standby. Nobody else is known to hold every commit, so nobody takes over:
        # somebody has to bring this one back.
        if not whole_node:
            raise
        lab.start(victim)
        until(lambda: _commits(lab), "commits go on", READY_S)
    away_s = time.monotonic() - began_s
    if victim.process is None:
        lab.start(victim)
    lab.wait_until_whole()
    return away_s


def _commits(lab: Room) -> bool:
    try:
        with psycopg.connect(lab.plain("docket"), autocommit=True) as db:
            db.execute("CREATE TABLE IF NOT EXISTS pulse (at timestamptz)")
            db.execute("INSERT INTO pulse VALUES (now())")
    except psycopg.Error:
        return False
    return True
