"""Watches at which order the person at the desk is, and tells the hub in batches; never what they press."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from PySide6.QtCore import QEvent, QObject, QTimer
from typing_extensions import override

from app.commands.note_focus import SPEC, NoteFocus
from app.desk import Desk
from app.domain.focus import Span
from app.domain.order import Order
from app.insight.focus_meter import At, FocusMeter
from app.ports import Replica
from widgets.aio import Tasks
from widgets.shell import Shell

TICK_MS: Final = 1_000
KEPT_EVERY: Final = 15
"""After so many ticks at one order what was counted is kept, so that a crash costs no more."""
_ACTS: Final = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
})  # fmt: skip
_spans = msgspec.json.Decoder(tuple[Span, ...])


def at_order(code: str, state: Any, before: At | None) -> At | None:
    """Return what a page is about, by its code and state; `before` says for which exception a guide began."""
    match code:
        case "inbox":
            card = state.card
            return At(card.row.snag.id, card.row.snag.kind) if card is not None else None
        case "order":
            return At(state.id) if state.id else None
        case "review":
            is_guest = bool(state.guest)
            return At(state.sheet.row.id) if state.sheet is not None and not is_guest else None
        case "warehouse":
            return At(state.order.id) if state.order is not None else None
        case "guide" if isinstance(state.subject, Order):
            return (
                before if before is not None and before.subject == state.subject.id else At(state.subject.id)
            )
        case _:
            return None


class AtOrders(QObject):
    """A clock that runs while somebody works at an order, and stands a minute after their last act."""

    def __init__(self, shell: Shell, desk: Desk, tasks: Tasks) -> None:
        super().__init__(shell)
        self._shell, self._desk, self._tasks = shell, desk, tasks
        self._user, self._meter, self._at = "", FocusMeter(), At("")
        self._is_new, self._ticks = False, 0
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(lambda: tasks.once("at_orders", self.tick))
        shell.went.connect(self._watch)
        self._watch()

    def _watch(self) -> None:
        """The window itself hears few events and all acts; it is there once it was shown."""
        window = self._shell.window().windowHandle()
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self._is_new = True
            if not self._clock.isActive():
                self._clock.start()
        return False

    async def tick(self) -> None:
        """Count a second; send what is due, and rest with whoever rests."""
        if not self._desk.is_signed_in or not self._desk.may(SPEC.code):
            self._clock.stop()
            return
        user = self._desk.login.user.code
        if user != self._user:
            kept = await self._desk.keep(Replica.setting, _key(user), "[]")
            self._user, self._meter = user, FocusMeter(_spans.decode(kept))
        now = await self._desk.now()
        if self._is_new:
            self._is_new = False
            self._meter.acted(now)
        at = self._here()
        self._meter.tick(now, at)
        self._ticks += 1
        is_over, self._at = at != self._at, at or At("")
        rests = self._meter.is_resting(now)
        if rests:
            self._clock.stop()
        if self._meter.is_due(now) and (is_over or rests or at is None):
            await self._desk.submit(NoteFocus(spans=self._meter.take()))
            self._ticks = 0
        if is_over or rests or self._ticks % KEPT_EVERY == 0:
            kept = msgspec.json.encode(self._meter.kept()).decode()
            await self._desk.keep(Replica.set_setting, _key(user), kept)

    def _here(self) -> At | None:
        page = self._shell.page
        state = getattr(getattr(page, "presenter", None), "state", None)
        if page is None or state is None:
            return None
        return at_order(page.code, state, self._at)


def _key(user: str) -> str:
    return f"focus/{user}"
