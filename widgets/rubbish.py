"""Cycles of objects are taken apart in the window's thread: Qt objects must not be deleted in any other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500
AFTER = (20_000, 20, 50)
"""So many new objects, young rounds, middle rounds: then that generation is looked through.

Source: qt.md 3d.
"""


class Rubbish(QObject):
    """Stands in for Python's own collector, which runs in whatever thread makes the next object."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.freeze()
        gc.disable()
        parent.destroyed.connect(lambda _gone: gc.enable())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(take_apart)
        self._timer.start()


def take_apart() -> None:
    """Look through the oldest generation whose turn it is, as Python itself would."""
    for age, (count, most) in reversed(list(enumerate(zip(gc.get_count(), AFTER, strict=True)))):
        if count > most:
            gc.collect(age)
            return
