"""Skills: what each person passed, what they shall pass by when, and rights opened and closed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from typing_extensions import override

from app.command import Command, Refs
from app.commands.ask_lessons import AskLessons
from app.commands.end_skill import EndSkill
from app.commands.give_skill import GiveSkill
from app.domain.company import LICENSED, grants_of
from app.domain.event import listed
from app.domain.skill import Skills, late, lock_of
from app.editor import Editor, Input, Item, Wrong, read_days
from app.ports import Changes
from app.text import N_, Text
from app.training.proofs import options, proofs, title_of
from app.verb_names import VERBS

ASK, DROP, OPEN, CLOSE = "ask", "drop", "open", "close"
DEEDS = {
    ASK: N_("Ask for lessons"), DROP: N_("Ask no longer"),
    OPEN: N_("Open a right"), CLOSE: N_("Close a right"),
}  # fmt: skip
_NO_LESSON = N_("Choose one to 8 lessons, each once.")
_NO_DAY = N_("Say by which day: 2026-07-01.")


class SettingsSkills(Editor):
    """Verbs of the section: one person in the form, one deed at a time."""

    verb = "ask_lessons"
    tables = ("skill", "user", "licence")
    may_add = False
    why_closed = N_("You may look. Trainers and leads change this.")

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        self._now = await self.desk.now()
        await super().refresh(changes)

    _now: datetime | None = None

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        people = sorted((one for one in refs.users.values() if one.active), key=lambda one: one.title)
        return tuple(self._item(refs, user.code) for user in people)

    def _item(self, refs: Refs, code: str) -> Item:
        user, skills = refs.users[code], refs.skills.get(code, Skills(user=code))
        is_late = self._now is not None and late([skills], self._now.date()) != ()
        note = Text(N_("passed: {passed}, asked: {asked}"),
                    {"passed": len(skills.passed), "asked": len(skills.tasks)})  # fmt: skip
        closed = self._closed(refs, code)
        state = (
            Text(N_("Late")) if is_late else Text(N_("Lacks {count}"), {"count": closed}) if closed else None
        )
        mark = "stops" if is_late else "waits" if closed else ""
        return Item(code=code, title=user.title, note=note, mark=mark, state=state)

    def _closed(self, refs: Refs, code: str) -> int:
        """Count the rights that are this person's and closed to them."""
        user, now = refs.users[code], self._now
        if now is None:
            return 0
        mine = grants_of(user, refs.grants.get(code)) & refs.licences.keys()
        return sum(
            lock_of(right, user.role, refs.skills.get(code), refs.licences, now) is not None for right in mine
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        skills = refs.skills.get(code, Skills(user=code))
        rights = sorted(LICENSED, key=lambda right: (right not in refs.licences, right))
        return (
            Input(
                name="deed", label=N_("Do this"), value=ASK, kind="combo",
                options=tuple((deed, Text(title)) for deed, title in DEEDS.items()),
                hint=_record(skills),
            ),
            Input(
                name="lessons", label=N_("Which lessons"), value="", kind="many", options=options(),
                hint=_tasks(skills), group=N_("Lessons"),
            ),
            Input(name="due_on", label=N_("Due on"), value="", hint=Text(N_("A day like 2026-07-01.")),
                  group=N_("Lessons")),
            Input(
                name="right", label=N_("Right"), value=rights[0], kind="combo", group=N_("A right"),
                options=tuple((right, Text(VERBS.get(right, right))) for right in rights),
            ),
            Input(name="until", label=N_("Open until"), value="", group=N_("A right"),
                  hint=Text(N_("Empty: until somebody closes it."))),
            Input(name="reason", label=N_("Why"), value="", group=N_("A right"),
                  hint=Text(N_("It stays in the history, with your name."))),
        )  # fmt: skip

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        skills = refs.skills.get(code, Skills(user=code))
        days = read_days(answers, "due_on", "until")
        if isinstance(days, Wrong):
            return days
        right, reason = answers["right"], answers["reason"].strip()
        if answers["deed"] == OPEN:
            return GiveSkill(user=code, right=right, reason=reason, until=days["until"], rev=skills.rev)
        if answers["deed"] == CLOSE:
            return EndSkill(user=code, right=right, reason=reason, rev=skills.rev)
        return self._lessons(answers, skills, days["due_on"])

    def _lessons(self, answers: Mapping[str, str], skills: Skills, due_on: date | None) -> Command | Wrong:
        lessons = proofs(answers["lessons"].split())
        if not lessons:
            return Wrong("lessons", Text(_NO_LESSON))
        if answers["deed"] == ASK and due_on is None:
            return Wrong("due_on", Text(_NO_DAY))
        day = due_on if answers["deed"] == ASK else None
        return AskLessons(user=skills.user, lessons=lessons, due_on=day, rev=skills.rev)

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Written into the record"))


def _record(skills: Skills) -> Text:
    """Say what a person proved and was given."""
    said = [
        Text(N_("{lesson} passed on {day}"), {"lesson": title_of(one.lesson), "day": f"{one.at:%Y-%m-%d}"})
        for one in skills.passed
    ]
    said += [
        Text(N_("{right} opened by {who}: {reason}"),
             {"right": Text(VERBS.get(one.right, one.right)), "who": one.by, "reason": one.reason})
        for one in skills.given
    ]  # fmt: skip
    return listed(said) if said else Text(N_("Nothing passed so far."))


def _tasks(skills: Skills) -> Text | None:
    said = [
        Text(N_("{lesson} by {day}"), {"lesson": title_of(one.lesson), "day": f"{one.due_on}"})
        for one in skills.tasks
    ]
    return Text(N_("Asked for: {lessons}"), {"lessons": listed(said)}) if said else None
