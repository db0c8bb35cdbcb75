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
from app.boot.hand import PATIENCE_S, Hand
from app.boot.scenes import SCENES, Summary, Tour, play
from app.boot.scenes_company import company, newcomer
from app.boot.scenes_practice import practice
from app.boot.station import Workstation, run
from app.choices import CHOICES
from app.printing import folder_setting

NIGHT = "2026-06-13T21:40:00+08:00"
PACE_S = "1.5"
"""A sale every so many seconds: the tour wants to see orders come in."""


def main(argv: list[str]) -> int:
    """`docket tour --out DIR [--lang …] [--theme …] [--density …] [--scale 1..2] [--patience S] --json`."""
    parser = argparse.ArgumentParser(prog="docket tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/tour"))
    parser.add_argument("--lang", choices=("zh_CN", "en"), default="zh_CN")
    parser.add_argument("--theme", choices=("light", "dark", "contrast"), default="light")
    parser.add_argument("--density", choices=("cosy", "compact"), default="cosy")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="1 to 2: how much larger everything is drawn"
    )
    parser.add_argument(
        "--patience", type=float, default=PATIENCE_S, metavar="SECONDS",
        help="how long a screen may take on a free machine; a crowded one is given more",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="docket-tour-") as home:
        os.environ["DOCKET_HOME"] = home
        os.environ["QT_SCALE_FACTOR"] = (
            f"{min(max(asked.scale, 1.0), 2.0):g}"  # Qt reads it once, at the start
        )
        look = {"language": asked.lang, "theme": asked.theme, "density": asked.density}
        summary = _drive(Path(home), asked.out, look, asked.patience)
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(summary)).decode())
    else:
        print(f"{summary.screens} pictures in {asked.out}")
    return 0


def _drive(home: Path, out: Path, look: dict[str, str], patience_s: float) -> Summary:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("the tour needs a window system, not a bare event loop")
    shell = open_window(app, home)
    station = furnish(shell, home, hub_arguments=("--at", NIGHT, "--pace", PACE_S))
    chosen = CHOICES | look
    for key, value in (chosen | {folder_setting("papers"): str(out.resolve() / "papers")}).items():
        station.store.set_setting(key, value)
    dress(app, chosen)
    shell.resize(*_window(app.devicePixelRatio()))
    first_paint(shell)
    prefix = f"{look['language']}/{look['theme']}"
    tour = Tour(station, Hand(station.shell, out, prefix, patience_s))
    with qasync.QEventLoop(app) as events:
        events.run_until_complete(_with_desk(station, tour))
    station.close()
    tour.summary.lang, tour.summary.theme = look["language"], look["theme"]
    return tour.summary


def _window(scale: float) -> tuple[int, int]:
    """The window of the pictures; larger letters come with a larger screen, 1920 x 1080."""
    return (1440, 900) if scale == 1 else (round(1920 / scale), round(1080 / scale))


async def _with_desk(station: Workstation, tour: Tour) -> None:
    """Let the desk live while the tour plays, and close its window at the end, whatever happened."""
    desk = asyncio.ensure_future(run(station))
    try:
        await play(tour, (*SCENES, practice, company, newcomer))
    finally:
        station.shell.close()
        await desk
