"""The rail: where one can go, where one is, and how much waits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.text import N_
from widgets import icons, theme, words
from widgets.prose import Style, width_px
from widgets.words import tr


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the rail: its page, its icon and its marked, untranslated name."""

    code: str
    icon: str
    label: str
    is_foot: bool = False
    form: str = ""
    """The guide it begins, where it is no page of its own."""


@dataclass(frozen=True, slots=True)
class RailState:
    """Where the person is, and how many things wait at each place."""

    here: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


PLACES = (
    Place("today", "today", N_("Today")),
    Place("inbox", "inbox", N_("Inbox")),
    Place("orders", "orders", N_("Orders")),
    Place("new_order", "new", N_("New"), form="new_order"),
    Place("review", "review", N_("Review")),
    Place("warehouse", "warehouse", N_("Floor")),
    Place("stock", "stock", N_("Stock")),
    Place("training", "training", N_("Training")),
    Place("figures", "chart", N_("Figures")),
    Place("help", "help", N_("Help"), is_foot=True),
    Place("settings", "settings", N_("Settings"), is_foot=True),
)
PRACTICE = Place("practice", "play", N_("Practice"))
"""Stands last on the rail of whoever practises, and on no other."""
ELSEWHERE = (("Ctrl+O", N_("Outbox"), "outbox"), ("Ctrl+B", N_("Notices"), "notices"))
"""Pages without a place, by the keys that lead there from everywhere."""


_LONG = 100
"""From here on the number takes the room of the icon, which steps aside."""
_PILL = Style("meta", bold=True)


class RailCell(QAbstractButton):
    """One place: icon, name, and the number that waits in a pill."""

    def __init__(self, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = place
        self.waiting = 0
        self.setObjectName(f"rail/{place.code}")
        self.setCheckable(not place.is_foot or place.code != "help")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.on_change(self.update)
        words.on_change(self.say)
        self.say()

    def say(self) -> None:
        """Take the name in the language on screen."""
        name = tr(self.place.label)
        self.setText(name)
        self.setAccessibleName(f"{name} {self.waiting}" if self.waiting else name)

    def wait(self, count: int) -> None:
        """Show how many things wait; none shows nothing."""
        if count != self.waiting:
            self.waiting = count
            self.say()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("rail.w"), px("rail.cell.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, is_here = theme.current(), QPainter(self), self.isChecked()
        px, wide = look.px, self.width()
        top = (self.height() - px("icon") - px("space.half") - px("line.meta")) // 2
        if is_here:
            inset = px("space.2") + px("line")
            painter.fillRect(QRect(0, inset, px("bar"), self.height() - 2 * inset), look.color("accent"))
        free = self.width() - self._pill().width() - px("space.half") if self.waiting >= _LONG else wide
        place = QRect(min((wide - px("icon")) // 2, free - px("icon")), top, px("icon"), px("icon"))
        icons.paint(painter, place, self.place.icon, "accent" if is_here else "text2")
        painter.setFont(look.font("font.meta", bold=is_here))
        painter.setPen(look.color("text" if is_here else "text2"))
        words_top = place.bottom() + 1 + px("space.half")
        painter.drawText(
            QRect(0, words_top, wide, px("line.meta")), Qt.AlignmentFlag.AlignCenter, self.text()
        )
        if self.waiting:
            self._paint_pill(painter)
        if self.hasFocus():
            ring = px("ring")
            painter.setPen(QPen(look.color("accent"), ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inside = QRectF(self.rect()).adjusted(ring, ring, -ring, -ring)
            painter.drawRoundedRect(inside, px("radius.control"), px("radius.control"))
        painter.end()

    def _number(self) -> str:
        return str(self.waiting) if self.waiting < 1000 else "1k+"

    def _pill(self) -> QRect:
        px = theme.current().px
        wide = width_px(self._number(), _PILL) + 2 * px("pill.pad") + 2
        wide = max(px("pill.min.w"), wide)
        return QRect(self.width() - px("space.half") - wide, px("space.half"), wide, px("pill.h"))

    def _paint_pill(self, painter: QPainter) -> None:
        look, place, number = theme.current(), self._pill(), self._number()
        px = look.px
        painter.setFont(look.font("font.meta", bold=True))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.color("border"))
        painter.setBrush(look.color("base"))
        corner = px("pill.h") / 2
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        painter.setPen(look.color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)


class Rail(QWidget):
    """All places in a column; Ctrl with a digit reaches the upper ones from anywhere."""

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place] = PLACES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setObjectName("rail")
        self.setFixedWidth(px("rail.w"))
        self._cells = {place.code: RailCell(place, self) for place in places}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px("space.2"), 0, px("space.1"))
        column.setSpacing(0)
        for is_foot in (False, True):
            for place in places:
                if place.is_foot is is_foot:
                    column.addWidget(self._cells[place.code])
            if not is_foot:
                column.addStretch(1)
        for code, cell in self._cells.items():
            cell.clicked.connect(lambda _=False, code=code: self._choose(code))
        theme.on_change(self.update)
        words.on_change(self._say)
        self._say()
        self._here = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The upper places in the order of Ctrl+1, Ctrl+2 and so on."""
        return tuple(code for code, cell in self._cells.items() if not cell.place.is_foot)

    def cell(self, code: str) -> RailCell:
        """The cell of a place, for a coach mark."""
        return self._cells[code]

    def show_state(self, state: RailState) -> None:
        """Show where the person is and what waits."""
        self._here = state.here
        for code, cell in self._cells.items():
            cell.setChecked(code == state.here)
            cell.wait(state.counts.get(code, 0))

    def _choose(self, code: str) -> None:
        self._cells[code].setChecked(code == self._here)  # the shell moves the bar
        self.chosen.emit(code)

    def _say(self) -> None:
        self.setAccessibleName(tr("Places"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        thick = look.px("line")
        painter.fillRect(QRect(self.width() - thick, 0, thick, self.height()), look.color("line"))
        painter.end()
