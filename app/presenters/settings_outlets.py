"""Outlets that install: where they come to, on which days, how many visits a part of a day takes."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_outlet import PER_PART_MOST, SetOutlet
from app.domain.visit import Outlet, area_written, read_areas
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first
from app.text import N_, Text

FRESH = Outlet(code="", title="", areas=())
WEEK = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class SettingsOutlets(Editor):
    """Verbs of the section."""

    verb = "set_outlet"
    tables = ("outlet",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.outlets.values(), _note)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.outlets.get(code, FRESH)
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: HZ1. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="areas", label=N_("Comes to"), kind="lines",
                value="\n".join(map(area_written, one.areas)),
                hint=Text(N_("One a line: province, city, district; what is left out is all of it.")),
            ),
            Input(
                name="per_part", label=N_("Visits each half day"), value=str(one.per_part), kind="number",
                most=PER_PART_MOST, hint=Text(N_("What is booked beyond becomes an exception.")),
            ),
            Input(
                name="days", label=N_("Days of the week"), value=" ".join(map(str, one.days)), kind="many",
                options=tuple((str(day), Text(name)) for day, name in enumerate(WEEK)),
            ),
            Input(name="active", label=N_("In use"), value="1" if one.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.outlets.get(code)
        areas = read_areas(answers["areas"])
        if isinstance(areas, Text):
            return Wrong("areas", areas)
        return SetOutlet(
            outlet=Outlet(
                code=code,
                title=answers["title"].strip(),
                areas=areas,
                per_part=int(answers["per_part"] or 0),
                days=tuple(sorted(map(int, answers["days"].split()))),
                active=bool(answers["active"]),
                rev=before.rev if before else 0,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Outlet published"))


def _note(one: Outlet) -> Text:
    params: dict[str, str | int | Text] = {"count": len(one.areas), "visits": one.per_part}
    return Text(N_("areas: {count}, visits each half day: {visits}"), params)
