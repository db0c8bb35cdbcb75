"""Today: what to do first, what waits by urgency, and how the day stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, CutOff, ShopPulse
from app.presenters.today import Item, State, Today
from app.text import N_
from widgets import marks, theme
from widgets.aio import Tasks
from widgets.cards import Action, First, FirstCard, StatTile
from widgets.cells import Cell, Column
from widgets.charts import Bar, BarChart, Share, ShareBar
from widgets.controls import Pane, scroll
from widgets.empty import EmptyState
from widgets.evidence import ItemView, Lines
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import MARKS, is_pressing, limit_mark, limit_words
from widgets.prose import HEADING, NOTE, TITLE, Prose, Rich, Span
from widgets.rows import Entry, Form, More, Row, RowList, Section
from widgets.screen_page import Go, ScreenPage
from widgets.words import clock, count, left, moment, money, span, tr, trn

_UP_DOWN: Final = N_("Up and down")
_OPEN: Final = N_("Open")
_FIRST_REPAIR: Final = N_("First repair")
MORE, MORE_LATE = "more", "more/late"
PRESSING_S: Final = 1_800
"""From here on a cut-off stands out. Units: seconds."""
HOUR_S: Final = 3_600


class TodayPage(ScreenPage[State]):
    """The first thing as a card, the rest as lines; the day in figures at the right."""

    code = "today"
    help_topic = "today"

    def __init__(self, presenter: Today, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.heading, self.note = Prose(style=TITLE), Prose(style=NOTE)
        self.first = FirstCard("")
        self.first.setObjectName("today/first")
        self.first.acted.connect(self._act)
        self.rows = RowList("", Form.LINE, ground="window")
        self.rows.setObjectName("today/rows")
        self.rows.opened.connect(self._open)
        self.empty = EmptyState("today")
        self.side = _Side()
        left_ = _Window()
        self.foot = QVBoxLayout(left_)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(px("space.5"), px("page.edge"), px("space.5"), 0)
        head.setSpacing(px("space.half"))
        head.addWidget(self.heading)
        head.addWidget(self.note)
        head.addSpacing(px("space.3"))
        head.addWidget(self.first)
        self.foot.addLayout(head)
        body = QVBoxLayout()
        body.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        body.addWidget(self.rows, 1)
        body.addWidget(self.empty, 1)
        self.foot.addLayout(body, 1)
        self.foot.addWidget(self.notice)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        self.panes = Panes(None, left_, scroll(self.side), evidence_px=px("evidence.today.w"))
        fill.addWidget(self.panes)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Today")

    @override
    def keys(self) -> Sequence[Key]:
        keys = []
        if self._state.first_repair is not None:
            keys.append(Key("1", tr(_FIRST_REPAIR), self._repair))
        if self._state.first is not None:
            keys.append(Key("Enter", tr(_OPEN), self._open_first, when=lambda: not self.rows.hasFocus()))
            keys += [
                Key("J", tr(_UP_DOWN), lambda: self._step(1), repeats=True),
                Key("K", tr(_UP_DOWN), lambda: self._step(-1), repeats=True),
                Key("Down", tr(_UP_DOWN), lambda: self._step(1), quiet=True, repeats=True),
                Key("Up", tr(_UP_DOWN), lambda: self._step(-1), quiet=True, repeats=True),
            ]
        return keys

    @override
    def focus_first(self) -> None:
        self.rows.setCurrentIndex(QModelIndex())
        self.setFocus()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.first.set_alt(needed)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.rows.setAccessibleName(tr("What waits for you"))
        self.first.setAccessibleName(tr("Do this first"))
        self.side.setAccessibleName(tr("How the day stands"))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.heading.show_words(_heading(state))
        self.note.show_words(_pace(state))
        self.first.setVisible(state.first is not None)
        if state.first is not None:
            self._draw_first(state.first)
        self.rows.show_rows(_entries(state))
        self.rows.setVisible(bool(state.urgent or state.waiting))
        self.empty.setVisible(not (state.urgent or state.waiting))
        if not state.is_loaded:
            self.empty.show_words("clock", tr("Reading the day"))
        elif state.first is None:
            self.empty.show_words(
                "check",
                tr("Nothing waits for you"),
                tr("New ones come in by themselves. Ctrl+3 shows all orders."),
            )
        else:
            self.empty.show_words("check", tr("Nothing else waits"), tr("This one, and the desk is clear."))
        self.side.draw(state)
        self.offer(state.undo, self.presenter.undo)

    def _draw_first(self, item: Item) -> None:
        row, state = item.snag, self._state
        about = (tr(item.title), row.number, row.shop_title, row.buyer)
        advice = trn(state.first_advice) if state.first_advice is not None else ""
        actions = [Action("open", "Enter", tr(_OPEN))]
        if state.first_repair is not None:
            actions.insert(0, Action("repair", "1", tr(state.first_repair[1])))
        self.first.show_card(
            First(
                MARKS[row.severity],
                tr("Do this first"),
                " · ".join(part for part in about if part),
                limit_mark(item.limit),
                limit_words(item.limit),
                trn(row.text),
                advice,
            ),
            actions,
        )

    def _act(self, code: str) -> None:
        self._repair() if code == "repair" else self._open_first()

    def _repair(self) -> None:
        self.once("repair", self.presenter.repair)

    def _open_first(self) -> None:
        if self._state.first is not None:
            self.go("inbox", key=self._state.first.key)

    def _open(self, key: str) -> None:
        if key in (MORE, MORE_LATE):
            self.go("inbox", split="urgent" if key == MORE_LATE else "all")
        else:
            self.go("inbox", key=key)

    def _step(self, by: int) -> None:
        """From the card into the lines and back: the card is the first line."""
        before = self.rows.current_key()
        if not self.rows.hasFocus():
            if by > 0 and self.rows.isVisible():
                self.rows.setFocus()
            return
        self.rows.step(by)
        if by < 0 and self.rows.current_key() == before:
            self.focus_first()


class _Window(QWidget):
    """The grey page behind the sheets."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("window"))
        painter.end()


def _heading(state: State) -> str:
    if not state.is_loaded:
        return tr("Today")
    if not state.all:
        return tr("Nothing waits for you.")
    if state.all == 1:
        return tr("One waits for you.")
    if not state.late:
        return tr("{count} wait for you, none of them pressing.", count=state.all)
    return tr("{count} wait for you, {late} of them nearly late.", count=state.all, late=state.late)


def _pace(state: State) -> str:
    """When the desk is clear at the pace of today."""
    fixed = sum(n for _, n in state.per_hour)
    if state.now is None or not fixed or not state.all:
        return tr("Sorted by what is left of the time limit.") if state.is_loaded else ""
    hours = len(state.per_hour)
    done_at = state.now + timedelta(hours=state.all * hours / fixed)
    if done_at.date() > state.now.date() + timedelta(days=1):
        return tr("{fixed} fixed by you today.", fixed=fixed)
    return tr(
        "{fixed} fixed by you today; at this pace the desk is clear at {time}.",
        fixed=fixed,
        time=moment(done_at, state.zone, state.now.astimezone(ZoneInfo(state.zone)).date()),
    )


def _entries(state: State) -> list[Entry]:
    entries: list[Entry] = []
    first_is_late = state.first is not None and is_pressing(state.first.limit)
    if state.urgent:
        late = state.late - first_is_late
        note = tr("75 % and more used, by time left")
        entries.append(Section("late", tr("Nearly late"), count(late), note))
        entries += [_row(item) for item in state.urgent]
        if late > len(state.urgent):
            entries.append(_more(MORE_LATE, late - len(state.urgent)))
    if state.waiting:
        waiting = state.all - state.late - (state.first is not None and not first_is_late)
        note = tr("by time left")
        entries.append(Section("waiting", tr("Waits for you"), count(waiting), note))
        entries += [_row(item) for item in state.waiting]
        if state.more:
            entries.append(_more(MORE, state.more))
    return entries


def _more(key: str, number: int) -> More:
    return More(key, tr("{count} more", count=number), tr("Ctrl+2 shows them all"))


def _row(item: Item) -> Row:
    row = item.snag
    return Row(
        item.key,
        MARKS[row.severity],
        tr(item.title),
        row.number,
        limit_mark(item.limit),
        limit_words(item.limit),
        is_pressing(item.limit),
        trn(row.text),
        row.channel,
        row.shop_title,
        money(row.payable_minor, row.currency) if row.payable_minor else "",
    )


class _Side(Pane):
    """The day in figures."""

    def __init__(self) -> None:
        super().__init__("alt", "left")
        px = theme.current().px
        self.received, self.shares = StatTile(), ShareBar("")
        self.pace, self.pace_note = BarChart(""), Prose(style=NOTE)
        self._headings = [Prose(style=HEADING) for _ in range(3)]
        self._cut_offs, self._pulses = QVBoxLayout(), QVBoxLayout()
        self._shown: dict[str, tuple[Lines, ItemView]] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(px("page.edge"), px("page.edge"), px("page.edge"), px("page.edge"))
        box.setSpacing(px("space.1"))
        box.addWidget(self.received)
        box.addWidget(self.shares)
        pace = QVBoxLayout()
        pace.addWidget(self.pace)
        pace.addWidget(self.pace_note)
        for heading, part in zip(self._headings, (pace, self._cut_offs, self._pulses), strict=True):
            box.addSpacing(px("space.4"))
            box.addWidget(heading)
            box.addLayout(part)
        box.addStretch(1)

    def draw(self, state: State) -> None:
        """Show the figures of this State."""
        counts, now = state.counts, state.now
        until = tr("Today until {time}", time=clock(now, state.zone)) if now is not None else tr("Today")
        share = 100 * counts.touchless / counts.received if counts.received else 0.0
        words: Rich = (tr("orders in"), "  ", Span(f"{share:.1f}%", bold=True), " ", tr("without a hand"))
        self.received.show_figure(until, count(counts.received), words)
        self.shares.show_shares(
            [
                Share(
                    tr("Straight through {count}", count=count(counts.touchless)), counts.touchless, "sunken"
                ),
                Share(tr("Fixed {count}", count=count(counts.repaired)), counts.repaired),
                Share(tr("Open {count}", count=count(counts.snags)), counts.snags, "accent", is_strong=True),
            ]
        )
        names = (
            tr("Exceptions you fixed, by hour"),
            tr("Cut-off of the warehouses"),
            tr("Last order of each shop"),
        )
        for heading, name in zip(self._headings, names, strict=True):
            heading.show_words(name)
        self.pace.setAccessibleName(names[0])
        last = len(state.per_hour) - 1
        self.pace.show_bars(
            [Bar(f"{h}:00", n, is_now=at == last) for at, (h, n) in enumerate(state.per_hour)]
        )
        self.pace.setVisible(bool(state.per_hour))
        total = sum(n for _, n in state.per_hour)
        none = tr("Your first repair of today starts the chart.")
        self.pace_note.show_words(tr("n = {count}", count=total) if total else none)
        zones = dict(state.zones)
        self._lines("cut_offs", self._cut_offs, _cut_offs(state.cut_offs, zones))
        self._lines("pulses", self._pulses, _pulses(state.pulses, now))

    def _lines(self, name: str, box: QVBoxLayout, lines: Lines) -> None:
        old = self._shown.get(name)
        if old is not None:
            if old[0] == lines:
                return
            box.removeWidget(old[1])
            old[1].hide()
            old[1].deleteLater()
        view = ItemView(lines)
        self._shown[name] = (lines, view)
        box.addWidget(view)


def _cut_offs(cut_offs: Sequence[CutOff], zones: dict[str, str]) -> Lines:
    px = theme.current().px
    columns = (
        Column("warehouse", "", px("facts.label.w"), kind="strong"),
        Column("at", "", px("facts.label.w")),
        Column("left", ""),
        Column("waiting", "", px("history.who.w"), "right"),
    )
    rows = []
    for each in cut_offs:
        mark = "stops" if each.left_s < 0 else "waits" if each.left_s < PRESSING_S else ""
        role = marks.ink(mark) if mark else ""
        rows.append(
            (
                each.title,
                clock(each.at, zones.get(each.warehouse, "UTC")),
                Cell(left(each.left_s), bold=bool(mark), role=role),
                tr("{count} to send", count=count(each.waiting)),
            )
        )
    return Lines(columns, tuple(rows))


def _pulses(pulses: Sequence[ShopPulse], now: datetime | None) -> Lines:
    px = theme.current().px
    columns = (
        Column("channel", "", px("space.6"), kind="badge"),
        Column("shop", ""),
        Column("ago", "", px("line.number.w"), "right", "muted"),
    )
    rows = []
    for each in pulses:
        ago = tr("nothing yet")
        if each.last_at is not None and now is not None:
            ago = tr("{time} ago", time=span((now - each.last_at).total_seconds()))
        rows.append((each.channel, each.title, ago))
    return Lines(columns, tuple(rows))
