"""The key sheet: `?` lays every key that works here over the page, in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.text import N_
from widgets import keycap, theme
from widgets.keys import Key
from widgets.overlay import CLOSE, Overlay
from widgets.prose import BODY, HEADING, META, SECTION, paint_line, width_px
from widgets.sync_line import KeyHint, hints
from widgets.words import tr

TITLE = N_("Keys on this page")
EVERYWHERE = N_("Everywhere")
IN_FIELDS = N_("In a text field single keys type; hold Alt to use them there.")


class KeySheet(Overlay):
    """Two columns: the keys of the page, and those that work everywhere."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("key_sheet")
        self._columns: tuple[tuple[str, tuple[KeyHint, ...]], ...] = ()

    def lay_keys(self, page: str, page_keys: Sequence[Key], shared_keys: Sequence[Key]) -> None:
        """Open with the keys of this page and the shared ones."""
        mine = {key.key for key in page_keys}  # here such a key means what the page makes of it
        shared = [key for key in shared_keys if key.key not in mine]
        self._columns = ((page, _all(page_keys)), (tr(EVERYWHERE), _all(shared)))
        said = [f"{hint.keys} {hint.label}" for _, shown in self._columns for hint in shown]
        self.setAccessibleName(", ".join((tr(TITLE), *said)))
        self.lay()
        self.setFocus()

    @override
    def keys(self) -> Sequence[Key]:
        return (Key("Esc", tr(CLOSE), self.shut), Key("?", tr(CLOSE), self.shut, quiet=True))

    @override
    def place(self) -> QRect:
        px = theme.current().px
        rows = max((len(shown) for _, shown in self._columns), default=1)
        high = px("space.4") * 2 + px("line.section") + px("row.list.compact") + rows * px("row.key")
        wide = min(px("palette.w") + px("space.6") * 3, self.width() - 2 * px("space.4"))
        top = min(px("palette.top"), max((self.height() - high - px("row.list.compact")) // 2, px("space.4")))
        return QRect((self.width() - wide) // 2, top, wide, high + px("row.palette"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px, painter, place = theme.current().px, QPainter(self), self.sheet.geometry()
        edge, row = px("space.5"), px("row.key")
        x, y = place.x() + edge, place.y() + px("space.4")
        half = (place.width() - 2 * edge) // 2
        paint_line(painter, QRect(x, y, half, px("line.section")), tr(TITLE), SECTION)
        self._paint_key(painter, place.right() - edge, y, "Esc", tr(CLOSE))
        top = y + px("row.list.compact")
        for heading, shown in self._columns:
            paint_line(painter, QRect(x, top, half, px("line.meta")), heading, HEADING)
            line = top + px("row.key")
            for hint in shown:
                keycap.paint(painter, QRect(x, line, half, row), hint.keys)
                at = x + max(keycap.size(hint.keys).width() + px("space.2"), px("rail.w") + px("space.5"))
                paint_line(painter, QRect(at, line, x + half - at - px("space.3"), row), hint.label)
                line += row
            x += half
        foot = QRect(place.x() + edge, place.bottom() - px("row.palette"), 2 * half, px("line.body"))
        paint_line(painter, foot, tr(IN_FIELDS), META)
        painter.end()

    def _paint_key(self, painter: QPainter, end: int, y: int, keys: str, label: str) -> None:
        px = theme.current().px
        said, caps = width_px(label, BODY), keycap.size(keys).width()
        high = px("line.section")
        paint_line(painter, QRect(end - said, y, said + 1, high), label)
        keycap.paint(painter, QRect(end - said - px("space.2") - caps, y, caps, high), keys)


def _all(keys: Sequence[Key]) -> tuple[KeyHint, ...]:
    """Every key, quiet ones too; keys with the same words share a line."""
    loud = {key.key: Key(key.key, key.label, key.call) for key in keys if key.label}
    return hints(tuple(loud.values()))
