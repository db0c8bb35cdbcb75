"""Tours at work: begun on the first visit of a page or from its help, put away for good by their person."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from app.boot.at_orders import at_order
from app.commands.note_habit import NoteHabit
from app.commands.note_help import NoteHelp
from app.desk import Desk
from app.domain.habit import Habit
from app.domain.values import habit_key
from app.ports import Views
from app.training.tours import TOURS, Tour, tour_of
from widgets.aio import Tasks
from widgets.shell import Shell

if TYPE_CHECKING:
    from widgets.coach import Coach

NONE: Final = "none"
"""Stands among the tours of somebody who wants none by themselves."""
SETTLE_MS: Final = 400
"""How long a page takes to fill before a tour points at it."""


class Coaching:
    """Knows what the person at the desk has seen, and begins what they have not."""

    def __init__(self, shell: Shell, desk: Desk, tasks: Tasks, *, settle_ms: int = SETTLE_MS) -> None:
        self._shell, self._desk, self._tasks = shell, desk, tasks
        self._settle = QTimer(shell)
        self._settle.setSingleShot(True)
        self._settle.setInterval(settle_ms)
        self._settle.timeout.connect(self._settled)
        shell.went.connect(self._went)
        shell.tour = self._begins

    @cached_property
    def coach(self) -> Coach:
        """What points; made for the first tour, so that the first paint does not wait."""
        from widgets.coach import Coach

        coach = Coach(self._shell, self._shell.router)
        self._shell.went.connect(coach.leave)
        coach.ended.connect(self._note)
        coach.refused.connect(partial(self._note, NONE))
        return coach

    def _here(self) -> Tour | None:
        page = self._shell.page
        if page is None or not self._desk.is_signed_in:
            return None
        return tour_of(page.code, page.help_topic if page.code == "guide" else "")

    def _begins(self) -> Callable[[], object] | None:
        """Help opens: with an order before its reader that is noted; the tour of the page is offered."""
        self._tasks.once("help", self._note_help)
        tour = self._here()
        return (lambda: self.coach.begin(tour)) if tour is not None else None

    def _went(self, _code: str) -> None:
        self._settle.start()

    def _settled(self) -> None:
        """Offer a tour, unless the window was closed meanwhile: nothing runs behind it any more."""
        if self._shell.isVisible():
            self._tasks.latest("tour", self._offer)

    async def _offer(self) -> None:
        """Begin the tour of a page on its first visit."""
        tour = self._here()
        if tour is None or not self._desk.may("note_habit"):
            return
        login = self._desk.login
        key = habit_key(login.user.code)
        known = await self._desk.look(Views.known, frozenset({key}), login)
        seen = (known.habit(login.user.code) or Habit(user=login.user.code)).tours
        if NONE not in seen and tour.code not in seen and tour is self._here():
            self.coach.begin(tour)

    async def _note_help(self) -> None:
        page = self._shell.page
        state = getattr(getattr(page, "presenter", None), "state", None)
        at = at_order(page.code, state, None) if page is not None and state is not None else None
        if page is not None and at is not None and self._desk.is_signed_in and self._desk.may("note_help"):
            await self._desk.submit(NoteHelp(order=at.subject, topic=page.help_topic))

    def _note(self, tour: str) -> None:
        self._tasks.once(f"tour/{tour}", lambda: self._put_away(tour))

    async def _put_away(self, tour: str) -> None:
        if tour in (NONE, *TOURS) and self._desk.is_signed_in:
            command = NoteHabit(user=self._desk.login.user.code, tours=(tour,))
            await self._desk.submit(command)
