"""The real window as a child of the hands bench: one task after the other, a line of JSON for each."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import qasync
from counted_hand import CountedHand
from desk_work import say
from hands_company import NIGHT
from hands_tasks import TASKS, Desk, Task
from PySide6.QtWidgets import QApplication

from app.boot.desk import dress, first_paint, furnish, open_window
from app.boot.hand import Stuck
from app.boot.scenes import Tour
from app.boot.station import Workstation, run
from app.choices import CHOICES

QUIET_S = "86400"
"""Nobody buys anything meanwhile."""


def main(asked: dict[str, Any]) -> None:
    """Open the window on the company prepared in DOCKET_HOME and do what was asked."""
    home = Path(os.environ["DOCKET_HOME"])
    app = QApplication(sys.argv[:1])
    shell = open_window(app, home)
    station = furnish(shell, home, hub_arguments=("--at", NIGHT.isoformat(), "--pace", QUIET_S))
    chosen = CHOICES | {"language": "en", "motion": "reduced"}
    for key, value in chosen.items():
        station.store.set_setting(key, value)
    dress(app, chosen)
    shell.resize(1400, 900)
    first_paint(shell)
    tasks = [task for task in TASKS if task.code in asked["tasks"]]
    with qasync.QEventLoop(app) as events:
        events.run_until_complete(_live(station, CountedHand(shell, Path(asked["pictures"])), tasks))
    station.close()


async def _live(station: Workstation, hand: CountedHand, tasks: list[Task]) -> None:
    """Run the desk as ever, with the hand beside it."""
    desk = Desk(Tour(station, hand), hand)
    living = asyncio.ensure_future(run(station))
    try:
        here = ""
        for task in tasks:
            await _sit(desk, task.user, here)
            here = task.user
            say(await _done(desk, task))
    finally:
        station.shell.close()
        await living


async def _sit(desk: Desk, user: str, here: str) -> None:
    if not here:
        await desk.tour.sit_down(user)
    elif here != user:
        await desk.tour.change_person(user)


async def _done(desk: Desk, task: Task) -> dict[str, Any]:
    """Do one task; what it took, or why it could not be done."""
    try:
        await task.ready(desk)
        count = desk.hand.begin()
        await task.do(desk)
        await desk.settled()
        is_done = await task.is_done(desk)
    except (Stuck, LookupError, ValueError) as fault:
        traceback.print_exc()
        await desk.hand.picture(task.code)
        return {"task": task.code, "why_not": str(fault) or type(fault).__name__}
    if not is_done:
        return {"task": task.code, "why_not": "its result is not there"}
    return {
        "task": task.code,
        "keys": count.keys,
        "points": count.points,
        "scans": count.scans,
        "decisions": count.decisions,
        "homings": count.homings,
        "s": count.seconds,
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
