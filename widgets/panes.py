"""Three panes side by side that fold when the window is narrow and remember where a hand put them."""

from __future__ import annotations

from collections.abc import MutableMapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSplitter, QSplitterHandle, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import theme

Memory = MutableMapping[str, list[int]]
_NO_LIMIT = (1 << 24) - 1  # QWIDGETSIZE_MAX, which PySide does not name


class _Handle(QSplitterHandle):
    """A hairline; Qt lets the mouse catch it two pixels to either side."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("line"))
        painter.end()


class _Splitter(QSplitter):
    @override
    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class Panes(QWidget):
    """List, detail and evidence; the list or the evidence may be missing.

    Below 1280 px of window the evidence becomes a section in `under_title`, or the end of the detail pane;
    below 1024 px list and detail take turns.
    """

    def __init__(
        self,
        rows: QWidget | None,
        detail: QWidget,
        evidence: QWidget | None = None,
        *,
        under_title: QBoxLayout | None = None,
        rows_px: int = 0,
        evidence_px: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        look = theme.current()
        self._rows, self._detail, self._evidence = rows, detail, evidence
        self._under_title = under_title
        self._rows_px = rows_px or look.px("list.w")
        self._evidence_px = evidence_px or look.px("evidence.w")
        self._memory: Memory | None = None
        self._name = ""
        self._is_narrow = False
        self._is_wide = True
        self._shows_detail = False
        self._is_placed = False
        self._split = _Splitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(look.px("line"))
        if rows is not None:
            rows.setMinimumWidth(look.px("list.min.w"))
            self._split.addWidget(rows)
        self._split.addWidget(detail)
        self._split.setStretchFactor(self._split.indexOf(detail), 1)
        if evidence is not None:
            self._split.addWidget(evidence)
        self._split.splitterMoved.connect(self._moved)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self._split)

    def remember(self, memory: Memory, name: str) -> None:
        """Keep the splitters under this name and put them where they were."""
        self._memory, self._name = memory, name
        self._place()

    @property
    def is_narrow(self) -> bool:
        """Whether list and detail take turns."""
        return self._is_narrow

    @property
    def is_wide(self) -> bool:
        """Whether the evidence has a pane of its own."""
        return self._is_wide

    @property
    def shows_detail(self) -> bool:
        """Whether, of the two that take turns, the detail is in front."""
        return self._shows_detail

    def show_detail(self) -> None:
        """Enter on a row: in a narrow window the detail takes its turn."""
        self._shows_detail = True
        self._take_turns()

    def back(self) -> bool:
        """Esc: in a narrow window back from the detail to the list; elsewhere there is no step back."""
        if not (self._is_narrow and self._shows_detail):
            return False
        self._shows_detail = False
        self._take_turns()
        if self._rows is not None:
            _focus_inside(self._rows)
        return True

    def focus_next(self) -> None:
        """F6: the next visible pane takes the focus."""
        panes = [pane for pane in (self._rows, self._detail, self._evidence) if pane and pane.isVisible()]
        inside = [n for n, pane in enumerate(panes) if pane.isAncestorOf(self.focusWidget() or self)]
        for step in range(1, len(panes) + 1):
            if _focus_inside(panes[((inside or [-1])[-1] + step) % len(panes)]):
                return

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        self._share()

    def _fold(self) -> None:
        look = theme.current()
        window_px = self.width() + look.px("rail.w")
        is_wide = window_px >= look.px("wide.from.w")
        is_narrow = self._rows is not None and window_px < look.px("narrow.below.w")
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._move_evidence()
            self._place()
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._take_turns()
        if not self._is_placed:
            self._is_placed = True
            self._place()

    def _move_evidence(self) -> None:
        if self._evidence is None:
            return
        if self._is_wide:
            self._split.addWidget(self._evidence)
        elif self._under_title is not None:
            self._under_title.addWidget(self._evidence)
        elif (inside := self._detail.layout()) is not None:
            inside.addWidget(self._evidence)
        self._evidence.show()
        self._share()

    def _share(self) -> None:
        """Folded to the end of the detail, the evidence takes no more than half of the height."""
        if self._evidence is not None and self._under_title is None:
            most = _NO_LIMIT if self._is_wide else self.height() // 2
            self._evidence.setMaximumHeight(most)

    def _take_turns(self) -> None:
        if self._rows is None:
            return
        self._rows.setVisible(not (self._is_narrow and self._shows_detail))
        self._detail.setVisible(not self._is_narrow or self._shows_detail)

    def _place(self) -> None:
        look, width_px = theme.current(), self.width()
        kept = (self._memory or {}).get(self._slot())
        if kept and len(kept) == self._split.count():
            self._split.setSizes(kept)
            return
        rows_px = self._rows_px if self._rows is not None else 0
        aside_px = self._evidence_px if self._evidence is not None and self._is_wide else 0
        sizes = [rows_px] if rows_px else []
        sizes.append(max(width_px - rows_px - aside_px - (self._split.count() - 1) * look.px("line"), 1))
        if aside_px:
            sizes.append(aside_px)
        self._split.setSizes(sizes)

    def _slot(self) -> str:
        return f"{self._name}/{self._split.count()}"

    def _moved(self) -> None:
        if self._memory is not None:
            self._memory[self._slot()] = self._split.sizes()


def _focus_inside(pane: QWidget) -> bool:
    """Focus the first thing in a pane that takes keys; say whether there is one."""
    for widget in (pane, *pane.findChildren(QWidget)):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False
