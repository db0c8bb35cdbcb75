"""What the pages before the desk have in common: one sheet in the middle of an empty window."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets import theme, words
from widgets.button import Button, Kind
from widgets.controls import Pane, scroll
from widgets.prose import Prose

LANGUAGE_KEY: Final = "Alt+L"
CHANGE_KEY: Final = "Alt+N"
_OTHER: Final = {"zh_CN": ("en", "English"), "en": ("zh_CN", "中文")}


def sheet_with(heading: Prose, note: Prose) -> tuple[Pane, QVBoxLayout]:
    """Return a sheet with its heading, and the column that takes the rest."""
    px = theme.current().px
    sheet = Pane("base", card=True)
    sheet.setFixedWidth(px("field.w") + 2 * px("space.6"))
    column = QVBoxLayout(sheet)
    column.setContentsMargins(px("space.6"), px("space.5"), px("space.6"), px("space.5"))
    column.setSpacing(px("space.2"))
    column.addWidget(heading)
    column.addWidget(note)
    column.addSpacing(px("space.2"))
    return sheet, column


def button(page: str, name: str, key: str, kind: Kind, call: Callable[[], object]) -> Button:
    """Return a button of a page, without words yet."""
    made = Button("", key, kind)
    made.setObjectName(f"{page}/{name}")
    made.clicked.connect(call)
    return made


def ends(first: QWidget, *last: QWidget) -> QHBoxLayout:
    """Lay one part at the left end of a line, the others at its right end."""
    line = QHBoxLayout()
    line.addWidget(first)
    line.addStretch(1)
    for part in last:
        line.addWidget(part)
    return line


def in_turn(*parts: QWidget) -> None:
    """Let Tab go through parts in this order."""
    for first, second in pairwise(parts):
        QWidget.setTabOrder(first, second)


def other_language() -> tuple[str, str]:
    """Return the language that is not on screen, and how it calls itself."""
    return _OTHER[words.language()]


def in_the_middle(page: QWidget, sheet: QWidget, *under: QWidget) -> None:
    """Lay a sheet a little above the middle of a page, and one line right below it."""
    middle = Pane("window")
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
