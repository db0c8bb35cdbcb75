"""The day in figures: what came in, the pace, cut-offs, and the pulse of the shops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.figures import Figures
from app.insight.handling import GOAL_HAND_S
from app.ports import Counts, CutOff, ShopPulse
from app.presenters.today import State
from widgets import marks, theme
from widgets.button import Button
from widgets.cards import StatTile
from widgets.cells import Cell, Column
from widgets.charts import Bar, BarChart, Share, ShareBar
from widgets.controls import Pane
from widgets.evidence import ItemView, Lines
from widgets.prose import HEADING, NOTE, Prose, Rich, Span
from widgets.words import clock, count, day_there, left, moment, span, tr, trn

PRESSING_S: Final = 1_800
"""From here on a cut-off stands out. Units: seconds."""


class DaySide(Pane):
    """The day in figures."""

    figures_wanted = Signal()
    handover_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("alt", "left")
        px = theme.current().px
        self.received, self.shares = StatTile(), ShareBar("")
        self.pace, self.pace_note = BarChart(""), Prose(style=NOTE)
        self._headings = [Prose(style=HEADING) for _ in range(4)]
        self._medians, self._cut_offs, self._pulses = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.medians_note = Prose(style=NOTE)
        self.figures = Button("", "F", "quiet")
        self.figures.setObjectName("today/figures")
        self.figures.clicked.connect(self.figures_wanted)
        self.lessons = Prose(style=NOTE)
        self.lessons.setObjectName("today/lessons")
        self.handover = Button("", "H", "quiet")
        self.handover.setObjectName("today/handover")
        self.handover.clicked.connect(self.handover_wanted)
        self._shown: dict[str, tuple[Lines, ItemView]] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(px("page.edge"), px("page.edge"), px("page.edge"), px("page.edge"))
        box.setSpacing(px("space.1"))
        box.addWidget(self.received)
        box.addWidget(self.shares)
        pace = QVBoxLayout()
        pace.addWidget(self.pace)
        pace.addWidget(self.pace_note)
        medians = QVBoxLayout()
        medians.addLayout(self._medians)
        medians.addWidget(self.medians_note)
        medians.addWidget(self.figures, 0, Qt.AlignmentFlag.AlignLeft)
        parts = (pace, medians, self._cut_offs, self._pulses)
        for heading, part in zip(self._headings, parts, strict=True):
            box.addSpacing(px("space.4"))
            box.addWidget(heading)
            box.addLayout(part)
        box.addSpacing(px("space.4"))
        box.addWidget(self.lessons)
        box.addWidget(self.handover, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)

    def draw(self, state: State) -> None:
        """Show the figures of this State."""
        counts, now = state.counts, state.now
        until = tr("Today until {time}", time=clock(now, state.zone)) if now is not None else tr("Today")
        share = 100 * counts.touchless / counts.received if counts.received else 0.0
        words: Rich = (tr("orders in"), "  ", Span(f"{share:.1f}%", bold=True), " ", tr("without a hand"))
        self.received.show_figure(until, count(counts.received), words)
        self.shares.show_shares(_shares(counts))
        names = (
            tr("Exceptions you fixed, by hour"),
            tr("Exceptions ended today, median time"),
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
        for button, label in ((self.figures, tr("All figures")), (self.handover, tr("Hand the shift over"))):
            button.setText(label)
            button.setAccessibleName(label)
        self.lessons.show_words(" · ".join(map(trn, state.lessons)))
        self.lessons.setVisible(bool(state.lessons))
        closed = state.medians.closed if state.medians is not None else None
        self._lines("medians", self._medians, _medians(closed, state.goal_min * 60))
        self.medians_note.show_words(_medians_note(state))
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


def _shares(counts: Counts) -> list[Share]:
    """What became of the orders of the day; the parts add up to them."""
    straight, fixed, open_ = counts.touchless, counts.fixed_of_day, counts.open_of_day
    shares = [
        Share(tr("Touchless {count}", count=count(straight)), straight, "sunken"),
        Share(tr("By hand {count}", count=count(fixed)), fixed),
    ]
    if rest := counts.received - straight - fixed - open_:
        shares.append(Share(tr("Moving {count}", count=count(rest)), rest, "line"))
    return [*shares, Share(tr("Open {count}", count=count(open_)), open_, "accent", is_strong=True)]


def _medians(closed: Figures | None, goal_s: int) -> Lines:
    """Queue and hand, each beside its goal; the mark says whether that is met."""
    px = theme.current().px
    columns = (
        Column("what", ""),
        Column("median", "", px("line.amount.w"), "right"),
        Column("goal", "", px("line.number.w"), "right", "muted"),
    )
    queue = (tr("Opened to ended"), closed.median_s if closed and closed.n else None, goal_s)
    hand = (tr("Claimed to ended"), round(closed.hand_s) if closed and closed.claimed else None, GOAL_HAND_S)
    if closed is not None and closed.paced and not closed.claimed:
        hand = (tr("From one to the next"), round(closed.pace_s), GOAL_HAND_S)
    rows = []
    for name, seconds, most_s in (queue, hand):
        is_over = seconds is not None and seconds > most_s
        said = span(seconds) if seconds is not None else "–"
        cell = Cell(said, "waits" if is_over else "", bold=True, role="warn" if is_over else "")
        rows.append((name, cell, tr("goal {time}", time=span(most_s))))
    return Lines(columns, tuple(rows))


def _medians_note(state: State) -> str:
    """Of how many, whose, and when that was so."""
    told = state.medians
    if told is None:
        return tr("The hub has not said yet.")
    at = moment(told.at, state.zone, day_there(state.now or told.at, state.zone))
    whose = tr("yours") if told.is_own else tr("everybody's")
    said = tr("{n} ended, {claimed} claimed", n=told.closed.n, claimed=told.closed.claimed)
    return f"{said} · {whose} · {tr('as of {time}', time=at)}"


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
