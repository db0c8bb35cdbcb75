"""The floor: scan, pick, pack, ship; read from two steps away, worked with gloves on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyleOptionViewItem, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.warehouse import State, Warehouse
from app.printing import LIST_ORDERS_MAX
from app.text import N_, Text
from widgets import row_paint, theme
from widgets.action_bar import Action, ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane, Tag, scroll
from widgets.empty import EmptyState
from widgets.floor import BinCard, ScanField
from widgets.floor_rows import bin_of, pick_row, queue_row
from widgets.floor_turns import READING, Turns, step_of
from widgets.keys import Key
from widgets.packing_side import PackingSide
from widgets.panes import Panes
from widgets.paper import press
from widgets.prose import META, NOTE, QUIET, SECTION, Prose, Span
from widgets.rows import Form, RowList
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.words import clock, count, span, tr, trn

_STAGES: Final = {"pick": N_("Pick"), "pack": N_("Pack"), "ship": N_("Ship")}
_UP_DOWN: Final = N_("Another order")
_REFUSALS: Final = {
    "pick": (("missing", N_("Not found")), ("damaged", N_("Damaged"))),
    "pack": (("packing", N_("Does not fit")), ("address", N_("No label"))),
}
"""What the floor says no with, keys 1 and 2 (3: not in time); longer words: `floor_refusal.REASONS`."""
_PAPERS: Final = N_("Print list or slip")
_ROWS_MAX: Final = 5
_LATE_S: Final = 3_600


class WarehousePage(ScreenPage[State]):
    """One order at a time; a scanner works wherever the cursor is."""

    code = "warehouse"
    help_topic = "warehouse"
    scans = True

    def __init__(self, presenter: Warehouse, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._turns = Turns()
        px = theme.current().px
        self.splits = Splits(self.code, in_top_bar=True)
        self.splits.chosen.connect(lambda stage: self.latest("turn", lambda: self.presenter.turn(stage)))
        self.cut_off = Tag("")
        self.head = QWidget()
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px("space.4"))
        row.addWidget(self.splits)
        row.addWidget(self.cut_off)
        self.scan = ScanField("")
        self.scan.setObjectName("warehouse/scan")
        self.scan.typed.connect(self.scanned)
        self.bin = BinCard("")
        self.bin.setObjectName("warehouse/bin")
        self.wave, self.wave_note = Prose(style=SECTION, wraps=False), Prose(style=QUIET, wraps=False)
        self.picks = _Picks("", Form.FLOOR)
        self.picks.setObjectName("warehouse/picks")
        self.picks.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.last = Prose(style=NOTE)
        self.queue_title, self.queue_note = Prose(style=SECTION, wraps=False), Prose(style=META, wraps=False)
        self.queue = RowList("", Form.PAIR)
        self.queue.setObjectName("warehouse/queue")
        self.queue.picked.connect(self._pick)
        self.queue.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.empty = EmptyState("warehouse")
        self.side = PackingSide()
        self.side.asked.connect(self._forward)
        self.bar = ActionBar(self.code, is_floor=True)
        self.work = QWidget()
        under = QVBoxLayout()
        self._lay_out(under)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        self.panes = Panes(None, self._detail(), self.side, under_title=under, evidence_px=px("list.w"))
        fill.addWidget(self.panes)
        self.begin()

    def _lay_out(self, under: QVBoxLayout) -> None:
        px = theme.current().px
        column = QVBoxLayout(self.work)
        edge = px("page.edge")
        column.setContentsMargins(px("space.5"), edge, px("space.5"), edge)
        column.setSpacing(px("space.4"))
        column.addWidget(self.scan)
        column.addWidget(self.bin)
        column.addLayout(_heading(self.wave, self.wave_note))
        for part in (self.picks, self.last):
            column.addWidget(part)
        column.addLayout(under)
        column.addLayout(_heading(self.queue_title, self.queue_note))
        column.addWidget(self.queue, 1)
        column.addStretch(0)

    def _detail(self) -> QWidget:
        detail = Pane("window")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.column = scroll(self.work)
        self.foot.addWidget(self.column, 1)
        self.foot.addWidget(self.empty, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        return detail

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Floor")

    @override
    def header(self) -> QWidget:
        return self.head

    @override
    def keys(self) -> Sequence[Key]:
        forward = self.side.next_words(self._state)
        return (
            *(self._waiting_keys() if self._turns.is_away else self.bar.keys()),
            Key("P", forward, self._forward),
            Key("3", tr("Not in time"), partial(self._refuse, "capacity"), quiet=True),
            Key("Ctrl+P", tr(_PAPERS), self._papers, quiet=True),
            Key("J", tr(_UP_DOWN), lambda: self.queue.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.queue.step(-1), repeats=True),
            Key("Ctrl+Tab", tr("Next stage"), self.splits.step, quiet=True),
        )

    def _waiting_keys(self) -> Sequence[Key]:
        """The keys of an order that is not here for a moment: none of them is lost without a word."""
        reading = (Key(name, tr("Reading the queue"), self._not_yet, quiet=True) for name in ("1", "2", "Z"))
        return (Key("Enter", tr("Pick this one"), self._picked), *reading)

    @override
    def scanned(self, code: str) -> None:
        self._mean(self._turns.take(code))

    @override
    def closed(self) -> None:
        super().closed()
        self._turns.forget()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)
        self.side.button.set_alt(needed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.stand_alone(is_pane=self.panes.is_wide)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.picks.setAccessibleName(tr("Bins of this order"))
        self.queue.setAccessibleName(tr("Orders that wait"))
        self.scan.setAccessibleName(tr("Scan"))
        self.scan.entry.setAccessibleName(tr("Scan"))
        self.bin.setAccessibleName(tr("Where to go now"))
        self.side.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self._turns.see(state)
        counts = dict(state.counts)
        self.splits.show_splits(
            [Split(code, tr(label), count(counts.get(code, 0))) for code, label in _STAGES.items()],
            state.stage,
        )
        self._draw_cut_off(state)
        self.column.setVisible(state.order is not None)
        self.empty.setVisible(state.order is None)
        self.bar.setVisible(state.order is not None)
        if not state.is_loaded:
            self.empty.show_words("clock", tr("Reading the queue"))
        elif state.order is None:
            self.empty.show_words(
                "warehouse",
                tr(
                    "Nothing to {stage} in {warehouse}",
                    stage=tr(_STAGES[state.stage]).lower(),
                    warehouse=state.warehouse_title,
                ),
                tr("Scan an order number, or Ctrl+Tab turns to the next stage."),
            )
        if state.order is not None:
            self._draw_scan(state)
            self.bin.show_pick(bin_of(state))
            self._draw_picks(state)
        self._draw_queue(state)
        self.side.draw(state)
        self.side.stand_alone(is_pane=self.panes.is_wide)
        self.bar.show_actions(self._actions(state))
        if len(self._turns) and not self._turns.is_away:
            self.latest("scan", self._work_off)

    def _draw_cut_off(self, state: State) -> None:
        cut = state.cut_off
        self.cut_off.setVisible(cut is not None and cut.waiting > 0)
        if cut is not None:
            words = tr("Cut-off {time}, {count} to go", time=clock(cut.at, state.zone), count=cut.waiting)
            if cut.left_s < 0:
                words = tr(
                    "Cut-off passed {time} ago, {count} left", time=span(cut.left_s), count=cut.waiting
                )
            late = "bad" if cut.left_s < 0 else "warn" if cut.left_s <= _LATE_S else "neutral"
            mark = {"bad": "stops", "warn": "waits", "neutral": ""}[late]
            self.cut_off.show_text(words, late, mark)  # type: ignore[arg-type]

    def _draw_scan(self, state: State) -> None:
        prompt = tr("Scan the label") if state.can_ship else tr("Scan the article")
        note = tr("The cursor may be anywhere") if state.is_online else tr("Offline, picking goes on")
        self.scan.show_prompt(prompt, note)
        last = state.scans[0] if state.scans else None
        if last is not None and (last.is_right or last.at_label == state.can_ship):
            self.scan.show_result("met" if last.is_right else "stops", last.code, trn(last.text))
        else:  # what was wrong in the step before says nothing of this one
            self.scan.show_result("", "", "")
        parts: list[str | Span] = [Span(tr("Last scans"), bold=True)] if state.scans else []
        for scan in state.scans:
            words = f"{clock(scan.at, state.zone)} {scan.code[-4:]} {trn(scan.text)}"
            parts += [
                "    ",
                Span(words if scan.is_right else f"× {words}", role="" if scan.is_right else "bad"),
            ]
        self.last.show_words(tuple(parts))

    def _draw_picks(self, state: State) -> None:
        pieces = sum(row.qty for row in state.picks)
        self.wave.show_words(state.order.number if state.order else "")
        self.wave_note.show_words(
            tr(
                "{lines} bins, {pieces} pieces, in the order of the walk",
                lines=len(state.picks),
                pieces=pieces,
            )
        )
        self.picks.show_rows([pick_row(row) for row in state.picks])
        if state.now is not None:
            self.picks.pick(state.now.line)
        else:
            self.picks.setCurrentIndex(QModelIndex())
        px = theme.current().px
        self.picks.setFixedHeight(px("row.floor") * max(1, min(len(state.picks), _ROWS_MAX)))

    def _draw_queue(self, state: State) -> None:
        here = state.order.id if state.order else ""
        self.queue_title.show_words(tr("Queue"))
        self.queue_note.show_words(tr("{count} here, what must leave first on top", count=len(state.queue)))
        self.queue.show_rows([queue_row(row) for row in state.queue])
        if self.queue.current_key() != here and not self.queue.pick(here):
            self.queue.setCurrentIndex(QModelIndex())
        px = theme.current().px
        self.queue.setMinimumHeight(px("row.pair") * min(len(state.queue), 2))
        self.queue.setMaximumHeight(px("row.pair") * len(state.queue))

    def _actions(self, state: State) -> list[Action]:
        if state.order is None:
            return []
        off = "" if state.now is not None else tr("Every piece is picked")
        why_not = "" if state.can_refuse else tr("It has left the pick queue")
        back = tr("Send it after all") if state.refused else tr("Undo scan")
        picked = Action("picked", tr("Pick this one"), "Enter", "primary", self._picked, off, tr("Picked"))
        return [
            picked,
            *(
                Action(f"refuse/{why}", tr(label), f"{n}", "quiet", partial(self._refuse, why), why_not)
                for n, (why, label) in enumerate(_REFUSALS.get(state.stage, ()), 1)
            ),
            *(
                [Action("other_lot", tr("Lot not found"), "4", "quiet", self._other_lot)]
                if state.can_take_other
                else []
            ),
            Action("back", back, "Z", "quiet", self._take_back),
        ]

    def _picked(self) -> None:
        self._mean(self._turns.take())

    def _not_yet(self) -> None:
        self._mean(READING)

    def _mean(self, said: Text | None) -> None:
        """Work off what is meant, or say why it waits."""
        if said is not None:
            self.presenter.say(said)
        self.latest("scan", self._work_off)

    async def _work_off(self) -> None:
        """One after the other, however fast they come: an empty code is a piece without a scan."""
        while (meant := self._turns.next()) is not None:
            if isinstance(meant, Text):
                self.presenter.say(meant)
            elif meant.step:
                await self._go_forward(meant.step)
            else:
                await (self.presenter.scan(meant.code) if meant.code else self.presenter.picked())

    def _refuse(self, why: str) -> None:
        if self._turns.is_away:
            self._not_yet()
        else:
            self.once("refuse", lambda: self.presenter.refuse(why))

    def _other_lot(self) -> None:
        self.once("other lot", self.presenter.other_lot)

    def _take_back(self) -> None:
        if self._state.can_take_back:
            self.once("back", self.presenter.take_back)

    def _forward(self) -> None:
        self._mean(self._turns.take_forward())

    async def _go_forward(self, step: str) -> None:
        """Do what comes next; a second press of the same step finds it done."""
        state = self._state
        if step != step_of(state):
            return
        if state.can_pack:
            await self.presenter.pack()
        elif state.can_ship and self.side.wants_label(state):
            await self._label()
        elif state.can_ship:
            carrier, number = self.side.carrier.text(), self.side.tracking.text()
            missing = self.side.carrier if number and not carrier else self.side.tracking
            if not (carrier and number):
                missing.setFocus()
            else:
                await self.presenter.ship(carrier, number)

    async def _label(self) -> None:
        job = await self.presenter.label()
        if job is not None:
            self.presenter.labelled(press.press(job).said)

    def _papers(self) -> None:
        """The print page: lists for everything that waits, slip and label of the order at hand."""
        if self._state.order is not None:
            among = [row.id for row in self._state.queue[:LIST_ORDERS_MAX]]
            self.go("paper", order=self._state.order.id, among="\n".join(among))

    def _pick(self, id: str) -> None:
        if id and not self.is_drawing and (self._state.order is None or self._state.order.id != id):
            self.latest("choose", lambda: self.presenter.choose(self.queue.current_key()))


class _Picks(RowList):
    """The way to walk: where one is stays lit, as no key goes to this list."""

    @override
    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: int) -> None:
        state = row_paint.State(row == self.currentIndex().row(), focused=True)
        row_paint.paint(painter, option.rect, self.rows.entry(row), self.form, state)


def _heading(title: Prose, note: Prose) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.current().px("space.3"))
    row.addWidget(title)
    row.addWidget(note)
    row.addStretch(1)
    return row
