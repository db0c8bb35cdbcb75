"""Saved views of the orders page: take one up, save what is shown, forget one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.order_view import NAME_MAX, OrderView
from app.text import N_
from widgets import theme
from widgets.controls import Button
from widgets.fields import TextField
from widgets.labelled import Labelled
from widgets.prose import META, Prose
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
    """The views of this person by name, and a field to name the one on screen."""

    used = Signal(str)
    saved = Signal(str)
    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.views: list[_View] = []
        self._rows: list[QWidget] = []
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.4"))
        column.setSpacing(px("space.2"))
        self._hint = Prose("", META)
        self._list = QVBoxLayout()
        self._list.setSpacing(px("space.1"))
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
        column.addStretch(1)

    def say(self) -> None:
        """Take the words in the language on screen."""
        self._label.say(tr("Name of the view on screen"))
        self.save.say(tr("Save view"))
        self._say_hint()
        for row in self._rows:
            for drop in row.findChildren(Button):
                if not isinstance(drop, _View):
                    drop.say(tr("Delete view"))

    def show_views(self, views: Sequence[OrderView]) -> None:
        """Show what this person saved."""
        names = tuple(view.name for view in views)
        if names != self._names:
            self._names = names
            self._build()
        self._say_hint()

    def focus_first(self) -> None:
        """Put the keys on the first view, or into the field where there is none."""
        (self.views[0] if self.views else self.name).setFocus()

    def _say_hint(self) -> None:
        few = N_("A view keeps search, filters, columns and sort under a name. Nobody else sees yours.")
        some = N_("Enter takes a view up, Delete forgets it.")
        self._hint.show_words(tr(some if self._names else few))

    def _save(self) -> None:
        self.saved.emit(self.name.text())
        self.name.clear()

    def _build(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self.views = [], []
        for at, name in enumerate(self._names):
            view = _View("")
            view.say(name)
            view.setObjectName(f"orders/view/{at}")
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            view.clicked.connect(partial(self.used.emit, name))
            view.dropped.connect(partial(self.dropped.emit, name))
            view.stepped.connect(partial(self._step, at))
            drop = Button("", "", "quiet")
            drop.say(tr("Delete view"))
            drop.setObjectName(f"orders/view/{at}/delete")
            drop.clicked.connect(partial(self.dropped.emit, name))
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(view, 1)
            line.addWidget(drop)
            self._list.addWidget(row)
            self._rows.append(row)
            self.views.append(view)

    def _step(self, at: int, by: int) -> None:
        self.views[(at + by) % len(self.views)].setFocus(Qt.FocusReason.TabFocusReason)
