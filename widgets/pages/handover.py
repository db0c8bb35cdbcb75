"""Handover: what is open in a table, the names under it beside; sentences are typed where the keys stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.handover import NOTE_MOST
from app.ports import Changes
from app.presenters.handover import EARLIER, NOW, PAGE, SPLITS, HandoverDesk, State
from app.text import N_
from widgets import folders, theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.beside_pane import BesidePane
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.evidence import Evidence
from widgets.handover_rows import about, columns_of_lines, columns_of_pages, rows_of_lines, rows_of_pages
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, Prose
from widgets.reason_bar import ReasonBar
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.table import ListModel, Table
from widgets.words import count, day_there, tr, trn

_UP_DOWN: Final = N_("Up and down")
_NEXT_SPLIT: Final = N_("Next split")
_SPLITS: Final = {NOW: N_("Open now"), PAGE: N_("Handed over"), EARLIER: N_("Earlier")}
_NOTHING: Final = {
    NOW: (N_("Nothing is open"), N_("Sign all the same: the next shift knows that somebody looked.")),
    PAGE: (N_("No page yet"), N_("Whoever leaves signs what is open. It stands here then.")),
    EARLIER: (N_("No page yet"), N_("Whoever leaves signs what is open. It stands here then.")),
}


class HandoverPage(ScreenPage[State]):
    """One table in three splits: open now, the page that was handed over, earlier pages."""

    code = "handover"
    help_topic = "handover"

    def __init__(self, presenter: HandoverDesk, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._columns_of = ""
        self._asks = ""
        px = theme.current().px
        self.fact = Prose("", META, wraps=False)
        self.splits = Splits(self.code)
        self.splits.chosen.connect(self._turn)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("handover/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._enter())
        self.empty = EmptyState("people")
        self.side = Evidence("")
        self.side.setObjectName("handover/about")
        self.reason = ReasonBar("handover/sentence", NOTE_MOST)
        self.reason.said.connect(self._said)
        self.reason.left.connect(self._stop_asking)
        self.beside = BesidePane(self.code)
        self.beside.chosen.connect(lambda _who: self.beside.ask())
        self.beside.signed.connect(lambda: self.once("sign", self._taken_beside))
        self.bar = ActionBar(self.code)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.splits)
        for large in (self.table, self.empty):
            self.foot.addWidget(large, 1)
        for small in (self.notice, self.reason, self.beside, self.bar):
            self.foot.addWidget(small)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Handover")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *self.bar.keys(),
            Key("Tab", tr(_NEXT_SPLIT), self.splits.step, when=self.table.hasFocus),
            Key("Ctrl+Tab", tr(_NEXT_SPLIT), self.splits.step, quiet=True),
            Key("Esc", tr("Close"), self._stop_asking, quiet=True, when=self.beside.isVisible),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(tr("What is open"))
        self.side.setAccessibleName(tr("About this page"))
        self.reason.say(tr("One sentence for whoever comes"), tr("Keep sentence"), tr("Back"))
        self.beside.say()
        self._columns_of = ""

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.fact.show_words(tr("Whole desk") if state.is_loaded and not state.warehouse else state.place)
        counts = {NOW: count(len(state.lines)), EARLIER: count(len(state.pages))}
        shown = [Split(code, tr(_SPLITS[code]), counts.get(code, "")) for code in SPLITS]
        self.splits.show_splits(shown, state.split)
        if self._columns_of != state.split:
            self._columns_of = state.split
            pages = state.split == EARLIER
            self.model = ListModel(columns_of_pages() if pages else columns_of_lines(state))
            self.table.show_model(self.model)
        rows = rows_of_pages(state) if state.split == EARLIER else rows_of_lines(state)
        self.model.show_rows(rows)
        if rows and state.here not in {row.key for row in rows}:
            self.presenter.choose(rows[0].key)
            return
        if rows and self.table.current_key() != state.here:
            self.table.pick(state.here)
        self.beside.show_people(state.beside, self.beside.who.answer())
        self.side.show_sections(about(state))
        self.table.setVisible(bool(rows))
        if rows and self.hasFocus():
            self.table.setFocus()
        elif not rows and self.table.hasFocus():
            self.setFocus()
        self.empty.setVisible(not rows)
        title, hint = _NOTHING[state.split]
        if state.is_loaded:
            self.empty.show_words("people", tr(title), tr(hint))
        else:
            self.empty.show_words("clock", tr("Looking"))
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts) and self.reason.isHidden())
        if state.written is not None and state.notice is None:
            path, number = state.written
            self.notice.show_notice(tr("{count} written to {path}", count=number, path=path), "saved")

    def _turn(self, split: str) -> None:
        self._stop_asking()
        self.latest("turn", lambda: self.presenter.turn(split))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _enter(self) -> None:
        """Enter: read an earlier page, else open the order."""
        first = next((act for act in self._state.acts if act.key == "Enter"), None)
        if first is not None:
            self._act(first.code)

    def _act(self, code: str) -> None:
        state = self._state
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
        known = self._state.current.remark if of and self._state.current is not None else self._state.remark
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
            self.bar.setVisible(bool(self._state.acts))
            self.focus_first()

    async def _write(self) -> None:
        state = self._state
        if state.now is None:
            return
        folder = folders.ready(state.exports)
        stem = f"docket-handover-{day_there(state.now, state.zone):%Y%m%d}"
        await self.presenter.write(str(folders.free_name(folder, stem, ".xlsx")), trn)
