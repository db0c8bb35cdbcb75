"""Bugs put in on purpose, one after the other: each must be caught, or the suite has a hole."""

from __future__ import annotations

import argparse
import time

from bugs import BUGS
from elsewhere import HUNTED_BY, NOTICED_BY, noticed
from hunting import hunt
from saying import say
from schedules import MEETS

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--only", default="", help="names of bugs")
    parser.add_argument("--seeds", type=int, default=120, help="how many seeds a bug may survive")


def measure(asked: argparse.Namespace) -> Measured:
    """Hunt every bug in virtual time, or run the tests that notice it; those with real waits are CI's."""
    begun_s, caught = time.monotonic(), dict[str, str]()
    names = asked.only.split(",") if asked.only else [name for name in BUGS if name not in HUNTED_BY]
    for name in names:
        began_s = time.process_time()
        how = noticed(name) if name in NOTICED_BY else _met(name) or hunt(BUGS[name], asked.seeds)
        if how:
            caught[name] = str(how)
        say(f"{name}: {how or 'NOT CAUGHT'}, {time.process_time() - began_s:.1f} s")
    figures: dict[str, float | int | bool | str] = {
        "bugs": len(names),
        "caught": len(caught),
        "holes": len(names) - len(caught),
        "seconds": round(time.monotonic() - begun_s, 1),
        **{name: caught.get(name, "NOT CAUGHT") for name in names},
    }
    return Measured("fault", "bugs", figures)


def _met(name: str) -> str:
    """Return the schedule that always meets this bug, if there is one and it does."""
    schedule = MEETS.get(name)
    return schedule.__name__ if schedule is not None and schedule(BUGS[name]) and not schedule(None) else ""
