"""Figures: exceptions and guides of some days in a table, the line under the keys explained beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget
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
from app.presenters.figures import MONTH, RANGES, TODAY, WEEK, Figures, State
from app.review_figures import ReviewReport
from app.text import N_
from widgets import folders
from widgets.aio import Tasks
from widgets.cells import Column, TableRow
from widgets.evidence import EvidenceSection
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
from widgets.prose import META, Prose
from widgets.screen_page import Go
from widgets.split_page import Drawn, SplitPage
from widgets.splits import Split, Splits
from widgets.words import day_there, moment, short_day, tr, trn

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


class FiguresPage(SplitPage[State]):
    """One table in several views over three ranges of days."""

    code = "figures"
    help_topic = "figures"
    picks_first = False

    def __init__(self, presenter: Figures, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.ranges = Splits(f"{self.code}/days", in_top_bar=True)
        self.ranges.chosen.connect(lambda code: self._take(int(code)))
        self.fact = Prose("", META, wraps=False)
        self.lay(self.over_table(self.fact))

    @override
    def title(self) -> str:
        return tr("Figures")

    @override
    def header(self) -> QWidget:
        return self.ranges

    @override
    def own_keys(self) -> Sequence[Key]:
        return [Key(str(n), tr(_DAYS[days]), partial(self._take, days)) for n, days in enumerate(RANGES, 1)]

    @override
    def opened(self, args: object) -> None:
        super().opened(args)
        if isinstance(args, dict) and args.get("split"):
            self.turn(str(args["split"]))

    @override
    def splits_of(self, state: State) -> Sequence[Split]:
        return [Split(code, tr(VIEWS[code])) for code in state.views]

    @override
    def columns_of(self, state: State) -> Sequence[Column]:
        return _COLUMNS[state.split]()

    @override
    def drawn(self, state: State) -> Drawn:
        return Drawn(*_rows(state), _nothing(state))

    @override
    def draw_own(self, state: State) -> None:
        self.ranges.show_splits([Split(str(days), tr(_DAYS[days])) for days in RANGES], str(state.days))
        self.fact.show_words(_fact(state))
        self.bar.setVisible(bool(state.acts) and self.table.isVisibleTo(self))
        if state.written is not None and state.notice is None:
            path, lines = state.written
            self.notice.show_notice(tr("{count} lines are in {path}", count=lines, path=path), "saved")

    @override
    def act(self, code: str) -> None:
        if code == "write":
            self.once("write", self._write)
        elif code == "open" and self.presenter.state.order:
            self.go("order", id=self.presenter.state.order)

    def _take(self, days: int) -> None:
        self.latest("days", lambda: self.presenter.take(days))

    async def _write(self) -> None:
        state = self.presenter.state
        if state.now is None:
            return
        folder = folders.ready(state.exports)
        stem = f"docket-{state.split}-{day_there(state.now, state.zone):%Y%m%d}-{state.days}d"
        await self.presenter.write(str(folders.free_name(folder, stem, ".xlsx")), trn)


def _rows(state: State) -> tuple[Sequence[TableRow], Sequence[EvidenceSection]]:
    """Return the rows, none where there is nothing in these days, and what is said beside them."""
    match state.shown:
        case Report() as one:
            is_there = bool(one.closed.n or one.open.n)
            return rows_of_exceptions(one, state) if is_there else (), about_exceptions(one, state)
        case ReviewReport() as one:
            return rows_of_reviewers(one, state), about_reviewer(one, state)
        case RosterReport() as one:
            return rows_of_roster(one), about_roster(one, state)
        case PeopleReport() as one:
            return rows_of_people(one, state) if one.stages else (), about_people(one, state)
        case VoucherReport() as one:
            return rows_of_books(one) if one.vouchers else (), about_books(one)
        case GateReport() as one:
            return rows_of_gates(one) if one.passages else (), about_gates(one)
        case ReplanReport() as one:
            return rows_of_plans(one), about_plan(one, state.here)
        case GuideReport():
            row = next((row for row in state.steps if row.key == state.here), None)
            return rows_of_guides(state), about_step(row)
    return (), ()


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
        return "chart", tr("No order left in these days"), tr("Press 3 for 28 days.")
    if state.split == PLANS:
        return "chart", tr("No order was planned anew in these days"), tr("Press 3 for 28 days.")
    if state.split == GATES:
        return "chart", tr("No order was released in these days"), tr("Press 3 for 28 days.")
    return "chart", tr("No exception ended in these days"), tr("Press 3 for 28 days.")
