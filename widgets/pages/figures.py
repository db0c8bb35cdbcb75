"""Figures: exceptions and guides of some days in a table, the line under the keys explained beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.figures import (
    BOOKS,
    EXCEPTIONS,
    GATES,
    GUIDES,
    PEOPLE,
    PLANS,
    REVIEWS,
    ROSTER,
    VIEWS,
    GateReport,
    GuideReport,
    ReplanReport,
    Report,
    VoucherReport,
)
from app.people_figures import PeopleReport, RosterReport
from app.ports import Changes
from app.presenters.figures import MONTH, RANGES, TODAY, WEEK, Figures, State
from app.review_figures import ReviewReport
from app.text import N_
from widgets import folders, theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.cells import TableRow
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.evidence import Evidence, EvidenceSection
from widgets.figure_books import about_books, columns_of_books, rows_of_books
from widgets.figure_gates import about_gates, columns_of_gates, rows_of_gates
from widgets.figure_people import about_people, columns_of_people, rows_of_people
from widgets.figure_plans import about_plan, columns_of_plans, rows_of_plans
from widgets.figure_reviewers import about_reviewer, columns_of_reviewers, rows_of_reviewers
from widgets.figure_roster import about_roster, columns_of_roster, rows_of_roster
from widgets.figure_rows import (
    about_exceptions,
    about_step,
    columns_of_exceptions,
    columns_of_guides,
    rows_of_exceptions,
    rows_of_guides,
)
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.table import ListModel, Table
from widgets.words import day_there, moment, short_day, tr, trn

_UP_DOWN: Final = N_("Up and down")
_NEXT_VIEW: Final = N_("Next view")
_DAYS: Final = {TODAY: N_("Today"), WEEK: N_("7 days"), MONTH: N_("28 days")}
_COLUMNS: Final = {
    EXCEPTIONS: columns_of_exceptions,
    GUIDES: columns_of_guides,
    GATES: columns_of_gates,
    PLANS: columns_of_plans,
    BOOKS: columns_of_books,
    PEOPLE: columns_of_people,
    REVIEWS: columns_of_reviewers,
    ROSTER: columns_of_roster,
}


class FiguresPage(ScreenPage[State]):
    """One table in several views over three ranges of days."""

    code = "figures"
    help_topic = "figures"

    def __init__(self, presenter: Figures, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._columns_of = ""
        px = theme.current().px
        self.views = Splits(self.code, in_top_bar=True)
        self.views.chosen.connect(self._turn)
        self.ranges = Splits(f"{self.code}/days", in_top_bar=True)
        self.ranges.chosen.connect(lambda code: self._take(int(code)))
        self.fact = Prose("", META, wraps=False)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("figures/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._act("open"))
        self.empty = EmptyState("chart")
        self.side = Evidence("")
        self.side.setObjectName("figures/about")
        self.bar = ActionBar(self.code)
        top, sheet = Pane("base", "bottom"), Pane("base")
        top.setFixedHeight(px("tabs.h"))
        head = QHBoxLayout(top)
        head.setContentsMargins(0, 0, px("space.2"), 0)
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.fact)
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(top)
        for part in (self.table, self.empty):
            self.foot.addWidget(part, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Figures")

    @override
    def header(self) -> QWidget:
        return self.ranges

    @override
    def keys(self) -> Sequence[Key]:
        ranges = [
            Key(str(n), tr(_DAYS[days]), lambda days=days: self._take(days))  # type: ignore[misc]
            for n, days in enumerate(RANGES, 1)
        ]
        keys = [
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *ranges,
            *self.bar.keys(),
        ]
        keys.append(Key("Tab", tr(_NEXT_VIEW), self.views.step, when=self._is_among_lines))
        keys.append(Key("Ctrl+Tab", tr(_NEXT_VIEW), self.views.step, quiet=True))
        return keys

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    def _is_among_lines(self) -> bool:
        """The keys are on the lines, or on the page where there are none."""
        return self.table.hasFocus() or self.hasFocus()

    # what happens here

    @override
    def opened(self, args: object) -> None:
        super().opened(args)
        if isinstance(args, dict) and args.get("split"):
            self._turn(str(args["split"]))

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(tr("Figures"))
        self.side.setAccessibleName(tr("About this line"))
        self._columns_of = ""

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.views.show_splits([Split(code, tr(VIEWS[code])) for code in state.views], state.split)
        self.ranges.show_splits([Split(str(days), tr(_DAYS[days])) for days in RANGES], str(state.days))
        self.fact.show_words(_fact(state))
        self._draw_rows(state)
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts) and self.table.isVisibleTo(self))
        if state.written is not None and state.notice is None:
            path, lines = state.written
            self.notice.show_notice(tr("{count} lines are in {path}", count=lines, path=path), "saved")

    def _draw_rows(self, state: State) -> None:
        if self._columns_of != state.split:
            self._columns_of = state.split
            self.model = ListModel(_COLUMNS[state.split]())
            self.table.show_model(self.model)
        is_there, rows, sections = _drawn(state)
        self.model.show_rows(rows)
        self.side.show_sections(sections)
        if state.here and self.table.current_key() != state.here:
            self.table.pick(state.here)
        if self.table.hasFocus() and not is_there:
            self.setFocus()
        self.table.setVisible(is_there)
        if is_there and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not is_there)
        self.empty.show_words(*_nothing(state))

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self.presenter.turn(split))

    def _take(self, days: int) -> None:
        self.latest("days", lambda: self.presenter.take(days))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _act(self, code: str) -> None:
        if code == "write":
            self.once("write", self._write)
        elif code == "open" and self._state.order:
            self.go("order", id=self._state.order)

    async def _write(self) -> None:
        state = self._state
        if state.now is None:
            return
        folder = folders.ready(state.exports)
        stem = f"docket-{state.split}-{day_there(state.now, state.zone):%Y%m%d}-{state.days}d"
        await self.presenter.write(str(folders.free_name(folder, stem, ".xlsx")), trn)


class _Drawn(NamedTuple):
    """Whether there is any line, the lines, and what is said of the one under the keys."""

    is_there: bool = False
    rows: Sequence[TableRow] = ()
    sections: Sequence[EvidenceSection] = ()


def _drawn(state: State) -> _Drawn:
    here = state.here
    match state.shown:
        case Report() as one:
            is_there = bool(one.closed.n or one.open.n)
            return _Drawn(is_there, rows_of_exceptions(one, state), about_exceptions(one, state))
        case ReviewReport() as one:
            return _Drawn(bool(one.people), rows_of_reviewers(one, state), about_reviewer(one, state))
        case RosterReport() as one:
            rows = rows_of_roster(one)
            return _Drawn(bool(rows), rows, about_roster(one, state))
        case PeopleReport() as one:
            return _Drawn(bool(one.stages), rows_of_people(one, state), about_people(one, state))
        case VoucherReport() as one:
            return _Drawn(bool(one.vouchers), rows_of_books(one), about_books(one))
        case GateReport() as one:
            return _Drawn(bool(one.passages), rows_of_gates(one), about_gates(one))
        case ReplanReport() as one:
            return _Drawn(bool(one.replans), rows_of_plans(one), about_plan(one, here))
        case GuideReport():
            row = next((row for row in state.steps if row.key == here), None)
            return _Drawn(bool(state.steps), rows_of_guides(state), about_step(row))
    return _Drawn()


def _fact(state: State) -> str:
    """Of which days, as they stood when, and whose."""
    shown = state.shown
    if shown is None:
        return ""
    first = day_there(shown.since, shown.zone)
    last = day_there(shown.until - timedelta(days=1), shown.zone)
    days = short_day(first) if first == last else f"{short_day(first)}–{short_day(last)}"
    at = moment(shown.as_of, shown.zone, day_there(state.now or shown.as_of, shown.zone))
    whose = (
        tr("yours only") if isinstance(shown, Report | PeopleReport | ReviewReport) and shown.is_own else ""
    )
    return " · ".join(part for part in (days, tr("as of {time}", time=at), whose) if part)


def _nothing(state: State) -> tuple[str, str, str]:
    """Say why there is no line, and what to do."""
    if not state.is_loaded:
        return "clock", tr("Asking the hub"), ""
    if state.shown is None:
        return "plug", tr("No figures just now"), tr("They come from the hub. Come back when it is there.")
    if state.split == GUIDES:
        return "chart", tr("No guide ended in these days"), tr("Press 3 for 28 days.")
    if state.split == ROSTER:
        return "chart", tr("No order came in the last two weeks"), tr("A roster is made of what came.")
    if state.split == REVIEWS:
        return "chart", tr("Nobody reviewed in these days"), tr("Press 3 for 28 days.")
    if state.split == PEOPLE:
        return "chart", tr("No order was in the house in these days"), tr("Press 3 for 28 days.")
    if state.split == BOOKS:
        return (
            "chart",
            tr("No order left in these days"),
            tr("Press 3 for 28 days."),
        )
    if state.split == PLANS:
        return "chart", tr("No order was planned anew in these days"), tr("Press 3 for 28 days.")
    if state.split == GATES:
        return "chart", tr("No order was released in these days"), tr("Press 3 for 28 days.")
    return "chart", tr("No exception ended in these days"), tr("Press 3 for 28 days.")
