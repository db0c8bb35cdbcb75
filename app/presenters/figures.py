"""Figures: how long exceptions took, what becomes of suggestions of guides, and how gates were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from typing_extensions import override

from app.command import Refs
from app.desk import Act, Desk, zone_of
from app.domain.company import READS_BOOKS, READS_FIGURES
from app.domain.hint import hint_code
from app.figures import (
    BOOKS,
    EXCEPTIONS,
    GATES,
    GUIDES,
    OWN,
    PEOPLE,
    PLANS,
    REVIEWS,
    ROSTER,
    VIEWS,
    GateReport,
    GuideReport,
    Passage,
    Replan,
    ReplanReport,
    Report,
    StepFigures,
    VoucherReport,
)
from app.guides import FORMS
from app.insight.handling_table import COLUMNS, Cell, table, unnamed
from app.insight.people_table import COLUMNS as PEOPLE_COLUMNS
from app.insight.people_table import SHIFT, group_name, stage_name
from app.insight.people_table import table as people_table
from app.insight.replans import COLUMNS as PLAN_COLUMNS
from app.insight.replans import table as plan_table
from app.insight.reviewer_table import COLUMNS as REVIEW_COLUMNS
from app.insight.reviewer_table import table as review_table
from app.insight.roster_table import COLUMNS as ROSTER_COLUMNS
from app.insight.roster_table import table as roster_table
from app.insight.voucher_table import COLUMNS as BOOK_COLUMNS
from app.insight.voucher_table import table as book_table
from app.kinds import kind_of
from app.lanes import Lane
from app.listing import Listing
from app.people_figures import PeopleReport, RosterReport
from app.ports import Changes, Replica, Sheets, Value, Views
from app.printing import folder_setting
from app.review_figures import ReviewReport
from app.text import N_, Text
from app.training.teaching import lessons_of
from app.trouble import Trouble

TODAY, WEEK, MONTH = 1, 7, 28
RANGES = (TODAY, WEEK, MONTH)
"""Days one may look at; today is the last of them."""
GUIDE_COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("Guide"), N_("Step"), N_("Guides ended"),
    N_("Suggested"), N_("Used"), N_("Overridden"), N_("Hint shown"), N_("Hint rested"), N_("Hint opened"),
)  # fmt: skip
GATE_COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("Order"), N_("Released (UTC)"), N_("Not met"),
    N_("Answered for"),
)  # fmt: skip
Say = Callable[[Text], str]
_WRITE = Act(code="write", label=N_("Save as file"), key="E", kind="primary")
_OPEN = Act(code="open", label=N_("Open order"), key="Enter")
_AWAY = Text(N_("The hub is out of reach. Figures come from it; look again when it is back."))


Shown = (
    Report | GuideReport | GateReport | ReplanReport | VoucherReport
    | PeopleReport | ReviewReport | RosterReport
)  # fmt: skip


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a guide with its figures; the words are those of the catalogue. `own` are a trainer's."""

    figures: StepFigures
    guide: str
    title: str
    question: str = ""
    hints: tuple[tuple[str, str, Mapping[str, str]], ...] = ()
    """(label of a field, its built-in hint, the words of a trainer by language)"""

    @property
    def key(self) -> str:
        """Names the row."""
        return f"{self.figures.form}/{self.figures.step}"


class State(msgspec.Struct, frozen=True, kw_only=True):
    split: str = EXCEPTIONS
    days: int = WEEK
    may_read_all: bool = False
    """Everybody's figures, and those of guides."""
    report: Report | None = None
    guides: GuideReport | None = None
    gates: GateReport | None = None
    plans: ReplanReport | None = None
    may_read_books: bool = False
    books: VoucherReport | None = None
    people: PeopleReport | None = None
    reviews: ReviewReport | None = None
    roster: RosterReport | None = None
    steps: tuple[StepRow, ...] = ()
    kinds: Mapping[str, str] = {}
    """What the types in the report are called."""
    goals_min: Mapping[str, int] = {}
    """What each type may take; what has no goal of its own has that of all, under no name."""
    names: Mapping[str, str] = {}
    """What people are called."""
    lessons: Mapping[str, tuple[str, ...]] = {}
    """What teaches each stage in which somebody is slow or often wrong."""
    here: str = ""
    acts: tuple[Act, ...] = ()
    exports: str = ""
    """The folder this desk has for exports."""
    written: tuple[str, int] | None = None
    """(file, lines) of the last export."""
    now: datetime | None = None
    zone: str = "UTC"
    is_loaded: bool = False
    notice: Text | None = None

    @property
    def views(self) -> tuple[str, ...]:
        """What this person may look at."""
        mine = [one for one in VIEWS if self.may_read_all or one in OWN]
        return tuple(one for one in mine if one != BOOKS or self.may_read_books)

    @property
    def shown(self) -> Shown | None:
        """What stands in the table."""
        known: Mapping[str, Shown | None] = {
            EXCEPTIONS: self.report, GUIDES: self.guides, GATES: self.gates, PLANS: self.plans,
            BOOKS: self.books, PEOPLE: self.people, REVIEWS: self.reviews, ROSTER: self.roster,
        }  # fmt: skip
        return known[self.split]

    @property
    def order(self) -> str:
        """The order under the keys, where orders are listed."""
        listed: Sequence[Passage | Replan] = ()
        if self.gates is not None:
            listed = self.gates.passages
        elif self.plans is not None:
            listed = self.plans.replans
        return next((one.order for one in listed if row_key(one) == self.here), "")

    def goal_s(self, of: str = "") -> int:
        """Return what a type may take, or exceptions as a whole."""
        return 60 * (self.goals_min.get(of) or self.goals_min.get("", 0))

    def stage(self, code: str) -> Text:
        """Say what a stage is called."""
        return Text(self.kinds[code]) if code in self.kinds else stage_name(code)

    def group(self, by: str, of: str) -> Text:
        """Say what a post, a shift or a person is called."""
        return Text(self.names[of]) if of in self.names and by != SHIFT else group_name(by, of)

    def name(self, by: str, of: str) -> Text:
        """Say what a line of the report is called."""
        if not of:
            return unnamed(by)
        return Text(self.kinds.get(of) or self.names.get(of) or of)


def row_key(one: Passage | Replan) -> str:
    """Name a line; an order may go to the warehouse, or be planned anew, more than once."""
    what = one.what if isinstance(one, Replan) else ""
    return f"{one.order}/{one.at.isoformat()}/{what}"


class Figures(Listing[State]):
    """Verbs of the page. Figures are asked of the hub when somebody comes here or chooses other days."""

    def __init__(self, desk: Desk, sheets: Sheets, lane: Lane) -> None:
        super().__init__(desk, State())
        self._sheets, self._lane = sheets, lane
        self._reader = ""
        self._known: dict[tuple[str, int], State] = {}
        """What the hub said last, by split and days."""

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub again when somebody comes here, and when the line changes."""
        login = self.desk.login
        if login.login_id != self._reader:  # nobody sees what the one before might read
            self._reader = login.login_id
            self._known.clear()
            may_read_all, may_read_books = self.desk.may(READS_FIGURES), self.desk.may(READS_BOOKS)
            self.show(State(may_read_all=may_read_all, may_read_books=may_read_books))
        if changes is None or changes.line:
            await self._ask()

    @override
    async def turn(self, split: str) -> None:
        """Show one of `VIEWS`."""
        if split != self.state.split and split in self.state.views:
            await self._go(split, self.state.days)

    async def take(self, days: int) -> None:
        """Show other days."""
        if days in RANGES and days != self.state.days:
            await self._go(self.state.split, days)

    async def _go(self, split: str, days: int) -> None:
        """Show what is known of a split and days, then ask."""
        state = self.state
        fresh = State(
            may_read_all=state.may_read_all, may_read_books=state.may_read_books, split=split, days=days
        )
        known = self._known.get((split, days), fresh)
        here = self.state.here if split == self.state.split else ""
        self.show(msgspec.structs.replace(known, here=here, notice=None))
        await self._ask()

    async def write(self, path: str, say: Say) -> None:
        """Write every line to a file, in the words `say` makes of it.

        Raises:
            Trouble: the file cannot be written there; nothing of it stays.
        """
        titles, rows = _sheet(self.state, say)
        await self._lane.run(_write, self._sheets, path, titles, rows)
        self.show(msgspec.structs.replace(self.state, written=(path, len(rows)), notice=None))

    async def _ask(self) -> None:
        refs, now = await self.desk.look(Views.refs), await self.desk.now()
        exports = await self.desk.keep(Replica.setting, folder_setting("exports"))
        asked, reader = self.state, self._reader
        base = {"now": now, "zone": zone_of(refs), "exports": exports, "is_loaded": True}
        found: dict[str, object] = {"notice": _AWAY}
        if self.desk.link().state != "offline":
            try:
                found = await self._found(asked, refs)
            except Trouble as trouble:
                found = {"notice": trouble.hint}
        here = self.state
        if (here.split, here.days, self._reader) != (asked.split, asked.days, reader):
            return  # somebody asks for something else by now
        state = msgspec.structs.replace(here, **base, **found)
        if state.shown is not None:
            self._known[state.split, state.days] = msgspec.structs.replace(state, written=None, notice=None)
        self.show(state)

    async def _found(self, asked: State, refs: Refs) -> dict[str, object]:
        """Return what the hub says, and what it is called here."""
        said: dict[str, object] = {"notice": None, "acts": (_WRITE,)}
        if asked.split == GATES:
            gates = await self.desk.gates(asked.days)
            return said | {"gates": gates, "acts": (_WRITE, _OPEN) if gates.passages else (_WRITE,)}
        if asked.split == PLANS:
            plans = _named(await self.desk.replans(asked.days), refs)
            return said | {"plans": plans, "acts": (_WRITE, _OPEN) if plans.replans else (_WRITE,)}
        if asked.split == BOOKS:
            return said | {"books": await self.desk.vouchers(asked.days)}
        names = {code: user.title for code, user in refs.users.items()}
        if asked.split == ROSTER:
            return said | {"roster": await self.desk.ask_hub(lambda hub: hub.roster()), "names": names}
        if asked.split == REVIEWS:
            return said | {
                "reviews": await self.desk.ask_hub(lambda hub: hub.reviewers(asked.days)),
                "names": names,
            }
        if asked.split == PEOPLE:
            people = await self.desk.ask_hub(lambda hub: hub.people_time(asked.days))
            return said | {"people": people, **_names(people, refs)}
        if asked.split == GUIDES:
            guides = await self.desk.guide_use(asked.days)
            return said | {"guides": guides, "steps": tuple(_row(one, refs) for one in guides.steps)}
        report = await self.desk.handling(asked.days)
        kinds = {one.of: kind_of(one.of, refs.snag_rules) for one in report.by_kind}
        goals = {code: kind.goal_min for code, kind in kinds.items() if kind.goal_min}
        return said | {
            "report": report,
            "kinds": {code: kind.title for code, kind in kinds.items()},
            "goals_min": {"": refs.rules.snag_goal_min, **goals},
            "names": {code: user.title for code, user in refs.users.items()},
        }


def _names(report: PeopleReport, refs: Refs) -> dict[str, object]:
    """Return what types, people and warehouses are called here, and the lessons of each type."""
    repairs = [one.stage for one in report.stages if one.is_repair]
    people = {code: user.title for code, user in refs.users.items()}
    places = {code: place.title for code, place in refs.warehouses.items()}
    return {
        "kinds": {code: kind_of(code, refs.snag_rules).title for code in repairs},
        "names": places | people,
        "lessons": {one.stage: lessons_of(one.stage) for one in report.practice},
    }


def _named(report: ReplanReport, refs: Refs) -> ReplanReport:
    """Put the names of today in the place of codes; who is no person is nobody."""
    replans = tuple(
        msgspec.structs.replace(
            one,
            before=refs.named(one.before),
            after=refs.named(one.after),
            why=refs.named(one.why),
            by=refs.users[one.by].title if one.by in refs.users else "",
        )
        for one in report.replans
    )
    return msgspec.structs.replace(report, replans=replans)


def _row(figures: StepFigures, refs: Refs) -> StepRow:
    """Name a step by its guide; one of a newer program by its code."""
    form = FORMS.get(figures.form)
    step = next((one for one in form.steps if one.name == figures.step), None) if form is not None else None
    if form is None or step is None:
        return StepRow(figures=figures, guide=form.title if form else figures.form, title=figures.step)
    codes = {field.name: hint_code(form.code, step.name, field.name) for field in step.fields}
    own = {name: refs.hints[code].words() for name, code in codes.items() if code in refs.hints}
    return StepRow(
        figures=figures,
        guide=form.title,
        title=step.title,
        question=step.question,
        hints=tuple((field.label, field.hint, own.get(field.name, {})) for field in step.fields),
    )


def _sheet(state: State, say: Say) -> tuple[list[str], list[list[Value]]]:
    """Return the head and the lines of the file."""
    own = {EXCEPTIONS: COLUMNS, GATES: GATE_COLUMNS, PLANS: PLAN_COLUMNS, BOOKS: BOOK_COLUMNS}
    own |= {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS, ROSTER: ROSTER_COLUMNS}
    columns: Sequence[str] = own.get(state.split, GUIDE_COLUMNS)
    rows: list[list[Cell]] = []
    if state.report is not None:
        rows = table(state.report, state.name)
    elif state.guides is not None:
        rows = [_line(state.guides, row) for row in state.steps]
    elif state.gates is not None:
        rows = [_passage(state.gates, one) for one in state.gates.passages]
    elif state.plans is not None:
        rows = plan_table(state.plans)
    elif state.people is not None:
        rows = people_table(state.people, state.group, state.stage)
    elif state.reviews is not None:
        rows = review_table(state.reviews, lambda who: Text(state.names.get(who, who)))
    elif state.roster is not None:
        rows = roster_table(state.roster, lambda who: Text(state.names.get(who, who)))
    elif state.books is not None:
        rows = book_table(state.books.vouchers)
    said = [[say(cell) if isinstance(cell, Text) else cell for cell in row] for row in rows]
    return [say(Text(title)) for title in columns], said


def _passage(report: GateReport, one: Passage) -> list[Cell]:
    unmet = one.unmet if one.unmet is not None else ""
    return [*_days(report), report.zone, one.number, f"{one.at:%Y-%m-%d %H:%M:%S}", unmet, one.waived]


def _days(report: GuideReport | GateReport) -> tuple[str, str]:
    return f"{report.since:%Y-%m-%d}", f"{report.until - timedelta(days=1):%Y-%m-%d}"


def _line(report: GuideReport, row: StepRow) -> list[Cell]:
    one = row.figures
    days = _days(report)
    figures = (one.n, one.advised, one.used, one.overridden, one.shown, one.faded, one.unfolded)
    return [*days, report.zone, Text(row.guide), Text(row.title), *figures]


def _write(sheets: Sheets, path: str, titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet = sheets.open(path, titles)
    try:
        sheet.write(rows)
        sheet.close()
    except BaseException:
        sheet.drop()
        raise
