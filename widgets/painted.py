"""A small widget that paints itself from the theme and follows its changes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from widgets import theme


class Painted(QWidget):
    """What every painted part shares: it repaints when colours or sizes change, and it has a spoken name."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        theme.on_change(self.restyle)

    def restyle(self) -> None:
        """Take the sizes of the theme again and repaint."""
        self.updateGeometry()
        self.update()
