"""A page over a presenter: it draws each State, starts the verbs, and looks again when rows changed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from app.desk import Screen, Undo
from app.ports import Changes
from app.text import Text
from app.trouble import Trouble
from widgets import theme, words
from widgets.aio import Tasks
from widgets.marked import marked_height_px, paint_marked, tint
from widgets.page import Page
from widgets.painted import Painted
from widgets.prose import BODY, Rich, Span, hairline, plain
from widgets.words import trn

Verb = Callable[[], Coroutine[Any, Any, None]]


class Go(Protocol):
    """To another place, with what it needs to open: `go("order", id=…)`."""

    def __call__(self, place: str, /, **args: str) -> None: ...


class Noticed(Protocol):
    """What every State says when something was refused."""

    @property
    def notice(self) -> Text | None: ...


S = TypeVar("S", bound=Noticed)


class NoticeLine(Painted):
    """One calm sentence over the action bar: what was refused and what to do; gone while there is none."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._words: Rich = ""
        self._mark = "waits"
        self.setObjectName(f"{page}/notice")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_notice(self, words: Rich, mark: str = "waits") -> None:
        """Say it, or nothing."""
        if (words, mark) == (self._words, self._mark):
            return
        self._words, self._mark = words, mark
        self.setAccessibleName(plain(words))
        self.setVisible(bool(plain(words)))
        self.restyle()

    def words(self) -> str:
        """What is said."""
        return plain(self._words)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        high = marked_height_px(wide - 2 * px("space.4"), self._mark, self._words, BODY)
        return high + px("space.4")

    @override
    def sizeHint(self) -> QSize:
        wide = self.width() or theme.current().px("detail.min.w")
        return QSize(theme.current().px("list.min.w"), self.heightForWidth(wide))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        across, down = look.px("space.4"), look.px("space.2")
        painter.fillRect(self.rect(), look.color(tint(self._mark)))
        hairline(painter, QRect(0, 0, self.width(), look.px("line")))
        paint_marked(
            painter, self.rect().adjusted(across, down, -across, -down), self._mark, self._words, BODY
        )
        painter.end()


class ScreenPage(Page, Generic[S]):
    """Build the widgets, then call `begin`; put every fixed word into `say`, everything else into `draw`."""

    def __init__(self, screen: Screen[S], tasks: Tasks, go: Go) -> None:
        super().__init__()
        self.tasks, self.go = tasks, go
        self.notice = NoticeLine(self.code)
        self._screen = screen
        self._news = Changes()
        self._offered: Undo | None = None
        self._titled = ""
        self.is_drawing = False
        """Lists move by themselves while a State is drawn: nobody picked a row then."""

    def begin(self) -> None:
        """Draw what is there now, and everything that comes."""
        self._screen.render = self._render
        words.on_change(self._spoken)
        self._spoken()

    # what a page fills in

    def say(self) -> None:
        """Set the words that stand whatever the State is; called again after a change of language."""

    def draw(self, state: S) -> None:
        """Show this State."""
        raise NotImplementedError

    async def look(self, changes: Changes | None) -> None:
        """Ask the presenter to look again; None when the page came to the front."""
        raise NotImplementedError

    # what a page uses

    def once(self, name: str, verb: Verb) -> bool:
        """Start what a click or a key asks for; a second one is dropped while it runs."""
        return self.tasks.once(f"{self.code}/{name}", lambda: self._carefully(verb))

    def latest(self, name: str, verb: Verb) -> None:
        """Start it, or once more when the present run ends."""
        self.tasks.latest(f"{self.code}/{name}", lambda: self._carefully(verb))

    def offer(self, undo: Undo | None, call: Verb) -> None:
        """Offer to take back what was just done; the same undo is offered once."""
        if undo is not None and undo is not self._offered:
            about = (Span(undo.number, bold=True), " ") if undo.number else ()
            sentence = (*about, trn(undo.text))
            self.offered.emit(sentence, lambda: self.once("undo", lambda: self._undoing(call)))
        self._offered = undo

    async def _undoing(self, call: Verb) -> None:
        """Take it back; why that is not possible is said where the person is, on this page or another."""
        before = self._screen.state.notice
        try:
            await call()
        except Trouble as trouble:
            if self.isVisible() or trouble.code == "superseded":
                raise
            self.refused.emit(trn(trouble.hint))
            return
        after = self._screen.state.notice
        if after is not None and after is not before and not self.isVisible():
            self.refused.emit(trn(after))

    # what happens to it

    @override
    def opened(self, args: object) -> None:
        self.latest("look", lambda: self.look(None))

    def changed(self, changes: Changes) -> None:
        """Rows changed somewhere: look again; what several changes say is put together."""
        self._news |= changes
        self.latest("news", self._look_at_news)

    async def _look_at_news(self) -> None:
        news, self._news = self._news, Changes()
        await self.look(news)

    async def _carefully(self, verb: Verb) -> None:
        try:
            await verb()
        except Trouble as trouble:
            if trouble.code != "superseded":
                self.notice.show_notice(trn(trouble.hint), "stops")
        except LookupError:
            if self._screen.desk.is_signed_in:
                raise
            # Whoever asked has left the desk meanwhile: there is nobody to show an answer to.

    def _spoken(self) -> None:
        self.say()
        self._render(self._screen.state)
        self.header_changed.emit()

    def _render(self, state: S) -> None:
        self.notice.show_notice(trn(state.notice) if state.notice is not None else "")
        was_drawing, self.is_drawing = self.is_drawing, True
        try:
            self.draw(state)
        finally:
            self.is_drawing = was_drawing
        if (title := self.title()) != self._titled:
            self._titled = title
            self.header_changed.emit()
        self.keys_changed.emit()
