"""The action bar: what can be done with what is in front, at the same place for every kind of card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy
from typing_extensions import override

from widgets import theme
from widgets.button import Kind
from widgets.controls import Button, Label
from widgets.keys import Key
from widgets.painted import Painted

PRIMARY: Final = "primary"
PLAIN: Final = "plain"
QUIET: Final = "quiet"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: its code, its words, its key, how much it stands out, and why it is off.

    `kind` is primary (one per screen, comes first), plain, or quiet (at the right end).
    """

    code: str
    label: str
    key: str
    kind: Literal["primary", "plain", "quiet"]
    call: Callable[[], object]
    reason: str = ""  # why it is off, in words; empty while it works
    hint: str = ""  # words for the line at the bottom; without them the key is not shown there
    repeats: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it works just now."""
        return not self.reason


def action_keys(actions: Sequence[Action]) -> tuple[Key, ...]:
    """The key table of these actions; the key of one that is off does nothing, its reason is on screen."""
    return tuple(
        Key(
            each.key,
            each.hint or each.label,
            each.call if each.is_ready else _nothing,
            quiet=not each.hint,
            repeats=each.repeats,
            off=each.reason,
        )
        for each in actions
        if each.key
    )


def _nothing() -> None:
    """The key of an action that is off is still not anybody else's."""


def _shortened(buttons: Sequence[Button], taken: int, room: int) -> int:
    """Take the words off buttons, the last first, until what is taken fits the room; return what is."""
    for button in reversed(buttons):
        if taken > room:
            taken -= button.sizeHint().width()
            button.setText("")
            taken += button.sizeHint().width()
    return taken


class ActionBar(Painted):
    """Buttons with their keys: primary and plain ones at the left, quiet ones at the right."""

    def __init__(self, page: str, *, is_floor: bool = False) -> None:
        super().__init__()
        self._page = page
        self._is_floor = is_floor
        self._actions: tuple[Action, ...] = ()
        self._buttons: dict[str, Button] = {}
        self._needs_alt = False
        self._fitted: tuple[object, ...] = ()  # for what the room was shared out
        self._row = QHBoxLayout(self)
        self.setObjectName(f"{page}/actions")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show these; a button whose place is unchanged keeps the focus it has."""
        before, self._actions = self._actions, tuple(actions)
        if [_place(each) for each in before] != [_place(each) for each in self._actions]:
            self._build()
        for each in self._actions:
            button = self._buttons[each.code]
            button.setAccessibleName(each.label)
            button.restyle()
        self._make_room()

    def button(self, code: str) -> Button:
        """The button of an action, for a coach mark or a test."""
        return self._buttons[code]

    def keys(self) -> tuple[Key, ...]:
        """The key table of what is shown."""
        return action_keys(self._actions)

    def set_alt(self, needed: bool) -> None:
        """Show the keys that work while the cursor is in a text field."""
        self._needs_alt = needed
        for button in self._buttons.values():
            button.set_alt(needed)
        self._make_room()

    def _build(self) -> None:
        px = theme.current().px
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons, self._fitted = {}, ()
        edge = px("space.5") if self._is_floor else px("space.4")
        self._row.setContentsMargins(edge, px("line"), edge if self._is_floor else px("space.3"), 0)
        self._row.setSpacing(px("space.3") if self._is_floor else px("button.gap"))
        for each in self._actions:
            if each.kind != QUIET:
                self._add(each)
        self._row.addStretch(1)
        quiet = [each for each in self._actions if each.kind == QUIET]
        for each in quiet:
            self._add(each)
        for reason in dict.fromkeys(each.reason for each in quiet if each.reason):
            first = next(each for each in quiet if each.reason == reason)
            self._say_why(first)  # said once for all that are off for it

    def _add(self, action: Action) -> None:
        button = Button(action.label, action.key, self._kind(action))
        button.setObjectName(f"{self._page}/{action.code}")
        # A click leaves the focus where it was: Enter stays the page's, not the last button's.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.set_alt(self._needs_alt)
        button.clicked.connect(lambda _=False, code=action.code: self._press(code))
        self._buttons[action.code] = button
        self._row.addWidget(button)
        if action.reason:
            button.set_off(action.reason)
            if action.kind != QUIET:
                self._say_why(action)

    def _say_why(self, action: Action) -> None:
        why = Label(action.reason, "meta", "text2")
        why.setObjectName(f"{self._page}/{action.code}/reason")
        self._row.addWidget(why)

    def _kind(self, action: Action) -> Kind:
        if self._is_floor:
            return "floor_primary" if action.kind == PRIMARY else "floor"
        return action.kind

    def _press(self, code: str) -> None:
        next(each for each in self._actions if each.code == code).call()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        floor = px("button.floor.h") + px("space.6")
        return QSize(0, floor if self._is_floor else px("action.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where room is short the last quiet buttons keep only their key, then go; the key sheet has them.

        What is still too wide then are the plain ones: from the last on they keep only their key too.
        """
        labels = tuple((each.code, each.label) for each in self._actions)
        wanted = (self.width(), self._needs_alt, theme.current(), labels)
        if wanted == self._fitted:
            return
        self._fitted = wanted
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right()
        buttons = [self._buttons[each.code] for each in self._actions if each.kind == QUIET]
        plain = [self._buttons[each.code] for each in self._actions if each.kind == PLAIN]
        for each in self._actions:
            self._buttons[each.code].setText(each.label)
        items = [self._row.itemAt(n) for n in range(self._row.count())]
        parts = [item.widget() for item in items if item is not None]
        taken = sum(part.sizeHint().width() + gap for part in parts if part is not None)
        taken = _shortened(buttons, taken, room)
        for button in reversed(buttons):
            button.setVisible(taken <= room)
            taken -= 0 if taken <= room else button.sizeHint().width() + gap
        _shortened(plain, taken, room)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("alt"))
        painter.fillRect(QRect(0, 0, self.width(), look.px("line")), look.color("line"))
        painter.end()


def _place(action: Action) -> tuple[str, ...]:
    """What must be the same for a button to stay."""
    return (action.code, action.key, action.kind, action.reason)
