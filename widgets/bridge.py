"""The only signal that crosses threads: something changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Bridge(QObject):
    """Lives in the Qt thread; any lane may tell it what a write changed."""

    changed = Signal(object)

    def tell(self, changes: object) -> None:
        """Say it in the Qt thread, whichever thread this is."""
        self.changed.emit(changes)
