"""One calm line when the program itself broke: what happened, that nothing is lost, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.text import N_
from widgets import theme, words
from widgets.controls import Button, MarkLabel
from widgets.crash import CrashReport
from widgets.painted import Painted
from widgets.words import tr

_SENTENCE = N_("Docket made a mistake and noted it ({report}). Your outbox is kept; go on working.")
_HIDE = N_("Hide")


class CrashBar(Painted):
    """Shows the newest bug; a flood of bugs is still one line."""

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self.setObjectName("crash")
        self.setFixedHeight(px("undo.h"))
        self._report: CrashReport | None = None
        self._words = MarkLabel("waits", "", size="body", role="text")
        self.button = Button(tr(_HIDE))
        self.button.setObjectName("crash/hide")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4"), 0, px("space.4"), px("line"))
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        words.on_change(self._say)
        self.hide()

    def tell(self, report: CrashReport) -> None:
        """Say it, without taking the focus from anybody."""
        self._report = report
        self._say()
        self.show()

    def _say(self) -> None:
        if self._report is not None:
            self._words.show_mark("waits", tr(_SENTENCE, report=self._report.path))
        self.button.setText(tr(_HIDE))
        self.button.setAccessibleName(tr(_HIDE))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, thick = theme.current(), QPainter(self), theme.current().px("line")
        painter.fillRect(self.rect(), look.color("warnbg"))
        painter.fillRect(QRect(0, self.height() - thick, self.width(), thick), look.color("line"))
        painter.end()
