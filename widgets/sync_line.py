"""The line at the bottom: link, outbox, protection, what still works, and the keys of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.text import N_
from widgets import keycap, marks, theme, words
from widgets.keys import Key
from widgets.painted import Painted
from widgets.prose import META, NOTE, Rich, Span, Style, paint_line, plain, width_px
from widgets.words import stopwatch, tr

ONLINE, WEAK, OFFLINE = "online", "weak", "offline"
_LINKS: Final = {ONLINE: N_("Online"), WEAK: N_("Weak network"), OFFLINE: N_("Offline {time}")}
_DELIVERED: Final = {
    "protected": N_("All protected"),
    "accepted": N_("All accepted"),
    "saved": N_("Saved here"),
}


@dataclass(frozen=True, slots=True)
class SyncState:
    """How this desk stands to the hub.

    `link` is online, weak or offline since `link_for_s`; `outbox` commands wait, the oldest for `oldest_s`.
    `delivered` is the weakest state of what was sent: saved, accepted, protected. `note` is one sentence,
    translated: how fresh the data is, or what still works.
    """

    link: str = ONLINE
    link_for_s: float = 0.0
    outbox: int = 0
    oldest_s: float = 0.0
    delivered: str = "protected"
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """Keys and what they do, as the line shows them: `J K`, up and down."""

    keys: str
    label: str


def hints(keys: Sequence[Key]) -> tuple[KeyHint, ...]:
    """The keys of a page worth a place on the line; neighbours with the same words share them."""
    found: dict[str, list[str]] = {}
    for key in keys:
        if not key.quiet:
            found.setdefault(key.label, []).append(key.key)
    return tuple(KeyHint(" ".join(names), label) for label, names in found.items())


class SyncLine(Painted):
    """Always there, never a toast: the same facts at the same place; a click opens the outbox."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sync")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._state = SyncState()
        self._hints: tuple[KeyHint, ...] = ()
        self._needs_alt = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words.on_change(self.restyle)

    @property
    def state(self) -> SyncState:
        """What is shown."""
        return self._state

    def show_state(self, state: SyncState) -> None:
        """Show the link and the outbox."""
        if state != self._state:
            self._state = state
            self.restyle()

    def show_keys(self, shown: Sequence[KeyHint]) -> None:
        """Show the keys of the page now in front."""
        if tuple(shown) != self._hints:
            self._hints = tuple(shown)
            self.restyle()

    def set_alt(self, needed: bool) -> None:
        """Show the keys that work while the cursor is in a text field."""
        self._needs_alt = needed
        self.restyle()

    def _keys_now(self) -> tuple[KeyHint, ...]:
        if not self._needs_alt:
            return self._hints
        return tuple(
            KeyHint(" ".join(keycap.in_field(key) for key in hint.keys.split()), hint.label)
            for hint in self._hints
        )

    @override
    def restyle(self) -> None:
        super().restyle()
        self._name()

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, theme.current().px("sync.h"))

    def _facts(self) -> list[tuple[str, Rich, Style]]:
        """Mark, words and style of every part on the left."""
        state = self._state
        link = tr(_LINKS[state.link], time=stopwatch(state.link_for_s))
        facts: list[tuple[str, Rich, Style]] = [(state.link, (Span(link, bold=True),), NOTE)]
        if state.outbox:
            oldest = tr("oldest {time}", time=words.span(state.oldest_s))
            waiting = Span(tr("Outbox {n}", n=state.outbox), bold=True)
            facts.append(("saved", (waiting, tr(", "), oldest), NOTE))
        else:
            facts.append(("", tr("Outbox {n}", n=0), NOTE))
            facts.append((state.delivered, tr(_DELIVERED[state.delivered]), NOTE))
        if state.note:
            facts.append(("", state.note, META))
        return facts

    def _name(self) -> None:
        facts = [plain(said) for _, said, _ in self._facts()]
        keys = [f"{hint.keys} {hint.label}" for hint in self._keys_now()]
        self.setAccessibleName(tr("State of this desk"))
        half, high = self.width() // 2, self.height()
        places = [QRect(0, 0, half, high), QRect(half, 0, half, high)]
        self.name_parts(list(zip((", ".join(facts), ", ".join(keys)), places, strict=True)))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, line = look.px, look.px("line")
        painter.fillRect(self.rect(), look.color("window"))
        painter.fillRect(QRect(0, 0, self.width(), line), look.color("line"))
        place = QRect(px("space.4"), line, self.width() - 2 * px("space.4"), self.height() - line)
        end = self._paint_keys(painter, place)
        self._paint_facts(painter, place, end)
        painter.end()

    def _paint_facts(self, painter: QPainter, place: QRect, end: int) -> None:
        px = theme.current().px
        x, middle, size = place.x(), place.center().y() + 1, px("mark")
        for mark, said, style in self._facts():
            if mark:
                marks.paint(painter, QRect(x, middle - size // 2, size, size), mark)
                x += size + px("tag.pad")
            if end - x < px("avatar"):
                break
            x += paint_line(painter, QRect(x, place.y(), end - x, place.height()), said, style) + px(
                "space.4"
            )

    def _paint_keys(self, painter: QPainter, place: QRect) -> int:
        """Paint from the right end as many keys as fit beside the facts; return where they begin."""
        px = theme.current().px
        gap, cap_gap, meanwhile = px("space.4"), px("button.quiet.gap"), self._facts()
        needed = sum(
            width_px(said, style) + gap + (px("icon") if mark else 0) for mark, said, style in meanwhile
        )
        x = place.right() + 1
        shown = self._keys_now()
        for hint in reversed(shown):
            caps = keycap.size(hint.keys).width()
            wide = caps + cap_gap + width_px(hint.label, NOTE)
            if x - wide < place.x() + needed and hint is not shown[-1]:
                break
            x -= wide
            keycap.paint(painter, QRect(x, place.y(), caps, place.height()), hint.keys)
            paint_line(painter, QRect(x + caps + cap_gap, place.y(), wide, place.height()), hint.label, NOTE)
            x -= gap
        return x
