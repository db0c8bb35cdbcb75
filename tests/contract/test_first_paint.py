"""The window stands before the rest of the desk is loaded, and looks as this desk remembers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sync.replica.outbox import Outbox
from sync.replica.remembered import remembered
from sync.replica.store import Store

ROOT = Path(__file__).resolve().parents[2]
LATER = ("app.engine", "app.presenters", "sync.replica.store", "asyncio", "requests")
WINDOW = f"""
import sys, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.boot.desk import first_paint, open_window
app = QApplication([])
shell = open_window(app, Path(tempfile.mkdtemp()))
first_paint(shell)
print([name for name in {LATER!r} if name in sys.modules])
"""


def test_the_first_paint_waits_for_no_part_of_the_desk() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}

    said = subprocess.run(
        [sys.executable, "-c", WINDOW], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"


def test_a_desk_remembers_its_looks_before_its_files_are_opened(tmp_path: Path) -> None:
    assert remembered(tmp_path) == {}

    store = Store(tmp_path, key=bytes(32))
    store.set_setting("theme", "dark")
    store.set_setting("last_user", "lin")
    store.close()

    assert remembered(tmp_path) == {"theme": "dark"}


def test_the_looks_of_an_older_desk_are_remembered_from_its_first_start_on(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "work.db")
    outbox.set_setting("language", "en")
    outbox.close()

    Store(tmp_path, key=bytes(32)).close()

    assert remembered(tmp_path) == {"language": "en"}


def test_looks_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / "looks.json").write_bytes(b"{")

    assert remembered(tmp_path) == {}
