"""The window stands before the rest of the desk is loaded, and looks as this desk remembers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sync.replica.outbox import Outbox
from sync.replica.remembered import remembered

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

    outbox = Outbox(tmp_path / "work.db")
    outbox.set_setting("theme", "dark")
    outbox.close()

    assert remembered(tmp_path) == {"theme": "dark"}


def test_a_file_without_tables_yet_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "work.db").touch()

    assert remembered(tmp_path) == {}
