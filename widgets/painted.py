"""A small widget that paints itself from the theme, follows its changes, and names its parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from widgets import theme


class Painted(QWidget):
    """What every painted part shares: it repaints when colours or sizes change, and it has a spoken name."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self._spoken: list[QWidget] = []
        self._named: tuple[tuple[str, QRect], ...] = ()
        self.setAccessibleName(name)
        theme.on_change(self.restyle)

    def restyle(self) -> None:
        """Take the sizes of the theme again and repaint."""
        self.updateGeometry()
        self.update()

    def name_parts(self, parts: Sequence[tuple[str, QRect]]) -> None:
        """Lay an invisible, named child over every painted part, so that a screen reader finds it."""
        if self._named == tuple(parts):
            return
        self._named = tuple(parts)
        while len(self._spoken) < len(parts):
            child = QWidget(self)
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._spoken.append(child)
        for child, (name, rect) in zip(self._spoken, parts, strict=False):
            child.setAccessibleName(name)
            child.setGeometry(rect)
            child.show()
        for child in self._spoken[len(parts) :]:
            child.hide()

    def part_names(self) -> tuple[str, ...]:
        """The names of the painted parts, in order."""
        return tuple(child.accessibleName() for child in self._spoken if not child.isHidden())
