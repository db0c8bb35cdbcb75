"""What the pages before the desk have in common: one sheet in the middle of an empty window."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import scroll


def in_the_middle(page: QWidget, sheet: QWidget, *under: QWidget) -> None:
    """Lay a sheet a little above the middle of a page, and one line right below it."""
    middle = QWidget()
    fill = QVBoxLayout(middle)
    fill.addStretch(2)
    fill.addLayout(_centred(sheet))
    fill.addSpacing(theme.current().px("space.3"))
    fill.addLayout(_centred(*under))
    fill.addStretch(3)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(scroll(middle))


def _centred(*parts: QWidget) -> QHBoxLayout:
    """Keep the room parts need at their width: an alignment would give them the room of one long line."""
    line = QHBoxLayout()
    line.addStretch(1)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return line
