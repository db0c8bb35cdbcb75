"""The trainer's desk: who practises now, who passed what, who is late, how lessons went, who works alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from typing_extensions import override

from app.command import Refs
from app.commands.set_deck import SetDeck
from app.desk import Act, Desk, zone_of
from app.domain.attempt import Attempt
from app.domain.company import READS_FIGURES
from app.domain.skill import Skills, Task, endings
from app.figures import Cohort, LessonFigures, TrainingReport
from app.insight.training_table import COLUMNS, Cell, Named, table
from app.lanes import Lane
from app.listing import Listing
from app.ports import Changes, Replica, Sheets, Value, Views, touches
from app.printing import folder_setting
from app.text import N_, Text
from app.training.lesson import MODES, Mode
from app.training.proofs import title_of
from app.trouble import Trouble

WALL, PEOPLE, LESSONS, COHORTS = "wall", "people", "lessons", "cohorts"
SPLITS: Mapping[str, str] = {
    WALL: N_("Practising now"), PEOPLE: N_("People"), LESSONS: N_("Lessons"), COHORTS: N_("Who works alone"),
}  # fmt: skip
RANGES = (1, 7, 28)
"""Days one may look at; today is the last of them."""
Say = Callable[[Text], str]
_WRITE = Act(code="write", label=N_("Save as file"), key="E", kind="primary")
_SKILLS = Act(code="skills", label=N_("Skills"), key="P")
_DECK = Act(code="deck", label=N_("Lesson of our exceptions"), key="D")
DECK_DAYS = 31
"""So far back exceptions are looked for."""
_NO_DECK = Text(N_("Nothing of the last 31 days can be laid out as a lesson. Look again next week."))
_LICENCES = Act(code="licences", label=N_("Lessons before rights"), key="L", kind="quiet")
_AWAY = Text(N_("The hub is out of reach. Figures come from it; look again when it is back."))


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """One person: what they shall pass, what they passed, what is over soon. Units: `seconds` practised."""

    code: str
    name: str
    tasks: tuple[Task, ...] = ()
    late: int = 0
    due_on: date | None = None
    passed: tuple[tuple[str, datetime], ...] = ()
    soon: int = 0
    seconds: int | None = None
    tried: tuple[Attempt, ...] = ()


class State(msgspec.Struct, frozen=True, kw_only=True):
    split: str = WALL
    days: int = 7
    may_read: bool = False
    report: TrainingReport | None = None
    people: tuple[PersonRow, ...] = ()
    names: Mapping[str, str] = {}
    here: str = ""
    acts: tuple[Act, ...] = ()
    exports: str = ""
    written: tuple[str, int] | None = None
    made: Text | None = None
    """What became of the last deck that was made here."""
    now: datetime | None = None
    zone: str = "UTC"
    is_loaded: bool = False
    notice: Text | None = None

    @property
    def splits(self) -> tuple[str, ...]:
        """What there is to look at: of oneself only, where one may not read of others."""
        return tuple(SPLITS) if self.may_read else (PEOPLE, LESSONS)

    @property
    def person(self) -> PersonRow | None:
        """The person under the keys."""
        return next((one for one in self.people if one.code == self.here), None)

    @property
    def lesson(self) -> LessonFigures | None:
        """The lesson under the keys."""
        found = self.report.lessons if self.report is not None else ()
        return next((one for one in found if one.lesson == self.here), None)

    @property
    def cohort(self) -> Cohort | None:
        """The month under the keys."""
        found = self.report.cohorts if self.report is not None else ()
        return next((one for one in found if one.month == self.here), None)

    def name(self, user: str) -> str:
        """Say what somebody is called."""
        return self.names.get(user, user)


def mode_of(mode: str) -> Text:
    """Say what a mode is called; one of another program by its code."""
    return Text(MODES[Mode(mode)]) if mode in set(Mode) else Text(mode)


class Training(Listing[State]):
    """Verbs of the page. The hub is asked when somebody comes here, chooses other days, and now and then."""

    def __init__(self, desk: Desk, sheets: Sheets, lane: Lane) -> None:
        super().__init__(desk, State())
        self._sheets, self._lane = sheets, lane
        self._reader = ""

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub, and read what desks know of skills."""
        login = self.desk.login
        if login.login_id != self._reader:
            self._reader = login.login_id
            may = self.desk.may(READS_FIGURES)
            self.show(State(may_read=may, split=WALL if may else PEOPLE))
        if changes is None or changes.line or touches(changes, "skill", "licence", "user"):
            await self.look()

    @override
    async def turn(self, split: str) -> None:
        """Show one of `SPLITS`."""
        if split in self.state.splits and split != self.state.split:
            self.put(split=split, here="", written=None, made=None)

    async def take(self, days: int) -> None:
        """Show other days."""
        if days in RANGES and days != self.state.days:
            self.put(days=days, written=None)
            await self.look()

    async def look(self) -> None:
        """Ask the hub anew; without it people stand as this desk knows them."""
        asked, reader = self.state.days, self._reader
        refs, now = await self.desk.look(Views.refs), await self.desk.now()
        exports = await self.desk.keep(Replica.setting, folder_setting("exports"))
        report, notice = self.state.report, None
        if self.desk.link().state == "offline":
            notice = _AWAY
        else:
            try:
                report = await self.desk.ask_hub(lambda hub: hub.training(asked))
            except Trouble as trouble:
                notice = trouble.hint
        if (self.state.days, self._reader) != (asked, reader):
            return  # somebody asks for something else by now
        self.put(
            report=report,
            notice=notice,
            people=people(refs, report, now, "" if self.state.may_read else self.desk.login.user.code),
            names={code: user.title for code, user in refs.users.items()},
            acts=self._acts(),
            exports=exports,
            now=now,
            zone=zone_of(refs),
            is_loaded=True,
        )

    def _acts(self) -> tuple[Act, ...]:
        if not self.state.may_read:
            return (_WRITE,)
        return (_WRITE, *([_DECK] if self.desk.may("set_deck") else []), _SKILLS, _LICENCES)

    async def make_deck(self) -> None:
        """Make a lesson of what people dealt with lately, with nobody in it, for everybody to practise."""
        try:
            deck = await self.desk.ask_hub(lambda hub: hub.own_deck(DECK_DAYS))
        except Trouble as trouble:
            self.put(notice=trouble.hint, made=None)
            return
        if not deck.shapes:
            self.put(notice=_NO_DECK, made=None)
            return
        said = (await self.desk.submit(SetDeck(deck=deck))).refusal
        made = Text(
            N_("{count} exceptions of {month} are a lesson now, with made-up buyers."),
            {"count": len(deck.shapes), "month": deck.title},
        )
        self.put(notice=said.text if said else None, made=None if said else made, written=None)

    async def write(self, path: str, say: Say) -> None:
        """Write every line of the split to a file, in the words `say` makes of it.

        Raises:
            Trouble: the file cannot be written there; nothing of it stays.
        """
        rows = [[say(cell) if isinstance(cell, Text) else cell for cell in row] for row in _lines(self.state)]
        titles = [say(Text(title)) for title in COLUMNS[self.state.split]]
        await self._lane.run(_write, self._sheets, path, titles, rows)
        self.put(written=(path, len(rows)), notice=None)


def people(refs: Refs, report: TrainingReport | None, now: datetime, only: str = "") -> tuple[PersonRow, ...]:
    """Return everybody who may sign in, or one; who is late stands on top, then who has the next day."""
    shown = [user.code for user in refs.users.values() if user.active and only in ("", user.code)]
    found = [_person(code, refs, report, now) for code in shown]
    return tuple(sorted(found, key=lambda one: (-one.late, one.due_on or date.max, one.name)))


def _person(code: str, refs: Refs, report: TrainingReport | None, now: datetime) -> PersonRow:
    user, skills = refs.users[code], refs.skills.get(code, Skills(user=code))
    tried = report.attempts if report is not None else ()
    is_named = report is not None and not report.is_summed
    return PersonRow(
        code=code,
        name=user.title,
        tasks=tuple(sorted(skills.tasks, key=lambda task: (task.due_on, task.lesson))),
        late=sum(task.due_on < now.date() for task in skills.tasks),
        due_on=min((task.due_on for task in skills.tasks), default=None),
        passed=tuple((one.lesson, one.at) for one in skills.passed),
        soon=len(endings(user.role, skills, refs.licences, now)),
        seconds=report.seconds.get(code, 0) if report is not None and is_named else None,
        tried=tuple(one for one in tried if one.user == code),
    )


def _lines(state: State) -> list[list[Cell]]:
    if state.split == PEOPLE:
        return [_written(one) for one in state.people]
    if state.report is None:
        return []
    named = Named(name=state.name, lesson=title_of, mode=mode_of)
    return table(state.split, state.report, named)


def _written(one: PersonRow) -> list[Cell]:
    due = f"{one.due_on}" if one.due_on is not None else ""
    hours: Cell = round(one.seconds / 60, 1) if one.seconds is not None else ""
    return [one.name, len(one.tasks), one.late, due, len(one.passed), one.soon, hours]


def _write(sheets: Sheets, path: str, titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet = sheets.open(path, titles)
    try:
        sheet.write(rows)
        sheet.close()
    except BaseException:
        sheet.drop()
        raise


def days_of(report: TrainingReport) -> tuple[datetime, datetime]:
    """Return the first and the last day that is counted."""
    return report.since, report.until - timedelta(days=1)
