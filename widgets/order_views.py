"""Saved views of the orders page: one's own and those shared with everybody; take up, save, share, forget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.order_view import NAME_MAX, OrderView, SharedView
from app.text import N_
from widgets import theme
from widgets.controls import Button
from widgets.fields import TextField
from widgets.labelled import Labelled
from widgets.prose import HEADING, META, Prose
from widgets.words import tr


class _View(Button):
    """One view; Delete on it forgets it."""

    dropped = Signal()
    stepped = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.dropped.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class ViewsPanel(QWidget):
    """The views of this person by name, those of everybody, and a field to name the one on screen."""

    used = Signal(str)
    saved = Signal(str)
    dropped = Signal(str)
    given = Signal(str)
    """Share one's own view of this name."""
    taken_up = Signal(str)
    withdrawn = Signal(str)
    """A shared view, by its code."""

    def __init__(self) -> None:
        super().__init__()
        self._own: tuple[str, ...] = ()
        self._shared: tuple[tuple[str, str], ...] = ()
        self._may_share = False
        self.views: list[_View] = []
        self._rows: list[QWidget] = []
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.4"))
        column.setSpacing(px("space.2"))
        self._hint = Prose("", META)
        self._list, self._everybody = QVBoxLayout(), QVBoxLayout()
        for part in (self._list, self._everybody):
            part.setSpacing(px("space.1"))
        self._heading = Prose("", HEADING, wraps=False)
        self.name = TextField()
        self.name.setMaxLength(NAME_MAX)
        self.name.returnPressed.connect(self._save)
        self._label = Labelled("orders/view/name", self.name)
        self.save = Button("", "Enter")
        self.save.setObjectName("orders/view/save")
        self.save.clicked.connect(self._save)
        column.addWidget(self._hint)
        column.addLayout(self._list)
        column.addSpacing(px("space.3"))
        column.addWidget(self._label)
        column.addWidget(self.save)
        column.addSpacing(px("space.3"))
        column.addWidget(self._heading)
        column.addLayout(self._everybody)
        column.addStretch(1)

    def say(self) -> None:
        """Take the words in the language on screen."""
        self._label.say(tr("Name of the view on screen"))
        self.save.say(tr("Save view"))
        self._heading.show_words(tr("Shared with everybody"))
        self._build()
        self._say_hint()

    def show_views(self, own: Sequence[OrderView], shared: Sequence[SharedView], *, may_share: bool) -> None:
        """Show what this person saved and what is shared; who may share has one more key on each row."""
        named = tuple((one.code, one.title) for one in shared)
        wanted = (tuple(view.name for view in own), named, may_share)
        if wanted != (self._own, self._shared, self._may_share):
            self._own, self._shared, self._may_share = wanted
            self._build()
        self._say_hint()

    def focus_first(self) -> None:
        """Put the keys on the first view, or into the field where there is none."""
        (self.views[0] if self.views else self.name).setFocus()

    def _say_hint(self) -> None:
        few = N_("A view keeps search, filters, columns and sort under a name. Nobody else sees yours.")
        some = N_("Enter takes a view up, Delete forgets it.")
        self._hint.show_words(tr(some if self.views else few))

    def _save(self) -> None:
        self.saved.emit(self.name.text())
        self.name.clear()

    def _build(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self.views = [], []
        share, drop, away = N_("Share"), N_("Delete view"), N_("Take away")
        for at, name in enumerate(self._own):
            keys = [(share, "share", self.given)] if self._may_share else []
            view = self._view(f"orders/view/{at}", name, self.used, name)
            view.dropped.connect(partial(self.dropped.emit, name))
            self._list.addWidget(self._row(view, name, [*keys, (drop, "delete", self.dropped)]))
        for at, (code, title) in enumerate(self._shared):
            keys = [(away, "withdraw", self.withdrawn)] if self._may_share else []
            view = self._view(f"orders/shared/{at}", title, self.taken_up, code)
            if self._may_share:
                view.dropped.connect(partial(self.withdrawn.emit, code))
            self._everybody.addWidget(self._row(view, code, keys))
        self._heading.setVisible(bool(self._shared))

    def _view(self, name: str, title: str, taken: SignalInstance, key: str) -> _View:
        view = _View("")
        view.say(title)
        view.setObjectName(name)
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view.clicked.connect(partial(taken.emit, key))
        view.stepped.connect(partial(self._step, len(self.views)))
        self.views.append(view)
        return view

    def _row(self, view: _View, key: str, keys: Sequence[tuple[str, str, SignalInstance]]) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(view, 1)
        for words, code, signal in keys:
            button = Button("", "", "quiet")
            button.say(tr(words))
            button.setObjectName(f"{view.objectName()}/{code}")
            button.clicked.connect(partial(signal.emit, key))
            line.addWidget(button)
        self._rows.append(row)
        return row

    def _step(self, at: int, by: int) -> None:
        self.views[(at + by) % len(self.views)].setFocus(Qt.FocusReason.TabFocusReason)
