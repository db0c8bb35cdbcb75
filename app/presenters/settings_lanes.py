"""Lanes of all carriers: whether each runs; closing one plans anew what goes over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.close_lane import CloseLane
from app.domain.carrier import Carrier, lane_named
from app.domain.event import listed
from app.domain.money import shown
from app.domain.route import Lane
from app.editor import Editor, Input, Item, Wrong
from app.text import N_, Text


class SettingsLanes(Editor):
    """Verbs of the section: lanes are written with their carriers, here they are closed and opened."""

    verb = "close_lane"
    tables = ("carrier",)
    may_add = False

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(
                code=code,
                title=f"{lane.start} → {lane.end}",
                note=_in_short(lane, carrier.currency),
                mark="met" if lane.is_open else "stops",
                state=Text(N_("runs")) if lane.is_open else Text(N_("closed")),
            )
            for code, carrier, lane in _lanes(refs)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        found = next((lane for known, _, lane in _lanes(refs) if known == code), None)
        if found is None:
            return ()
        said = N_("Closed, what has not left is planned anew. The order search finds it by {lane}.")
        return (
            Input(
                name="is_open", label=N_("Runs"), value="1" if found.is_open else "", kind="check",
                hint=Text(said, {"lane": code}),
            ),
        )  # fmt: skip

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        named = ((one.code, lane.code) for known, one, lane in _lanes(refs) if known == code)
        carrier, lane = next(named, ("", code))
        return CloseLane(carrier=carrier, lane=lane, opens=bool(answers["is_open"]))

    @override
    def called(self, code: str) -> str:
        return code

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Lane published"))


def _lanes(refs: Refs) -> Iterator[tuple[str, Carrier, Lane]]:
    for code, carrier in sorted(refs.carriers.items()):
        for lane in carrier.lanes:
            yield lane_named(code, lane.code), carrier, lane


def _in_short(lane: Lane, currency: str) -> Text:
    """Say what a parcel costs over it, how long it takes, when it leaves and how many it takes."""
    said = [
        Text(N_("{money} a parcel"), {"money": shown(lane.cost_minor, currency)}),
        Text(N_("{hours} h"), {"hours": lane.hours}),
    ]
    if lane.cut_off is not None:
        said.append(Text(N_("leaves {time}"), {"time": f"{lane.cut_off:%H:%M}"}))
    if lane.most:
        said.append(Text(N_("{count} a day"), {"count": lane.most}))
    return listed(said)
