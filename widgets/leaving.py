"""Before somebody leaves a desk with unsent work: what waits, how old it is, what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.text import N_
from widgets import theme
from widgets.controls import Button
from widgets.keys import Key
from widgets.overlay import Overlay
from widgets.prose import BODY, SECTION, Prose
from widgets.sync_line import OFFLINE, SyncState
from widgets.words import count, span, stopwatch, tr

STAY, CLOSE, SIGN_OUT = N_("Stay"), N_("Close anyway"), N_("Leave anyway")
_WAITS = N_("{count} not at the hub yet, the oldest {time}")
_KEPT = {
    CLOSE: N_(
        "They stay on this PC and are sent when Docket is open here again. Nobody else sees them until then."
    ),
    SIGN_OUT: N_("They stay on this PC under your name and are sent when somebody has signed in here."),
}
_SENDING = N_("The hub is there: this closes by itself as soon as they are sent.")
_AWAY = N_("The hub is out of reach since {time}.")


class Leaving:
    """Lets a person go, or asks first; `make` makes the sheet when it is first needed."""

    def __init__(self, make: Callable[[], LeavingSheet]) -> None:
        self._make = make
        self.sheet: LeavingSheet | None = None
        self._is_closing = False

    def look(self, state: SyncState) -> None:
        """Follow the outbox while somebody is asked."""
        if self.sheet is not None:
            self.sheet.look(state)

    def sign_out(self, state: SyncState, call: Callable[[], object]) -> None:
        """Let the next person sit down, at once where nothing waits."""
        if state.outbox:
            self._ask(SIGN_OUT, state, call)
        else:
            call()

    def may_close(self, state: SyncState, close: Callable[[], object]) -> bool:
        """Say whether the window may close now: closing twice means it, a PC that goes down asks nobody."""
        app = QApplication.instance()
        is_forced = isinstance(app, QApplication) and app.isSavingSession()
        is_asked = self.sheet is not None and self.sheet.isVisible()
        if not state.outbox or is_forced or is_asked or self._is_closing:
            return True

        def close_now() -> None:
            self._is_closing = True
            close()

        self._ask(CLOSE, state, close_now)
        return False

    def _ask(self, verb: str, state: SyncState, call: Callable[[], object]) -> None:
        self.sheet = self.sheet or self._make()
        self.sheet.ask(verb, state, call)


class LeavingSheet(Overlay):
    """Asks once, over the window; goes on by itself when the last command has reached the hub."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("leaving")
        px = theme.current().px
        self.heading, self.told, self.line = Prose(style=SECTION), Prose(style=BODY), Prose(style=BODY)
        self.stay, self.go = Button("", "Enter", "primary"), Button("", "Y")
        self.stay.setObjectName("leaving/stay")
        self.go.setObjectName("leaving/go")
        self.stay.clicked.connect(self.shut)
        self.go.clicked.connect(self._go)
        self._call: Callable[[], object] | None = None
        self._verb = CLOSE
        ways = QHBoxLayout()
        ways.setSpacing(px("button.gap"))
        ways.addWidget(self.stay)
        ways.addWidget(self.go)
        ways.addStretch(1)
        column = QVBoxLayout(self.sheet)
        edge = px("space.5")
        column.setContentsMargins(edge, px("space.4"), edge, px("space.4"))
        column.setSpacing(px("space.2"))
        for part in (self.heading, self.told, self.line):
            column.addWidget(part)
        column.addSpacing(px("space.2"))
        column.addLayout(ways)

    def ask(self, verb: str, state: SyncState, call: Callable[[], object]) -> None:
        """Open with what waits; `call` is what the person wanted."""
        self._verb, self._call = verb, call
        self._say(state)
        self.lay()
        self.stay.setFocus()

    def look(self, state: SyncState) -> None:
        """Follow the outbox while this is open."""
        if not self.isVisible():
            return
        if state.outbox:
            self._say(state)
        else:
            self._go()

    def _say(self, state: SyncState) -> None:
        waits = tr(_WAITS, count=count(state.outbox), time=span(state.oldest_s))
        is_away = state.link == OFFLINE
        self.heading.show_words(waits)
        self.told.show_words(tr(_KEPT[self._verb]))
        self.line.show_words(tr(_AWAY, time=stopwatch(state.link_for_s)) if is_away else tr(_SENDING))
        for button, words in ((self.stay, STAY), (self.go, self._verb)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))
        self.setAccessibleName(waits)
        self.sheet.setGeometry(self.place())

    def _go(self) -> None:
        call, self._call = self._call, None
        self.shut()
        if call is not None:
            call()

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("Esc", tr(STAY), self.shut),
            Key("Enter", tr(STAY), self.shut, quiet=True),
            Key("Y", tr(self._verb), self._go),
        )

    @override
    def place(self) -> QRect:
        px = theme.current().px
        wide = min(px("palette.w"), self.width() - 2 * px("space.4"))
        layout = self.sheet.layout()
        high = layout.heightForWidth(wide) if layout is not None and layout.hasHeightForWidth() else 0
        high = max(high, self.sheet.sizeHint().height())
        return QRect((self.width() - wide) // 2, px("palette.top"), wide, high)
