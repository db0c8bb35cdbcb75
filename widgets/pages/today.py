"""Today: what to do first, what waits by urgency, and how the day stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.today import State, Today
from app.snag_card import Row as Item
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.aside import Aside
from widgets.cards import Action, First, FirstCard
from widgets.controls import scroll
from widgets.day_side import DaySide
from widgets.duty_words import time_words
from widgets.empty import EmptyState
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import MARKS, is_pressing, limit_mark, limit_words
from widgets.prose import NOTE, TITLE, Prose
from widgets.rows import Entry, Form, More, Row, RowList, Section
from widgets.screen_page import Go, ScreenPage
from widgets.words import count, day_there, moment, money, span, tr, trn

_UP_DOWN: Final = N_("Up and down")
_OPEN: Final = N_("Open")
_FIGURES: Final = N_("All figures")
_HANDOVER: Final = N_("Hand the shift over")
_FIRST_REPAIR: Final = N_("First repair")
MORE, MORE_LATE, MORE_ASLEEP = "more", "more/late", "more/asleep"
_SPLITS: Final = {MORE: "", MORE_LATE: "soon", MORE_ASLEEP: "waiting"}


class TodayPage(ScreenPage[State]):
    """The first thing as a card, the rest as lines; the day in figures at the right."""

    code = "today"
    help_topic = "today"

    def __init__(self, presenter: Today, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self.heading, self.note = Prose(style=TITLE), Prose(style=NOTE)
        self.first = FirstCard("")
        self.first.setObjectName("today/first")
        self.first.acted.connect(self._act)
        self.rows = RowList("", Form.LINE, ground="window")
        self.rows.setObjectName("today/rows")
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.opened.connect(self._open)
        self.rows.picked.connect(lambda _key: self._see_current())
        self.empty = EmptyState("today")
        self.side = DaySide()
        self.side.figures_wanted.connect(self._figures)
        self.side.handover_wanted.connect(self._hand_over)
        self._lay_out()
        self.begin()

    def _lay_out(self) -> None:
        px = theme.current().px
        column = _Column()
        body = QVBoxLayout(column)
        body.setContentsMargins(px("space.4"), px("page.edge"), px("space.4"), px("space.4"))
        body.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(px("space.2"), 0, px("space.2"), 0)
        head.setSpacing(px("space.half"))
        head.addWidget(self.heading)
        head.addWidget(self.note)
        head.addSpacing(px("space.3"))
        head.addWidget(self.first)
        body.addLayout(head)
        body.addWidget(self.rows)
        body.addWidget(self.empty)
        body.addStretch(1)
        folded = QVBoxLayout()
        body.addLayout(folded)
        self.column, self.area = column, scroll(column)
        sheet = _Window()
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.area, 1)
        self.foot.addWidget(self.notice)
        side_px = px("evidence.today.w")
        self.panes = Panes(None, sheet, Aside(self.side), under_title=folded, evidence_px=side_px)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)

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
        return [*keys, Key("F", tr(_FIGURES), self._figures), Key("H", tr(_HANDOVER), self._hand_over)]

    @override
    def focus_first(self) -> None:
        self.rows.setCurrentIndex(QModelIndex())
        self.setFocus()
        self.area.verticalScrollBar().setValue(0)

    @override
    def alt_needed(self, needed: bool) -> None:
        self.first.set_alt(needed)
        self.side.figures.set_alt(needed)
        self.side.handover.set_alt(needed)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)
        self.latest("medians", self.presenter.look_at_medians)
        if changes is None:  # every quarter of a minute, and when somebody comes
            self.latest("backlog", self.presenter.look_at_backlog)

    @override
    def say(self) -> None:
        self.rows.setAccessibleName(tr("What waits for you"))
        self.first.setAccessibleName(tr("Do this first"))
        self.side.setAccessibleName(tr("How the day stands"))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        if state.backlog and state.notice is None:
            self.notice.show_notice(
                tr("Orders that came and are still taken in: {count}. None is lost.", count=state.backlog)
            )
        self.heading.show_words(_heading(state))
        self.note.show_words(shift_words(state))
        self.first.setVisible(state.first is not None)
        if state.first is not None:
            self._draw_first(state.first)
        self.rows.show_rows(_entries(state))
        self.rows.setFixedHeight(self.rows.content_height_px())
        self.rows.setVisible(bool(state.urgent or state.waiting or state.asleep))
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

    def _hand_over(self) -> None:
        self.go("handover")

    def _figures(self) -> None:
        self.go("figures")

    def _open_first(self) -> None:
        if self._state.first is not None:
            self.go("inbox", key=self._state.first.key)

    def _open(self, key: str) -> None:
        if key in _SPLITS:
            self.go("inbox", split=_SPLITS[key] or ("mine" if self._state.is_mine else "group"))
        elif any(item.key == key for item in self._state.asleep):
            self.go("inbox", key=key, split="waiting")
        else:
            self.go("inbox", key=key)

    def _see_current(self) -> None:
        """Bring the line under the keys into view; the list is as long as its lines."""
        where = self.rows.visualRect(self.rows.currentIndex())
        if where.isValid():
            at = self.rows.mapTo(self.column, where.center())
            self.area.ensureVisible(at.x(), at.y(), 0, where.height())

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


class _Column(QWidget):
    """The scrolling column: as high as it needs at its width."""

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w"), 0)


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


def shift_words(state: State) -> str:
    """How long this shift still is, and whether that is enough."""
    pace = pace_words(state)
    if state.now is None or state.shift_ends_at is None:
        return pace
    return tr(
        "{shift} until {time}, {left} to go. {pace}",
        shift=state.shift,
        time=moment(state.shift_ends_at, state.zone, day_there(state.now, state.zone)),
        left=span((state.shift_ends_at - state.now).total_seconds()),
        pace=pace,
    )


def pace_words(state: State) -> str:
    """When the desk is clear at the pace of today."""
    fixed = sum(n for _, n in state.per_hour)
    if state.now is None or not fixed or not state.all:
        return tr("Sorted by what is left of the time limit.") if state.is_loaded else ""
    hours = len(state.per_hour)
    done_at = state.now + timedelta(hours=state.all * hours / fixed)
    today_on = day_there(state.now, state.zone)
    if day_there(done_at, state.zone) > today_on + timedelta(days=1):
        return tr("{fixed} fixed by you today.", fixed=fixed)
    return tr(
        "{fixed} fixed by you today; at this pace the desk is clear at {time}.",
        fixed=fixed,
        time=moment(done_at, state.zone, today_on),
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
        if waiting > len(state.waiting):
            entries.append(_more(MORE, waiting - len(state.waiting)))
    if state.asleep:
        note = tr("the clock stands, they come back by themselves")
        entries.append(Section("asleep", tr("Waits for others"), count(state.asleep_all), note))
        entries += [_sleeping(item, state) for item in state.asleep]
        if state.asleep_all > len(state.asleep):
            entries.append(_more(MORE_ASLEEP, state.asleep_all - len(state.asleep)))
    return entries


def _more(key: str, number: int) -> More:
    return More(key, tr("{count} more", count=number), tr("Ctrl+2 shows them all"))


def _sleeping(item: Item, state: State) -> Row:
    words = time_words(item, state.now, state.zone)
    return replace(_row(item), mark="not_yet", limit_mark="", limit_text=words, limit_strong=False)


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
