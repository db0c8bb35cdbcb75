"""A page of one table in splits: the row under the keys is explained beside it, its actions stand below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.listing import L, Listing
from app.ports import Changes
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.cells import Column, TableRow
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.evidence import Evidence, EvidenceSection
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.table import ListModel, Table
from widgets.words import tr

_UP_DOWN: Final = N_("Up and down")


_NEXT_SPLIT: Final = N_("Next view")


class Drawn(NamedTuple):
    """The rows, what is said of the one under the keys, and picture, title and hint where there is none."""

    rows: Sequence[TableRow]
    sections: Sequence[EvidenceSection]
    nothing: tuple[str, str, str]


class SplitPage(ScreenPage[L]):
    """Build what is the page's own, then call `lay`; fill in `splits_of`, `columns_of`, `drawn` and `act`."""

    picks_first = True
    """The keys are on the first row where they are on none."""

    def __init__(self, listing: Listing[L], tasks: Tasks, go: Go, *, in_top_bar: bool = True) -> None:
        super().__init__(listing, tasks, go)
        self._listing = listing
        self._columns_of = ""
        self.splits = Splits(self.code, in_top_bar=in_top_bar)
        self.splits.chosen.connect(self.turn)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName(f"{self.code}/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self.enter())
        self.empty = EmptyState("")
        self.side = Evidence("")
        self.side.setObjectName(f"{self.code}/about")
        self.bar = ActionBar(self.code)

    def lay(self, over: QWidget | None, *under: QWidget) -> None:
        """Put the table between what is over it and what is under it, and begin."""
        sheet, fill = Pane("base"), QVBoxLayout(self)
        foot = QVBoxLayout(sheet)
        for box in (foot, fill):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        if over is not None:
            foot.addWidget(over)
        for large in (self.table, self.empty):
            foot.addWidget(large, 1)
        for small in (self.notice, *under, self.bar):
            foot.addWidget(small)
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=theme.current().px("list.min.w")))
        self.begin()

    def over_table(self, *right: QWidget) -> QWidget:
        """Return the splits as a line over the table, with what belongs to all of them at its end."""
        line, px = Pane("base", "bottom"), theme.current().px
        line.setFixedHeight(px("tabs.h"))
        head = QHBoxLayout(line)
        head.setContentsMargins(0, 0, px("space.2"), 0)
        head.addWidget(self.splits)
        head.addStretch(1)
        for one in right:
            head.addWidget(one)
        return line

    # what a page fills in

    def splits_of(self, state: L) -> Sequence[Split]:
        """Return the splits there are."""
        raise NotImplementedError

    def columns_of(self, state: L) -> Sequence[Column]:
        """Return the columns of the split that is on."""
        raise NotImplementedError

    def drawn(self, state: L) -> Drawn:
        """Return what stands in the table and beside it."""
        raise NotImplementedError

    def act(self, code: str) -> None:
        """Do what a key or a click asks for."""
        raise NotImplementedError

    def own_keys(self) -> Sequence[Key]:
        """Return the keys of the page's own."""
        return ()

    def draw_own(self, state: L) -> None:
        """Show what is the page's own."""

    # what the shell asks

    @override
    def keys(self) -> Sequence[Key]:
        keys = [
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *self.own_keys(),
            *self.bar.keys(),
        ]
        if len(self.splits_of(self._listing.state)) > 1:
            keys.append(Key("Tab", tr(_NEXT_SPLIT), self.splits.step, when=self._is_among_rows))
            keys.append(Key("Ctrl+Tab", tr(_NEXT_SPLIT), self.splits.step, quiet=True))
        return keys

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    def _is_among_rows(self) -> bool:
        """The keys are on the rows, or on the page where there are none."""
        return self.table.hasFocus() or self.hasFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self._listing.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(self.title())
        self.side.setAccessibleName(tr("About this line"))
        self._columns_of = ""

    @override
    def draw(self, state: L) -> None:
        self.splits.show_splits(self.splits_of(state), state.split)
        if self._columns_of != state.split:
            self._columns_of = state.split
            self.model = ListModel(self.columns_of(state))
            self.table.show_model(self.model)
        rows, sections, nothing = self.drawn(state)
        self.model.show_rows(rows)
        if self.picks_first and rows and state.here not in {row.key for row in rows}:
            self._listing.choose(rows[0].key)
            return
        if state.here and self.table.current_key() != state.here:
            self.table.pick(state.here)
        self.side.show_sections(sections)
        if self.table.hasFocus() and not rows:
            self.setFocus()
        self.table.setVisible(bool(rows))
        if rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not rows)
        self.empty.show_words(*nothing)
        self.bar.show_actions(actions(state.acts, self.act))
        self.bar.setVisible(bool(state.acts))
        self.draw_own(state)

    def turn(self, split: str) -> None:
        """Go to a split."""
        self.latest("turn", lambda: self._listing.turn(split))

    def enter(self) -> None:
        """Do what Enter does, on a row that was opened by a click."""
        first = next((act for act in self._listing.state.acts if act.key == "Enter"), None)
        if first is not None:
            self.act(first.code)

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self._listing.choose(key)
