"""The frame of a guide: steps at the left, one question in the middle, evidence at the right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import theme
from widgets.button import Button
from widgets.painted import Painted
from widgets.prose import NOTE, QUIET, TITLE, Prose, Rich, plain
from widgets.step_rail import RailStep, StepRail


class _Column(Painted):
    """The sheet under the question."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("base"))
        painter.end()


class _Bar(Painted):
    """The bar with back and next."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("alt"))
        painter.fillRect(QRect(0, 0, self.width(), look.px("line")), look.color("line"))
        painter.end()

    @override
    def restyle(self) -> None:
        super().restyle()
        self.setFixedHeight(theme.current().px("action.h"))


class Guide(QWidget):
    """One question at a time; what was answered stays whichever way one goes."""

    next_asked = Signal()
    back_asked = Signal()
    step_asked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        px = theme.current().px
        self.rail = StepRail(name)
        self.rail.picked.connect(self.step_asked)
        self._title, self._reason = Prose(style=TITLE), Prose(style=QUIET)
        self._suggestion: QWidget | None = None
        self._fields: tuple[QWidget, ...] = ()
        self._evidence: QWidget | None = None
        self._back = Button("", "Alt+←")
        self._next = Button("", "Ctrl+Enter", "primary")
        self._why_off = Prose(style=NOTE, wraps=False)
        self._back.setObjectName("guide/back")
        self._next.setObjectName("guide/next")
        self._back.clicked.connect(self.back_asked)
        self._next.clicked.connect(self.next_asked)

        self._body = _Column()
        self._box = QVBoxLayout(self._body)
        edge = px("space.5") + px("space.1")
        self._box.setContentsMargins(edge, px("page.edge"), edge, px("page.edge"))
        self._box.setSpacing(0)
        self._box.addWidget(self._title)
        self._box.addWidget(self._reason)
        self._box.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)

        bar = _Bar()
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(edge, 0, edge, 0)
        foot.setSpacing(px("space.2"))
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._why_off)
        foot.addWidget(self._next)
        bar.restyle()

        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._scroll, 1)
        middle.addWidget(bar)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(self.rail)
        self._columns.addLayout(middle, 1)

    # What is asked

    def show_steps(self, title: str, note: str, steps: Sequence[RailStep], foot: Rich = "") -> None:
        """Show where in the guide this is."""
        self.rail.show_steps(title, note, steps, foot)

    def show_question(self, title: str, reason: Rich = "") -> None:
        """Ask something, and say why it is asked."""
        self._title.show_words(title)
        self._reason.show_words(reason)
        self._reason.setVisible(bool(plain(reason)))

    def show_fields(self, fields: Sequence[QWidget], suggestion: QWidget | None = None) -> None:
        """Put fields under the question, a suggestion above them; the ones from before are let go."""
        px = theme.current().px
        for old in (self._suggestion, *self._fields):
            if old is not None and old is not suggestion and old not in fields:
                self._box.removeWidget(old)
                old.hide()
                old.deleteLater()
        while self._box.count() > 2:
            self._box.takeAt(2)
        self._suggestion, self._fields = suggestion, tuple(fields)
        if suggestion is not None:
            self._box.addSpacing(px("space.4"))
            self._box.addWidget(suggestion)
            suggestion.show()
        for field in self._fields:
            self._box.addSpacing(px("page.edge"))
            self._box.addWidget(field)
            field.show()  # a layout shows it only with the next event, too late for the keys
        self._box.addStretch(1)
        self._place_evidence()
        self._scroll.verticalScrollBar().setValue(0)
        self._order_tabs()

    def show_evidence(self, panel: QWidget | None) -> None:
        """Put a panel at the right, instead of the one before; the panel before is let go."""
        if panel is self._evidence:
            return
        if self._evidence is not None:
            self._columns.removeWidget(self._evidence)
            self._box.removeWidget(self._evidence)
            self._evidence.hide()
            self._evidence.deleteLater()
        self._evidence = panel
        self._place_evidence()

    def _place_evidence(self) -> None:
        """At the right where there is room; below the fields in a narrow window."""
        if (panel := self._evidence) is None:
            return
        px = theme.current().px
        is_wide = self.width() >= px("wide.from.w") - px("rail.w")
        if is_wide:
            self._box.removeWidget(panel)
            panel.setFixedWidth(px("evidence.w"))
            panel.setMinimumHeight(0)
            self._columns.addWidget(panel)
        else:
            self._columns.removeWidget(panel)
            panel.setMinimumWidth(0)
            panel.setMaximumWidth(px("text.max.w"))
            panel.setMinimumHeight(panel.sizeHint().height())
            self._box.addWidget(panel)
        panel.show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_evidence()

    def show_ways(self, back: str, forward: str, off_reason: str = "") -> None:
        """Name the two ways; `off_reason` says what to mend first; no `back` means there is none."""
        for button, words in ((self._back, back), (self._next, forward)):
            button.setText(words)
            button.setAccessibleName(words)
            button.updateGeometry()
        self._back.setVisible(bool(back))
        self._next.set_off(off_reason)
        self._why_off.show_words(off_reason)
        self._why_off.setVisible(bool(off_reason))

    # Where the keys are

    def go_next(self) -> None:
        """Go on, or to the first field that needs mending."""
        if self._next.isEnabled():
            self.next_asked.emit()
        else:
            self.focus_error()

    def go_back(self) -> None:
        """Go back, where there is a way back."""
        if self._back.isVisibleTo(self):
            self.back_asked.emit()

    def focus_first(self) -> None:
        """Put the keys into the first field."""
        self._focus(next(iter(self._fields), None))

    def focus_error(self) -> bool:
        """Put the keys into the first field in error; say whether there is one."""
        for field in self._fields:
            if _in_error(field):
                self._focus(field)
                return True
        return False

    def _focus(self, field: QWidget | None) -> None:
        if field is None:
            return
        target = _first_focusable(field)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            self._box.activate()  # a field that came just now has no place yet
            self._scroll.ensureWidgetVisible(field)

    def _order_tabs(self) -> None:
        parts = (self._suggestion, *self._fields)
        chain = [each for part in parts if part is not None for each in _focusables(part)]
        for earlier, later in pairwise((*chain, self._back, self._next)):
            QWidget.setTabOrder(earlier, later)


def _focusables(widget: QWidget) -> list[QWidget]:
    every = [widget, *widget.findChildren(QWidget)]
    here = widget.window()  # the list of a combo box is a window of its own
    return [each for each in every if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.window() is here]


def _first_focusable(widget: QWidget) -> QWidget | None:
    return next(iter(_focusables(widget)), None)


def _in_error(field: QWidget) -> bool:
    """Fields say `state = error` on themselves or on the control inside."""
    return any(each.property("state") == "error" for each in (field, *field.findChildren(QWidget)))
