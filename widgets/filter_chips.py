"""The filters that are on, each a chip one takes off: Delete or Enter on it, or a click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from widgets import icons, theme
from widgets.prose import Style, paint_line, sheet, width_px
from widgets.top_bar import paint_focus
from widgets.words import tr

_WORDS = Style("meta")


class _Chip(QAbstractButton):
    """One filter in words, and a cross."""

    stepped = Signal(int)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setText(words)
        self.setAccessibleName(tr("Remove filter {filter}", filter=words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.on_change(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        wide = width_px(self.text(), _WORDS) + px("icon.small") + px("space.1") + 2 * px("space.2")
        return QSize(wide, px("target.min.h"))

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        elif e.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if e.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(e)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        pad, size = look.px("space.2"), look.px("icon.small")
        high = look.px("tag.h") + look.px("space.1")
        box = QRect(0, (self.height() - high) // 2, self.width(), high)
        sheet(painter, box, fill="sel", edge="accent", radius="radius.control")
        paint_line(painter, box.adjusted(pad, 0, -pad, 0), self.text(), _WORDS)
        cross = QRect(box.right() + 1 - pad - size, box.y() + (high - size) // 2, size, size)
        icons.paint(painter, cross, "close", "text2")
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class FilterChips(QWidget):
    """A row of chips; gone while no filter is on."""

    removed = Signal(str)

    def __init__(self, code: str) -> None:
        super().__init__()
        self.setObjectName(code)
        self._shown: tuple[tuple[str, str], ...] = ()
        self._chips: list[_Chip] = []
        self._row = QHBoxLayout(self)
        px = theme.current().px
        self._row.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.2"))
        self._row.setSpacing(px("space.2"))
        self._row.addStretch(1)
        self.hide()

    def show_filters(self, filters: Sequence[tuple[str, str]]) -> None:
        """Show these, code and words each."""
        if tuple(filters) == self._shown:
            return
        self._shown = tuple(filters)
        had_focus = next((at for at, chip in enumerate(self._chips) if chip.hasFocus()), -1)
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for at, (code, words) in enumerate(self._shown):
            chip = _Chip(words)
            chip.setObjectName(f"{self.objectName()}/{code}")
            chip.clicked.connect(partial(self.removed.emit, code))
            chip.stepped.connect(partial(self._step, at))
            self._row.insertWidget(at, chip)
            self._chips.append(chip)
        self.setVisible(bool(self._chips))
        if had_focus >= 0 and self._chips:
            self._chips[min(had_focus, len(self._chips) - 1)].setFocus()

    def filters(self) -> tuple[tuple[str, str], ...]:
        """What is shown, code and words each."""
        return self._shown

    def focus_last(self) -> bool:
        """Put the keys on the last chip; say whether there is one."""
        if self._chips:
            self._chips[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(self._chips)

    def _step(self, at: int, by: int) -> None:
        self._chips[(at + by) % len(self._chips)].setFocus(Qt.FocusReason.TabFocusReason)
