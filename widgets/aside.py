"""What stands at the side of a page: it scrolls there, and folded into a column it is as high as it needs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QSplitter, QWidget
from typing_extensions import override

from widgets import theme


class _Edge(QWidget):
    """A line at the left while the keys scroll the pane."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("accent"))
        painter.end()


class Aside(QScrollArea):
    """A pane that scrolls up and down while it is a pane of its own."""

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = body
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(body)
        body.setAutoFillBackground(False)
        body.installEventFilter(self)
        self._edge = _Edge(self)
        self._fold()

    @property
    def is_folded(self) -> bool:
        """Whether it stands in a column with other things, which scrolls for it."""
        return self.parentWidget() is not None and not isinstance(self.parentWidget(), QSplitter)

    def _fold(self) -> None:
        bar = Qt.ScrollBarPolicy
        folded = self.is_folded
        self.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if folded else bar.ScrollBarAsNeeded)
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Minimum if folded else QSizePolicy.Policy.Expanding,
        )
        policy.setHeightForWidth(folded)
        self.setSizePolicy(policy)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange:
            self._fold()
        return super().event(event)

    @override
    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if event.type() == QEvent.Type.LayoutRequest and self.is_folded:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._edge.show()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._edge.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._edge.setGeometry(0, 0, theme.current().px("ring"), self.height())

    @override
    def hasHeightForWidth(self) -> bool:
        return self.is_folded

    @override
    def heightForWidth(self, wide: int) -> int:
        body = self._held
        return body.heightForWidth(wide) if body.hasHeightForWidth() else body.sizeHint().height()

    @override
    def sizeHint(self) -> QSize:
        wide = self.width() if self.is_folded else theme.current().px("evidence.w")
        return QSize(theme.current().px("evidence.w"), self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        least = theme.current().px("badge.w") * 4
        return QSize(least, self.heightForWidth(self.width()) if self.is_folded else least)
