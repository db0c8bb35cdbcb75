"""A field that finds while one types: an article, an order. The hits hang below it; Down and Enter choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter
from typing_extensions import override

from widgets import theme
from widgets.inputs import TextField


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its value, the short words the field then shows, the line in the list."""

    value: str
    short: str
    words: str


class SeekField(TextField):
    """Answers with the value of a hit; what is typed and is no hit is answered as it stands."""

    sought = Signal(str)
    """Words to look for."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(placeholder, icon="search")
        self._value = ""
        self._hits: tuple[Hit, ...] = ()
        self._known: dict[str, str] = {}
        self._lines = QStringListModel(self)
        self._list = QCompleter(self._lines, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(8)
        self._list.setWidget(self)
        self._list.activated[QModelIndex].connect(self._picked)
        self.textEdited.disconnect(self.answered)
        self.textEdited.connect(self._typed)

    @override
    def answer(self) -> str:
        return self._value

    @override
    def set_answer(self, value: str) -> None:
        self._value = value
        self.setText(self._known.get(value, value))

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Offer what was found; the list opens only for somebody who types here."""
        is_new = tuple(hits) != self._hits
        self._hits = tuple(hits)
        self._known |= {hit.value: hit.short for hit in hits}
        if self._value in self._known and self.text() == self._value:
            self.setText(self._known[self._value])
        if not is_new:
            return
        self._lines.setStringList([hit.words for hit in hits])
        if self.hasFocus() and hits and self.text() and self._value not in self._known:
            self.open_list()
        elif not hits:
            self._list.popup().hide()

    def open_list(self) -> None:
        """Hang the hits below the field."""
        popup = self._list.popup()
        popup.setAccessibleName(self.accessibleName())
        popup.setObjectName(f"{self.objectName()}/hits")
        popup.setMinimumWidth(theme.current().px("palette.w"))
        self._list.complete()

    def _typed(self, text: str) -> None:
        typed = text.strip()
        exact = next((hit.value for hit in self._hits if typed in (hit.value, hit.short)), typed)
        self._value = exact
        self.sought.emit(typed)
        self.answered.emit(exact)

    def _picked(self, index: QModelIndex) -> None:
        self.take(self._hits[index.row()])
        # The completer writes the whole line into the field right after this.
        QTimer.singleShot(0, self, lambda: self.set_answer(self._value))

    def is_hit(self, value: str) -> bool:
        """Whether the value is something that was found, not just typed."""
        return value in self._known

    def clear_soon(self) -> None:
        """Be empty again, ready for the next; the list still writes its line when it closes."""
        self._value = ""
        self.clear()
        QTimer.singleShot(0, self, lambda: self.set_answer(self._value))

    def take(self, hit: Hit) -> None:
        """Answer with a hit."""
        self.set_answer(hit.value)
        self.answered.emit(hit.value)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._hits and not self._list.popup().isVisible():
            self.open_list()
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._value:
            self.sought.emit("")
