"""Holidays: calendars of days on which nobody works, and of days of rest that are worked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_holidays import SetHolidays
from app.domain.company import Holidays
from app.domain.written_time import listed_days, shown_days
from app.editor import NEW, Editor, Input, Item, Wrong
from app.text import N_, Text

FRESH = Holidays(code="", title="")


class SettingsHolidays(Editor):
    """Verbs of the section."""

    verb = "set_holidays"
    tables = ("holidays",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(
                code=each.code,
                title=each.title,
                note=Text(
                    N_("{closed} days closed, {worked} worked"),
                    {"closed": len(each.closed), "worked": len(each.worked)},
                ),
            )
            for each in sorted(refs.holidays.values(), key=lambda each: each.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        calendar = refs.holidays.get(code, FRESH)
        how = Text(N_("One day or span a line: 2026-10-01 or 2026-10-01..2026-10-07."))
        asked = (
            Input(
                name="code", label=N_("Code"), value=calendar.code,
                hint=Text(N_("Short, in letters: CN. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=calendar.title),
            Input(
                name="closed", label=N_("Closed days"), value=_lines(calendar.closed), kind="lines", hint=how
            ),
            Input(
                name="worked", label=N_("Worked days of rest"), value=_lines(calendar.worked), kind="lines",
                hint=Text(N_("Saturdays and Sundays that are worked in exchange, as the state announces.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.holidays.get(code)
        days: dict[str, tuple[date, ...]] = {}
        for name in ("closed", "worked"):
            found, broken = listed_days(answers[name])
            if broken:
                message = N_('"{line}" is no day. Write 2026-10-01, or 2026-10-01..2026-10-07.')
                return Wrong(name, Text(message, {"line": broken}))
            days[name] = found
        return SetHolidays(
            holidays=Holidays(
                code=code, title=answers["title"].strip(), rev=before.rev if before else 0, **days
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Holidays published"))


def _lines(days: Iterable[date]) -> str:
    return "\n".join(shown_days(days))
