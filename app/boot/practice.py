"""The practising process: the same program in front of a company of its own, behind a fence.

Every lesson is a round: a fresh copy of the company, a fresh desk, one window. What comes of it is said in
lines on the standard output, and kept in files until a live desk takes it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from app.boot.desk import dress
from app.boot.fence import forget_live, raise_fence
from app.boot.places import data_dir
from app.boot.practice_files import FOLDER, FRONT, lessons_in, take_left
from app.boot.practice_round import Practice
from app.choices import CHOICES
from app.training.lesson import Mode
from widgets import fonts
from widgets.paper import press

HUB: Final = (sys.executable, "-m", "app", "hub")


def main(argv: list[str]) -> int:
    """`docket practice [--learner NAME] [--lesson CODE] [--mode watch|practise|exam]`."""
    parser = argparse.ArgumentParser(prog="docket practice", description=__doc__)
    parser.add_argument("--home", default="", metavar="FOLDER", help="where practice keeps its files")
    parser.add_argument("--learner", default="", metavar="NAME", help="for whom attempts count")
    parser.add_argument("--lesson", default="", metavar="CODE", help="begin with it")
    parser.add_argument("--mode", default=Mode.PRACTISE, choices=tuple(Mode))
    for name, value in CHOICES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, help="how the desk looks")
    asked = parser.parse_args(argv)
    home = enter(Path(asked.home) if asked.home else data_dir() / FOLDER)
    if asked.lesson and asked.lesson not in lessons_in(home):
        parser.error(f"--lesson: {asked.lesson}?")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Docket practice")
    fonts.install(app)
    looks = {name: str(getattr(asked, name)) for name in CHOICES}
    dress(app, looks)
    practice = Practice(home, asked.learner, looks, app, say)
    left = None if asked.lesson else take_left(home, asked.learner)
    if left is not None:
        practice.wanted = left
    else:
        practice.want(asked.lesson, Mode(asked.mode))
    play(practice, app)
    return 0


def say(line: str) -> None:
    """Say a line to the live desk; where nobody listens any more, the files remain."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):
        return


def enter(home: Path) -> Path:
    """Let everything in this process lie in the folder of practice, and forget what leads to a live hub."""
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    forget_live()
    os.environ["DOCKET_HOME"] = str(home)  # no key store: keys of made-up companies lie in files
    scratch = home / "tmp"
    scratch.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = tempfile.tempdir = str(scratch)
    press.only_show(home / "papers")
    return home


def play(practice: Practice, app: QApplication) -> None:
    """Raise the fence, then live until the last window is closed."""
    import qasync

    from widgets.bridge import Bridge
    from widgets.crash import CrashHook

    bridge = Bridge()
    hook = CrashHook(practice.home / "log", bridge.tell, now=lambda: datetime.now(UTC))
    hook.install()
    app.setQuitOnLastWindowClosed(False)
    threading.Thread(target=_listen, args=(bridge,), name="practice-in", daemon=True).start()
    bridge.changed.connect(lambda said: _come_forward(app) if said == FRONT else None)
    with qasync.QEventLoop(app) as events:
        raise_fence(practice.home, lambda: practice.port, HUB)
        events.run_until_complete(practice.live())
    hook.remove()


def _listen(bridge: object) -> None:
    """Hear what the live desk says; when it is gone, practice goes on alone."""
    tell = bridge.tell  # type: ignore[attr-defined]
    for line in sys.stdin or ():
        tell(line.strip())


def _come_forward(app: QApplication) -> None:
    for window in app.topLevelWidgets():
        if window.isVisible() and window.objectName() == "shell":
            window.showNormal() if window.isMinimized() else window.raise_()
            window.activateWindow()
