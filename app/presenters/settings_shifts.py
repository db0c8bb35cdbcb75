"""Shifts: working hours, the days they hold, the holidays they keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_shift import SetShift
from app.domain.company import Shift
from app.domain.written_time import clock_time
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.text import N_, Text

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC")
FRESH = Shift(code="", title="", since=time(9, 0), until=time(18, 0), days=(0, 1, 2, 3, 4))


class SettingsShifts(Editor):
    """Verbs of the section."""

    verb = "set_shift"
    tables = ("shift", "holidays", "shop", "warehouse")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.shifts.values(), lambda one: words(f"{one.since:%H:%M}–{one.until:%H:%M}"))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        shift = refs.shifts.get(code, FRESH)
        hours = Text(N_("24 hours: 22:00. An end before the start is on the next day."))
        everywhere = (("", Text(N_("Everywhere"))),)
        places = (
            *((house.code, words(house.title)) for house in refs.warehouses.values()),
            *((shop.code, words(shop.title)) for shop in refs.shops.values()),
        )
        none = (("", Text(N_("No holidays"))),)
        calendars = tuple((each.code, words(each.title)) for each in refs.holidays.values())
        zones = tuple((each, words(each)) for each in dict.fromkeys((*ZONES, shift.zone)))
        asked = (
            Input(
                name="code", label=N_("Code"), value=shift.code,
                hint=Text(N_("Short, in letters: night. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=shift.title),
            Input(name="since", label=N_("Begins"), value=f"{shift.since:%H:%M}", hint=hours),
            Input(name="until", label=N_("Ends"), value=f"{shift.until:%H:%M}"),
            Input(name="zone", label=N_("Time zone"), value=shift.zone, kind="combo", options=zones),
            Input(
                name="days", label=N_("Days of the week"), value=" ".join(map(str, sorted(shift.days))),
                kind="many", options=tuple((str(n), Text(day)) for n, day in enumerate(DAYS)),
                hint=Text(N_("A shift belongs to the day on which it begins.")),
            ),
            Input(
                name="holidays", label=N_("Keeps the holidays of"), value=shift.holidays, kind="combo",
                options=none + calendars,
            ),
            Input(
                name="place", label=N_("Works in"), value=shift.place, kind="combo",
                options=everywhere + places,
                hint=Text(N_("A place with shifts of its own follows them alone.")),
            ),
            Input(name="active", label=N_("In use"), value="1" if shift.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.shifts.get(code)
        since, until = clock_time(answers["since"]), clock_time(answers["until"])
        if since is None or until is None:
            name = "since" if since is None else "until"
            return Wrong(name, Text(N_("Write the time with hours and minutes: 17:00.")))
        return SetShift(
            shift=Shift(
                code=code,
                title=answers["title"].strip(),
                since=since,
                until=until,
                zone=answers["zone"],
                days=tuple(sorted(int(day) for day in answers["days"].split())),
                holidays=answers["holidays"],
                place=answers["place"],
                active=bool(answers["active"]),
                rev=before.rev if before else 0,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Shift published"))
