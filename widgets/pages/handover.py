"""Handover: what is open in a table, the names under it beside; sentences are typed where the keys stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.domain.handover import NOTE_MOST
from app.presenters.handover import EARLIER, NOW, PAGE, SPLITS, HandoverDesk, State
from app.text import N_
from widgets import folders
from widgets.aio import Tasks
from widgets.beside_pane import BesidePane
from widgets.cells import Column
from widgets.handover_rows import about, columns_of_lines, columns_of_pages, rows_of_lines, rows_of_pages
from widgets.keys import Key
from widgets.prose import META, Prose
from widgets.reason_bar import ReasonBar
from widgets.screen_page import Go
from widgets.split_page import Drawn, SplitPage
from widgets.splits import Split
from widgets.words import count, day_there, tr, trn

_SPLITS: Final = {NOW: N_("Open now"), PAGE: N_("Handed over"), EARLIER: N_("Earlier")}
_NOTHING: Final = {
    NOW: (N_("Nothing is open"), N_("Sign all the same: the next shift knows that somebody looked.")),
    PAGE: (N_("No page yet"), N_("Whoever leaves signs what is open. It stands here then.")),
    EARLIER: (N_("No page yet"), N_("Whoever leaves signs what is open. It stands here then.")),
}


class HandoverPage(SplitPage[State]):
    """One table in three splits: open now, the page that was handed over, earlier pages."""

    code = "handover"
    help_topic = "handover"

    def __init__(self, presenter: HandoverDesk, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go, in_top_bar=False)
        self.presenter = presenter
        self._asks = ""
        self.fact = Prose("", META, wraps=False)
        self.reason = ReasonBar("handover/sentence", NOTE_MOST)
        self.reason.said.connect(self._said)
        self.reason.left.connect(self._stop_asking)
        self.beside = BesidePane(self.code)
        self.beside.chosen.connect(lambda _who: self.beside.ask())
        self.beside.signed.connect(lambda: self.once("sign", self._taken_beside))
        self.lay(self.splits, self.reason, self.beside)

    @override
    def title(self) -> str:
        return tr("Handover")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        close = Key("Esc", tr("Close"), self._stop_asking, quiet=True, when=self.beside.isVisible)
        return (*super().keys(), close)

    @override
    def say(self) -> None:
        super().say()
        self.table.setAccessibleName(tr("What is open"))
        self.side.setAccessibleName(tr("About this page"))
        self.reason.say(tr("One sentence for whoever comes"), tr("Keep sentence"), tr("Back"))
        self.beside.say()

    @override
    def splits_of(self, state: State) -> Sequence[Split]:
        counts = {NOW: count(len(state.lines) + state.more), EARLIER: count(len(state.pages))}
        return [Split(code, tr(_SPLITS[code]), counts.get(code, "")) for code in SPLITS]

    @override
    def columns_of(self, state: State) -> Sequence[Column]:
        return columns_of_pages() if state.split == EARLIER else columns_of_lines(state)

    @override
    def drawn(self, state: State) -> Drawn:
        rows = rows_of_pages(state) if state.split == EARLIER else rows_of_lines(state)
        title, hint = _NOTHING[state.split]
        looking = ("clock", tr("Looking"), "")
        return Drawn(rows, about(state), ("people", tr(title), tr(hint)) if state.is_loaded else looking)

    @override
    def draw_own(self, state: State) -> None:
        self.fact.show_words(tr("Whole desk") if state.is_loaded and not state.warehouse else state.place)
        self.beside.show_people(state.beside, self.beside.who.answer())
        self.bar.setVisible(bool(state.acts) and self.reason.isHidden())
        if state.written is not None and state.notice is None:
            path, number = state.written
            self.notice.show_notice(tr("{count} written to {path}", count=number, path=path), "saved")

    @override
    def turn(self, split: str) -> None:
        self._stop_asking()
        super().turn(split)

    @override
    def act(self, code: str) -> None:
        state = self.presenter.state
        if code == "sign":
            self.once("sign", self.presenter.sign)
        elif code == "beside":
            self.beside.open()
            self.keys_changed.emit()
        elif code in ("note", "whole"):
            self._ask(state.here if code == "note" else "")
        elif code == "pass":
            self.presenter.pass_on()
        elif code == "open" and state.current is not None:
            self.go("order", id=state.current.id)
        elif code == "read":
            self.latest("turn", lambda: self.presenter.read(state.here))
        elif code == "place":
            self.latest("turn", self.presenter.next_place)
        elif code == "write":
            self.once("write", self._write)

    def _ask(self, of: str) -> None:
        """Ask for a sentence about a line, or about the whole."""
        self._asks = of
        self.reason.ask()
        state = self.presenter.state
        known = state.current.remark if of and state.current is not None else state.remark
        self.reason.field.setText(known)
        self.bar.hide()

    def _said(self, words: str) -> None:
        of = self._asks
        self._stop_asking()
        self.once("say", lambda: self.presenter.say(words, of=of))

    async def _taken_beside(self) -> None:
        await self.presenter.take_beside(self.beside.who.answer(), self.beside.take())
        if self.presenter.state.notice is None:
            self._stop_asking()

    def _stop_asking(self) -> None:
        if self.beside.isVisible():
            self.beside.close_pane()
            self.focus_first()
            self.keys_changed.emit()
        if not self.reason.isHidden():
            self.reason.hide()
            self.bar.setVisible(bool(self.presenter.state.acts))
            self.focus_first()

    async def _write(self) -> None:
        state = self.presenter.state
        if state.now is None:
            return
        folder = folders.ready(state.exports)
        stem = f"docket-handover-{day_there(state.now, state.zone):%Y%m%d}"
        await self.presenter.write(str(folders.free_name(folder, stem, ".xlsx")), trn)
