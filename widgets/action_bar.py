"""The action bar: what can be done with what is in front, at the same place for every kind of card."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.button import Kind
from widgets.controls import Button, Label
from widgets.keys import Key
from widgets.painted import Painted
from widgets.words import language

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


def in_lines(
    lead: Sequence[int], quiet: Sequence[int], gap: int, room: int, *, apart: bool = False
) -> list[int]:
    """Share widths out to lines of a room; return how many stand in each.

    All in one where they fit (unless `apart`); else the quiet ones have a line of their own; where that is
    not enough for them, they go on behind the others.
    """
    if not apart and sum(lead) + sum(quiet) + gap * (len(lead) + len(quiet) - 1) <= room:
        return [len(lead) + len(quiet)]
    alone = _wrapped(quiet, gap, room)
    return _wrapped([*lead, *quiet], gap, room) if len(alone) > 1 else [*_wrapped(lead, gap, room), *alone]


def _wrapped(parts: Sequence[int], gap: int, room: int) -> list[int]:
    lines, taken = list[int](), room + 1
    for wide in parts:
        if taken + gap + wide > room:
            lines.append(0)
            taken = -gap
        taken += gap + wide
        lines[-1] += 1
    return lines


def _widths(parts: Sequence[QWidget]) -> list[int]:
    return [part.sizeHint().width() for part in parts]


def _lay(line: Sequence[QWidget], at_right: Collection[QWidget], room: QRect, gap: int) -> int:
    """Stand side by side in a line that begins at the top of a room; return where it ends."""
    sizes = [part.sizeHint() for part in line]
    tall = max((size.height() for size in sizes), default=0)
    x = room.left()
    spare = room.width() - sum(size.width() for size in sizes) - gap * (len(line) - 1)
    for part, size in zip(line, sizes, strict=True):
        if part in at_right:
            x, spare = x + spare, 0
        part.setGeometry(x, room.top() + (tall - size.height()) // 2, size.width(), size.height())
        x += size.width() + gap
    return room.top() + tall


class ActionBar(Painted):
    """Buttons with their keys: primary and plain ones at the left, quiet ones at the right or below."""

    def __init__(self, page: str, *, is_floor: bool = False) -> None:
        super().__init__()
        self._page = page
        self._is_floor = is_floor
        self._actions: tuple[Action, ...] = ()
        self._buttons: dict[str, Button] = {}
        self._stock: list[Button] = []
        """Every button this bar has made, in the order in which they stand; those left over are hidden."""
        self._reasons: dict[str, Label] = {}
        self._needs_alt = False
        self._fitted: tuple[object, ...] = ()  # for what the room was shared out
        self._parted: tuple[object, ...] = ()  # the room in which the quiet ones needed their own line
        self._high = 0
        self.setObjectName(f"{page}/actions")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show these; a button whose place is unchanged keeps the focus it has."""
        before, self._actions = self._actions, tuple(actions)
        if [_place(each) for each in before] != [_place(each) for each in self._actions]:
            self._build()
        elif [each.label for each in before] != [each.label for each in self._actions]:
            for each in self._actions:
                self._buttons[each.code].say(each.label)
        self._arrange()

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
        self._arrange()

    def _build(self) -> None:
        for old in self._reasons.values():
            old.hide()
            old.deleteLater()
        self._buttons, self._reasons, self._fitted = {}, {}, ()
        loud = [each for each in self._actions if each.kind != QUIET]
        quiet = [each for each in self._actions if each.kind == QUIET]
        last = {each.reason: each for each in loud if each.reason}  # said once, behind all it holds for
        for each in loud:
            self._add(each)
            if last.get(each.reason) is each:
                self._say_why(each)
        for each in quiet:
            self._add(each)
        for reason in dict.fromkeys(each.reason for each in quiet if each.reason not in {"", *last}):
            self._say_why(next(each for each in quiet if each.reason == reason))
        for left in self._stock[len(self._buttons) :]:
            left.setObjectName("")
            left.hide()

    def _add(self, action: Action) -> None:
        button = self._next_button(action)
        button.setObjectName(f"{self._page}/{action.code}")
        button.set_alt(self._needs_alt)
        button.show()
        self._buttons[action.code] = button
        if action.reason:
            button.set_off(action.reason)

    def _next_button(self, action: Action) -> Button:
        """Take the next of those in stock; who had the focus for something else has it no more."""
        at = len(self._buttons)
        if at < len(self._stock):
            button = self._stock[at]
            if button.objectName() != f"{self._page}/{action.code}":
                button.clearFocus()
            button.become(action.label, action.key, self._kind(action))
            return button
        button = Button(action.label, action.key, self._kind(action), self)
        # A click leaves the focus where it was: Enter stays the page's, not the last button's.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False, button=button: self._press(button))
        self._stock.append(button)
        return button

    def _say_why(self, action: Action) -> None:
        why = Label(action.reason, "meta", "text2")
        why.setParent(self)
        why.setObjectName(f"{self._page}/{action.code}/reason")
        why.show()
        self._reasons[action.code] = why

    def _kind(self, action: Action) -> Kind:
        if self._is_floor:
            return "floor_primary" if action.kind == PRIMARY else "floor"
        return action.kind

    def _press(self, button: Button) -> None:
        next(each for each in self._actions if self._buttons[each.code] is button).call()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        least = px("button.floor.h") + px("space.6") if self._is_floor else px("action.h")
        return QSize(0, max(self._high, least))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Quiet ones stand at the right end; where they have no room there, on a line of their own below.

        Words are never taken off: a key without them is a riddle. In a room where one card needed more
        lines the next ones keep them, so that nothing jumps.
        """
        here = (self.width(), theme.current(), language())
        wanted = (*here, self._needs_alt, tuple((each.code, each.label) for each in self._actions))
        if wanted == self._fitted:
            return
        self._fitted = wanted
        px = theme.current().px
        floor = self._is_floor
        left, right = (px("space.5"), px("space.5")) if floor else (px("space.4"), px("space.3"))
        above, between = (px("space.4"), px("space.3")) if floor else (px("space.3"), px("space.1"))
        gap = px("space.3") if floor else px("button.gap")
        lead, quiet = self._parts()
        room = self.width() - left - right
        lines = in_lines(_widths(lead), _widths(quiet), gap, room, apart=self._parted == here)
        if len(lines) > 1:
            self._parted = here
        parts, y = [*lead, *quiet], above
        for count in lines:
            line, parts = parts[:count], parts[count:]
            y = _lay(line, quiet if len(lines) == 1 else (), QRect(left, y, room, 0), gap) + between
        high = y - between + above
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def _parts(self) -> tuple[list[QWidget], list[QWidget]]:
        """What stands out with its reasons, and the quiet ones with theirs."""
        lead, quiet, whys = list[QWidget](), list[QWidget](), list[QWidget]()
        for each in self._actions:
            why = self._reasons.get(each.code)
            if each.kind == QUIET:
                quiet.append(self._buttons[each.code])
                whys += [why] if why is not None else []
            else:
                lead += [self._buttons[each.code], *([why] if why is not None else [])]
        return lead, quiet + whys

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("alt"))
        painter.fillRect(QRect(0, 0, self.width(), look.px("line")), look.color("line"))
        painter.end()


def _place(action: Action) -> tuple[str, ...]:
    """What must be the same for a button to stay."""
    return (action.code, action.key, action.kind, action.reason)
