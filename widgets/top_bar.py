"""The top bar: which page, its one fact or its splits, the search, and who works here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.text import N_
from widgets import icons, keycap, theme, words
from widgets.prose import META, SECTION, Prose, Style, paint_line, sheet, width_px
from widgets.words import tr

SEARCH_KEY = "Ctrl+K"
FIND = N_("Find an order or do anything")
_NAME = Style("meta", bold=True)
_INITIAL = Style("meta", bold=True)
_UNREAD = Style("meta", "warn", bold=True)


@dataclass(frozen=True, slots=True)
class PersonState:
    """Who is signed in, and for what team and shift; the team is said in the language on screen."""

    name: str = ""
    team: str = ""

    @property
    def initial(self) -> str:
        return self.name[:1]


def paint_focus(painter: QPainter, place: QRect) -> None:
    """The two-pixel ring that says the keyboard is here."""
    look = theme.current()
    ring, corner = look.px("ring"), look.px("radius.control")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("accent"), ring))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inside = QRectF(place).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2)
    painter.drawRoundedRect(inside, corner, corner)


class SearchBox(QAbstractButton):
    """Looks like a field, opens the palette: one place to find and to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top/search")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.on_change(self.updateGeometry)
        words.on_change(self.say)
        self.say()

    def say(self) -> None:
        """Take the words in the language on screen."""
        self.setText(tr(FIND))
        self.setAccessibleName(tr(FIND))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("search.w"), px("search.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("search.w") // 2, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, icon = look.px, look.px("icon.field")
        sheet(painter, self.rect(), edge="border", radius="radius.control")
        x, middle = px("field.pad") + px("line"), self.height() // 2
        icons.paint(painter, QRect(x, middle - icon // 2, icon, icon), "search", "text3")
        x += icon + px("space.2")
        cap = keycap.size(SEARCH_KEY)
        cap_x = self.width() - px("tag.pad") - cap.width()
        room = QRect(x, 0, cap_x - px("space.2") - x, self.height())
        paint_line(painter, room, self.text(), Style(role="text3"))
        keycap.paint(painter, QRect(cap_x, 0, cap.width(), self.height()), SEARCH_KEY)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class PersonBox(QAbstractButton):
    """The person at this desk; a click, or Ctrl+L, hands the desk to somebody else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person, self._team = PersonState(), ""
        self.setObjectName("top/person")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.on_change(self.updateGeometry)
        words.on_change(self.say)

    def show_person(self, person: PersonState) -> None:
        """Show who works here."""
        self._person = person
        self.say()

    def say(self) -> None:
        """Name the button in the language on screen."""
        self._team = tr(self._person.team) if self._person.team else ""
        self.setAccessibleName(tr("{name}, {team}, switch person", name=self._person.name, team=self._team))
        self.setVisible(bool(self._person.name))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        said = max(width_px(self._person.name, _NAME), width_px(self._team, META))
        return QSize(px("avatar") + px("space.2") + said, px("search.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, disc, line = look.px, look.px("avatar"), look.px("line.meta")
        round_ = QRect(0, (self.height() - disc) // 2, disc, disc)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("sel"))
        painter.drawEllipse(round_)
        paint_line(painter, round_, self._person.initial, _INITIAL, Qt.AlignmentFlag.AlignHCenter)
        x, top = disc + px("space.2"), self.height() // 2 - line
        paint_line(painter, QRect(x, top, self.width() - x, line), self._person.name, _NAME)
        paint_line(painter, QRect(x, top + line, self.width() - x, line), self._team, META)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class BellBox(QAbstractButton):
    """How many notices are unread; a click, or Ctrl+B, shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unread = 0
        self.setObjectName("top/bell")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.on_change(self.updateGeometry)
        words.on_change(self.say)
        self.hide()
        self.say()

    def show_unread(self, unread: int) -> None:
        """Show how many there are; the bell itself stands there whenever somebody works here."""
        self.unread = unread
        self.show()
        self.say()

    def say(self) -> None:
        """Name the button in the language on screen."""
        self.setAccessibleName(
            tr("Notices, {count} unread", count=self.unread) if self.unread else tr("Notices, none unread")
        )
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        said = px("space.1") + width_px(str(self.unread), _UNREAD) if self.unread else 0
        return QSize(px("icon.field") + said + 2 * px("space.1"), px("search.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, icon = look.px, look.px("icon.field")
        x, middle = px("space.1"), self.height() // 2
        role = "warn" if self.unread else "text3"
        icons.paint(painter, QRect(x, middle - icon // 2, icon, icon), "bell", role)
        if self.unread:
            x += icon + px("space.1")
            paint_line(painter, QRect(x, 0, self.width() - x, self.height()), str(self.unread), _UNREAD)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class TopBar(QWidget):
    """One line over the page; it stays in place whatever the page shows."""

    search_wanted = Signal()
    bell_wanted = Signal()
    person_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current().px
        self.setObjectName("top")
        self.setFixedHeight(px("top.h"))
        self.title = Prose("", SECTION, wraps=False)
        self.search = SearchBox()
        self.bell = BellBox()
        self.person = PersonBox()
        self._header: QWidget | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px("space.4"), 0, px("space.4"), px("line"))
        self._row.setSpacing(px("space.4"))
        self._row.addWidget(self.title)
        self._row.addStretch(1)
        self._row.addWidget(self.search)
        self._row.addWidget(self.bell)
        self._row.addWidget(self.person)
        self.search.clicked.connect(self.search_wanted)
        self.bell.clicked.connect(self.bell_wanted)
        self.person.clicked.connect(self.person_wanted)
        theme.on_change(self.update)

    def show_page(self, title: str, header: QWidget | None) -> None:
        """Take the name of the page and its splits or fact; the last page keeps its own."""
        self.title.show_words(title)
        if self._header is not None and self._header is not header:
            self._row.removeWidget(self._header)
            self._header.hide()
        self._header = header
        if header is not None:
            self._row.insertWidget(1, header)
            header.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, thick = theme.current(), QPainter(self), theme.current().px("line")
        painter.fillRect(self.rect(), look.color("base"))
        painter.fillRect(QRect(0, self.height() - thick, self.width(), thick), look.color("line"))
        painter.end()
