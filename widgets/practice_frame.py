"""What nobody can overlook while they practise: stripes all round the window, and a band that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QIcon,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygon,
    QRegion,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.text import N_
from widgets import icons, theme, words
from widgets.button import Button
from widgets.controls import MarkLabel, Pane
from widgets.painted import Painted
from widgets.prose import Prose, Style
from widgets.screen_page import NoticeLine
from widgets.words import stopwatch, tr

HINT_KEY, HELP_KEY, BACK_KEY = "F8", "F9", "F12"
TITLE: Final = N_("Docket practice")
TOLD: Final = N_("Practice: a made-up company. Nothing here reaches real orders, shops, buyers or printers.")
ICON_PX: Final = 64


@dataclass(frozen=True, slots=True)
class Strip:
    """How the running lesson stands. Without a title none runs; `goals` are sentences, met or not yet."""

    lesson: str = ""
    mode: str = ""
    used_s: int = 0
    par_s: int = 0
    goals: tuple[tuple[str, bool], ...] = ()
    may_ask: bool = False
    is_watched: bool = False
    """Steps are shown by themselves: the key of a hint lets the program do them."""


class PracticeFrame(Painted):
    """Lies around everything in its window and over all that may lie there; nothing veils it."""

    hint_wanted = Signal()
    help_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("practice_frame")
        self._window, self._strip = window, Strip()
        self.said = NoticeLine("practice_frame")
        self.said.setParent(self)
        self.band = Pane("pracbg", "bottom", outline="prac")
        self.band.setParent(self)
        self.name = MarkLabel("", "", size="body", role="prac", bold=True)
        self.lesson = Prose(style=Style(role="prac"), wraps=False)
        self.goals, self.clock = (MarkLabel("", "", role="prac") for _ in range(2))
        self.hint, self.help, self.back = (Button("", key, "quiet") for key in (HINT_KEY, HELP_KEY, BACK_KEY))
        for button, name, wanted in (
            (self.hint, "hint", self.hint_wanted),
            (self.help, "help", self.help_wanted),
            (self.back, "back", self.back_wanted),
        ):
            button.setObjectName(f"practice_frame/{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the mouse leaves the cursor where it is
            button.clicked.connect(lambda _on, wanted=wanted: wanted.emit())
        px = theme.current().px
        row = QHBoxLayout(self.band)
        row.setContentsMargins(px("space.3"), 0, px("space.2"), px("line"))
        row.setSpacing(px("space.4"))
        row.addWidget(self.name)
        row.addWidget(self.lesson, 1)
        parts: tuple[QWidget, ...] = (self.goals, self.clock, self.hint, self.help, self.back)
        for part in parts:
            row.addWidget(part)
        window.installEventFilter(self)
        for child in window.children():
            child.installEventFilter(self)
        words.on_change(self._say)
        self.show_strip(Strip())
        self.show()
        self._fit()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_strip(self, strip: Strip) -> None:
        """Show how the lesson stands."""
        self._strip = strip
        self._say()

    def tell(self, sentence: str) -> None:
        """Say one sentence below the band, or nothing."""
        self.said.show_notice(sentence, "waits")
        self._fit()

    @property
    def strip(self) -> Strip:
        """What is shown."""
        return self._strip

    def _say(self) -> None:
        strip = self._strip
        self._window.setWindowTitle(tr(TITLE))
        self._window.setWindowIcon(_icon())
        self._window.setAccessibleName(tr(TITLE))
        self.setAccessibleName(tr(TOLD))
        self.name.show_mark("", _both())
        named = tr("{lesson}, {mode}", lesson=strip.lesson, mode=strip.mode)
        self.lesson.show_words(named if strip.lesson else tr(TOLD))
        met = sum(is_met for _, is_met in strip.goals)
        counted = tr("Goals {met} of {all}", met=met, all=len(strip.goals))
        self.goals.show_mark("met" if strip.goals and met == len(strip.goals) else "waits", counted)
        self.goals.setAccessibleName("; ".join((counted, *(_goal(*goal) for goal in strip.goals))))
        self.goals.setToolTip("\n".join(_goal(*goal) for goal in strip.goals))
        used = tr("{used} of {par}", used=stopwatch(strip.used_s), par=stopwatch(strip.par_s))
        self.clock.show_mark("", used, bold=strip.used_s > strip.par_s)
        for part in (self.goals, self.clock, self.help):
            part.setVisible(bool(strip.lesson))
        self.hint.setVisible(bool(strip.lesson) and strip.may_ask)
        for button, label in (
            (self.hint, tr("Show me") if strip.is_watched else tr("Hint")),
            (self.help, tr("Ask for help")),
            (self.back, tr("Back to work")),
        ):
            button.say(label)

    @override
    def restyle(self) -> None:
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        px = theme.current().px
        stripe, high, whole = px("practice.stripe"), px("practice.band.h"), self._window.rect()
        wide = whole.width() - 2 * stripe
        said = self.said.heightForWidth(wide) if not self.said.isHidden() else 0
        self._window.setContentsMargins(stripe, stripe + high + said, stripe, stripe)
        self.setGeometry(whole)
        self.band.setGeometry(stripe, stripe, wide, high)
        self.said.setGeometry(stripe, stripe + high, wide, said)
        self.setMask(QRegion(whole) - QRegion(self._window.contentsRect()))
        self.raise_()
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window:
            if kind == QEvent.Type.Resize:
                self._fit()
            elif kind == QEvent.Type.ChildAdded and isinstance(event, QChildEvent):
                event.child().installEventFilter(self)
        elif watched is not self and kind in (QEvent.Type.Show, QEvent.Type.ZOrderChange):
            self.raise_()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        thick, whole = look.px("practice.stripe"), self.rect()
        painter.fillRect(whole, look.color("pracbg"))
        painter.setClipRegion(QRegion(whole) - QRegion(whole.adjusted(thick, thick, -thick, -thick)))
        stripes(painter, whole, thick)
        painter.end()


def stripes(painter: QPainter, place: QRect, thick: int) -> None:
    """Fill a place with diagonal stripes."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("prac"))
    top, foot, high = place.top(), place.bottom() + 1, place.height()
    for x in range(place.left() - high, place.right() + 1, 2 * thick):
        corners = (
            QPoint(x, foot),
            QPoint(x + thick, foot),
            QPoint(x + thick + high, top),
            QPoint(x + high, top),
        )
        painter.drawPolygon(QPolygon(corners))


def _icon() -> QIcon:
    pixmap = QPixmap(ICON_PX, ICON_PX)
    pixmap.fill(theme.current().color("pracbg"))
    painter = QPainter(pixmap)
    thick, whole = theme.current().px("practice.stripe"), pixmap.rect()
    stripes(painter, whole, thick)
    inside = whole.adjusted(thick, thick, -thick, -thick)
    painter.fillRect(inside, theme.current().color("pracbg"))
    icons.paint(painter, inside, "training", "prac")
    painter.end()
    return QIcon(pixmap)


def _both() -> str:
    return "练习 PRACTICE"


def _goal(says: str, is_met: bool) -> str:
    return tr("Done: {goal}", goal=says) if is_met else tr("To do: {goal}", goal=says)
