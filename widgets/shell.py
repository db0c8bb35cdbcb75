"""The window: rail, top bar, the page in front, the line at the bottom, and what may lie over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import theme, words
from widgets.drops import FileDrops
from widgets.keys import Key, KeyRouter
from widgets.leaving import Leaving, LeavingSheet
from widgets.page import Page
from widgets.panes import Memory, Panes
from widgets.prose import Rich
from widgets.rail import ELSEWHERE, PLACES, Place, Rail, RailState
from widgets.sync_line import SyncLine, SyncState, hints
from widgets.top_bar import PersonState, TopBar
from widgets.undo import UndoBar
from widgets.words import tr

if TYPE_CHECKING:  # these load when they are first asked for: the first paint does not wait for them
    from widgets.aio import Tasks
    from widgets.bridge import Bridge
    from widgets.crash_bar import CrashBar
    from widgets.help import HelpPanel
    from widgets.key_sheet import KeySheet
    from widgets.overlay import Overlay
    from widgets.palette import Palette, Search

HISTORY_MAX = 20
_Over = TypeVar("_Over", bound="Overlay")
_EVERYWHERE = frozenset({"F1", "F12"})
_NO_PLACE = frozenset(page for _, _, page in ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Step:
    """A page that was in front, and what it was opened with."""

    code: str
    args: object = None


class Shell(QWidget):
    """One window. Pages are made when they are first opened and kept afterwards."""

    went = Signal(str)
    person_wanted = Signal()
    closing = Signal()
    files_dropped = Signal(object)  # the paths of files of this PC, dropped anywhere on the window

    def __init__(
        self,
        *,
        places: Sequence[Place] = PLACES,
        clock_s: Callable[[], float] = time.monotonic,
        memory: Memory | None = None,
    ) -> None:
        super().__init__()
        px = theme.current().px
        self.setWindowTitle("Docket")
        self.setObjectName("shell")
        self.resize(px("window.w"), px("window.h"))
        self.setMinimumSize(px("window.min.w"), px("window.min.h"))
        self.memory: Memory = {} if memory is None else memory
        self._makers: dict[str, Callable[[], Page]] = {}
        self._pages: dict[str, Page] = {}
        self._history: list[Step] = []
        self._here = Step("")
        self._counts: RailState = RailState()
        self._places = {place.code: place for place in places}
        self.rail = Rail(places)
        self.top_bar = TopBar()
        self.stack = QStackedWidget()
        self.undo_bar = UndoBar(clock_s=clock_s)
        self.sync_line = SyncLine()
        self._own_foot: QBoxLayout = QVBoxLayout()
        self._lay_out()
        self.router = KeyRouter(self, clock_s=clock_s)
        self._finding: tuple[Tasks, Search] | None = None
        self.tour: Callable[[], Callable[[], object] | None] = lambda: None  # begins that of this page
        self.leaving = Leaving(lambda: self._over(LeavingSheet(self)))
        self.more_keys: Callable[[], Sequence[Key]] = tuple  # of this kind of desk, on every page
        self.outermost: Callable[[], object] = lambda: None  # Esc where there is no way back any more
        self.helps: Callable[[], bool] = lambda: True
        FileDrops(self, lambda: self.page is not None and not self.page.is_bare, self.files_dropped.emit)
        self._connect()

    def _lay_out(self) -> None:
        self._middle = middle = QVBoxLayout()
        for rows in (middle, self._own_foot):
            rows.setContentsMargins(0, 0, 0, 0)
            rows.setSpacing(0)
        middle.addWidget(self.stack, 1)
        middle.addLayout(self._own_foot)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 3, 1)
        grid.addWidget(self.top_bar, 0, 1)
        grid.addLayout(middle, 1, 1)
        grid.addWidget(self.sync_line, 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self._own_foot.addWidget(self.undo_bar)

    def _connect(self) -> None:
        self.rail.chosen.connect(self._chosen)
        self.top_bar.search_wanted.connect(self._open_palette)
        self.top_bar.bell_wanted.connect(lambda: self._elsewhere("notices"))
        self.top_bar.person_wanted.connect(self._change_person)
        self.sync_line.opened.connect(lambda: self._elsewhere("outbox"))
        self.router.scanned.connect(self._scanned)
        self.router.alt_needed.connect(self._alt)
        words.on_change(self._say)
        theme.on_change(self.update)
        self._say()

    # what may lie over the page: made when first asked for, so that the first paint does not wait

    @cached_property
    def crash_bar(self) -> CrashBar:
        """What says that something went wrong, above the page."""
        from widgets.crash_bar import CrashBar

        bar = CrashBar()
        self._middle.insertWidget(0, bar)
        return bar

    @cached_property
    def palette_(self) -> Palette:
        """Ctrl+K."""
        from widgets.palette import Palette

        if self._finding is None:
            raise LookupError("nothing can be found before use_search")
        return self._over(Palette(self, *self._finding))

    @cached_property
    def key_sheet(self) -> KeySheet:
        """The sheet of `?`."""
        from widgets.key_sheet import KeySheet

        return self._over(KeySheet(self))

    @cached_property
    def help(self) -> HelpPanel:
        """The help of F1."""
        from widgets.help import HelpPanel

        return self._over(HelpPanel(self, self.undo_bar))

    def _over(self, overlay: _Over) -> _Over:
        overlay.opened.connect(lambda: self.router.use_overlay(overlay.keys()))
        overlay.closed.connect(lambda: self.router.use_overlay(None))
        return overlay

    # what boot and pages ask

    def add_page(self, code: str, make: Callable[[], Page]) -> None:
        """Know a page; it is made when somebody goes there."""
        self._makers[code] = make

    def use_search(self, tasks: Tasks, search: Search) -> None:
        """Know how Ctrl+K finds."""
        self._finding = tasks, search

    def use_bridge(self, bridge: Bridge) -> None:
        """Hear of bugs in other threads through the one signal that crosses threads."""
        from widgets.crash import CrashReport

        bridge.changed.connect(
            lambda news: self.crash_bar.tell(news) if isinstance(news, CrashReport) else None
        )

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._here.code)

    def knows(self, code: str) -> bool:
        """Whether there is such a page."""
        return code in self._makers

    def go(self, code: str, args: object = None) -> None:
        """Bring a page to the front; from a place of the rail there is no way back with Esc."""
        if code in self._places:
            self._history.clear()
        elif self._here.code and self._here.code != code:
            self._history = [*self._history[1 - HISTORY_MAX :], self._here]
        self._front(Step(code, args))

    def back(self) -> None:
        """Esc: out of a field, then a step back inside the page, then to the page before."""
        page = self.page
        if page is None:
            return
        if (self.router.in_field and page.out_of_field()) or page.back():
            return
        if self._history:
            self._front(self._history.pop())
        else:
            self.outermost()

    def leave(self) -> None:
        """The page in front is done: to the page before, or to the first place."""
        if self._history:
            self._front(self._history.pop())
        else:
            self.go(self.rail.codes[0])

    def offer_undo(self, sentence: Rich, call: Callable[[], object]) -> None:
        """Say what was done and keep the way back open for thirty seconds."""
        self._seat_undo()
        self.undo_bar.offer(sentence, call)

    def show_rail(self, state: RailState) -> None:
        """Show what waits; where the person is, the shell knows itself."""
        self._counts = state
        self.rail.show_state(RailState(self._rail_code(), state.counts))

    def show_person(self, person: PersonState) -> None:
        """Show who works here."""
        self.top_bar.person.show_person(person)

    def show_sync(self, state: SyncState) -> None:
        """Show how this desk stands to the hub."""
        self.sync_line.show_state(state)
        self.leaving.look(state)

    def _rail_code(self) -> str:
        """The place one came from: an order opened from the inbox belongs to it, notices to none."""
        trail = [self._here.code, *(step.code for step in reversed(self._history))]
        return next((code for code in trail if code in self._places or code in _NO_PLACE), "")

    # what happens here

    def _front(self, step: Step) -> None:
        before, page = self.page, self._page(step.code)
        if before is not None and before is not page:
            before.closed()
        self._here = step
        if page.is_bare:  # whoever signs in next undoes nothing of the one before, and starts afresh
            self.undo_bar.withdraw()
            self._history.clear()
        self.stack.setCurrentWidget(page)
        for part in (self.rail, self.top_bar, self.sync_line):
            part.setVisible(not page.is_bare)
        self._seat_undo()
        self._show_header()
        self._show_keys(is_same=False)
        self.show_rail(self._counts)
        page.opened(step.args)
        page.focus_first()
        self.went.emit(step.code)

    def _seat_undo(self) -> None:
        """Right below the action bar of the page, or below the page where that bar is out of sight."""
        page, seat = self.page, self._own_foot
        if page is not None and page.foot is not None:
            owner = page.foot.parentWidget()
            is_seen = owner is page or (owner is not None and owner.isVisibleTo(page))
            seat = page.foot if is_seen else seat
        seat.addWidget(self.undo_bar)
        self.undo_bar.setVisible(self.undo_bar.is_open)

    def _page(self, code: str) -> Page:
        page = self._pages.get(code)
        if page is None:
            page = self._pages[code] = self._makers[code]()
            self.stack.addWidget(page)
            for panes in page.findChildren(Panes):
                panes.remember(self.memory, code)
            page.going.connect(self.go)
            page.leaving.connect(self.leave)
            page.single_keys_set.connect(self.router.set_single_keys)
            page.offered.connect(self.offer_undo)
            page.refused.connect(self.undo_bar.tell)
            page.keys_changed.connect(self._show_keys)
            page.header_changed.connect(self._show_header)
            page.alt_needed(self.router.needs_alt)
        return page

    def _chosen(self, code: str) -> None:
        if code == "help":
            self._open_help()
        elif self._places[code].form:
            self.go("guide", {"form": self._places[code].form})
        elif self.knows(code):
            self.go(code)

    def _show_header(self) -> None:
        if (page := self.page) is not None:
            self.top_bar.show_page(page.title(), page.header())

    def _show_keys(self, *, is_same: bool = True) -> None:
        if (page := self.page) is None:
            return
        keys = page.keys()
        self.router.use_shared(
            [key for key in self._shared_keys() if not page.is_bare or key.key in _EVERYWHERE]
        )
        self.router.use_page(keys, scans=page.scans, is_same=is_same)
        self.sync_line.show_keys((*hints(keys), *hints([Key("?", tr("Keys"), self._open_key_sheet)])))

    def _say(self) -> None:
        self.setAccessibleName("Docket")
        self._show_header()
        # Behind the pages: they hear of a new language after the shell, and then rename their keys.
        QTimer.singleShot(0, self, self._show_keys)

    def _shared_keys(self) -> tuple[Key, ...]:
        places = enumerate(self.rail.codes, 1)
        return (
            Key("Ctrl+K", tr("Find or do anything"), self._open_palette),
            Key("/", tr("Filter this page"), self._filter),
            Key("?", tr("Keys"), self._open_key_sheet),
            Key("F1", tr("Help for this page"), self._open_help),
            Key("F6", tr("Next pane"), self._next_pane),
            Key("Z", tr("Undo"), self.undo_bar.undo),
            Key("Ctrl+Z", tr("Undo"), self.undo_bar.undo),
            Key("Esc", tr("Back"), self.back),
            Key("Ctrl+Enter", tr("Finish this step"), self._submit),
            Key("Ctrl+L", tr("Switch person"), self._change_person),
            *self.more_keys(),
            *(Key(k, tr(name), partial(self._elsewhere, p)) for k, name, p in ELSEWHERE if self.knows(p)),
            *(Key(f"Ctrl+{n}", tr(self._places[p].label), partial(self._chosen, p)) for n, p in places),
        )

    def _scanned(self, code: str) -> None:
        if self.page is not None:
            self.page.scanned(code)

    def _next_pane(self) -> None:
        if self.page is not None:
            self.page.next_pane()

    def _submit(self) -> None:
        if self.page is not None:
            self.page.submit()

    def _filter(self) -> None:
        page = self.page
        if page is not None and page.has_filter():
            page.focus_filter()
        else:
            self._open_palette()

    def _open_palette(self) -> None:
        if self._finding is not None:
            self.palette_.lay()

    def _elsewhere(self, code: str) -> None:
        if self.knows(code) and self._here.code != code:
            self.go(code)

    def _change_person(self) -> None:
        """The next person sits down; whoever leaves is told what waits here."""
        if self.page is not None and not self.page.is_bare:
            self.leaving.sign_out(self.sync_line.state, self.person_wanted.emit)

    def _open_key_sheet(self) -> None:
        if (page := self.page) is not None:
            self.key_sheet.lay_keys(page.title(), self.router.page_keys, self.router.shared_keys)

    def _open_help(self) -> None:
        if not self.helps():
            return
        self.help.use_tour(self.tour())
        self.help.lay_topic(self.page.help_topic if self.page is not None else "index")

    def _alt(self, needed: bool) -> None:
        self.undo_bar.set_alt(needed)
        self.sync_line.set_alt(needed)
        if self.page is not None:
            self.page.alt_needed(needed)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible() and not self.leaving.may_close(self.sync_line.state, self.close):
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(self.rect()), theme.current().color("window"))
        painter.end()
