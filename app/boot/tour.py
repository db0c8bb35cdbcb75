"""`docket tour`: a clerk's day through the real window, keys and clicks included, a picture of every screen.

It opens the same desk, embedded hub and demo company as a person does, in a folder of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import msgspec
import qasync
from PySide6.QtWidgets import QApplication

from app.boot.desk import dress, first_paint, furnish, open_window
from app.boot.hand import Hand
from app.boot.scenes import SCENES, Summary, Tour, play
from app.boot.scenes_company import company, newcomer
from app.boot.station import Workstation, run
from app.choices import CHOICES

NIGHT = "2026-06-13T21:40:00+08:00"
PACE_S = "1.5"
"""A sale every so many seconds: the tour wants to see orders come in."""


def main(argv: list[str]) -> int:
    """`docket tour --out DIR [--lang zh_CN|en] [--theme light|dark|contrast] --json`."""
    parser = argparse.ArgumentParser(prog="docket tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/tour"))
    parser.add_argument("--lang", choices=("zh_CN", "en"), default="zh_CN")
    parser.add_argument("--theme", choices=("light", "dark", "contrast"), default="light")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="docket-tour-") as home:
        os.environ["DOCKET_HOME"] = home
        summary = _drive(Path(home), asked.out, asked.lang, asked.theme)
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(summary)).decode())
    else:
        print(f"{summary.screens} pictures in {asked.out}")
    return 0


def _drive(home: Path, out: Path, lang: str, look: str) -> Summary:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("the tour needs a window system, not a bare event loop")
    shell = open_window(app, home)
    station = furnish(shell, home, hub_arguments=("--at", NIGHT, "--pace", PACE_S))
    chosen = CHOICES | {"language": lang, "theme": look}
    for key, value in chosen.items():
        station.store.set_setting(key, value)
    dress(app, chosen)
    shell.resize(1440, 900)
    first_paint(shell)
    tour = Tour(station, Hand(station.shell, out, f"{lang}/{look}"))
    with qasync.QEventLoop(app) as events:
        events.run_until_complete(_with_desk(station, tour))
    station.close()
    tour.summary.lang, tour.summary.theme = lang, look
    return tour.summary


async def _with_desk(station: Workstation, tour: Tour) -> None:
    """Let the desk live while the tour plays, and close its window at the end, whatever happened."""
    desk = asyncio.ensure_future(run(station))
    try:
        await play(tour, (*SCENES, company, newcomer))
    finally:
        station.shell.close()
        await desk
