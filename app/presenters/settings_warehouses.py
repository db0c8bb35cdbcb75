"""Warehouses: where they stand and when their last van leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_warehouse import HANDLING_MOST_MIN, PARCELS_MOST, SetWarehouse
from app.domain.company import Warehouse
from app.domain.event import listed
from app.domain.order import Status
from app.domain.written_time import clock_time
from app.editor import NEW, Editor, Input, Item, Wrong, words
from app.ports import OrderQuery, Views
from app.text import N_, Text

WAITING = (Status.GATED, Status.RELEASED)
"""Orders that hold goods the floor has not begun to pick."""
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC")
FRESH = Warehouse(code="", title="", city="", cut_off=time(17, 0))


class SettingsWarehouses(Editor):
    """Verbs of the section."""

    verb = "set_warehouse"
    tables = ("warehouse", "carrier")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(
                code=house.code,
                title=house.title,
                note=Text(
                    N_("{city}, last van {time}"), {"city": house.city, "time": f"{house.cut_off:%H:%M}"}
                ),
                mark="stops" if house.is_stopped else "",
                state=Text(N_("Sends nothing now")) if house.is_stopped else None,
            )
            for house in sorted(refs.warehouses.values(), key=lambda house: house.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        house = refs.warehouses.get(code, FRESH)
        code_hint = Text(N_("Short, as it stands on slips: SZ. It stays for ever."))
        known = [words(f"{one.code} {one.title}") for one in refs.carriers.values()]
        there: dict[str, str | int | Text] = {"carriers": listed(known) if known else words("–")}
        zones = tuple((each, words(each)) for each in dict.fromkeys((*ZONES, house.zone)))
        asked = (
            Input(name="code", label=N_("Code"), value=house.code, hint=code_hint),
            Input(name="title", label=N_("Title"), value=house.title),
            Input(name="city", label=N_("City"), value=house.city),
            Input(name="zone", label=N_("Time zone"), value=house.zone, kind="combo", options=zones),
            Input(
                name="cut_off", label=N_("Last van leaves"), value=f"{house.cut_off:%H:%M}",
                hint=Text(N_("What is packed before leaves today. Its own time, 24 hours: 17:00.")),
            ),
            Input(
                name="handling_min", label=N_("Closed after"), value=str(house.handling_min), kind="number",
                unit="min", most=HANDLING_MOST_MIN,
                hint=Text(N_("So long after an order its parcel is closed. After the van: the next one.")),
            ),
            Input(
                name="parcels_a_day", label=N_("Parcels a day"), value=str(house.parcels_a_day),
                kind="number", most=PARCELS_MOST,
                hint=Text(N_("0: as many as there are. What is beyond leaves a day later.")),
            ),
            Input(
                name="entity", label=N_("Company of its goods"), value=house.entity,
                hint=Text(N_("As shops name the company that sells. Empty: it sends for all.")),
            ),
            Input(
                name="is_stopped", label=N_("Sends nothing now"), value="1" if house.is_stopped else "",
                kind="check",
                hint=Text(N_("What waits there and is not being picked is sent from elsewhere at once.")),
            ),
            Input(
                name="carriers", label=N_("Carriers, best first"), value=" ".join(house.carriers),
                hint=Text(N_("Codes with spaces between; empty: all of them. There are: {carriers}"), there),
            ),
            Input(
                name="by_cost", label=N_("By cost and time"), kind="check",
                value="1" if house.by_cost else "",
                hint=Text(N_("The cheapest that may take a parcel does, with its lateness counted in.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.warehouses.get(code)
        cut_off = clock_time(answers["cut_off"])
        if cut_off is None:
            return Wrong("cut_off", Text(N_("Write the time with hours and minutes: 17:00.")))
        return SetWarehouse(
            warehouse=Warehouse(
                code=code,
                title=answers["title"].strip(),
                city=answers["city"].strip(),
                zone=answers["zone"],
                cut_off=cut_off,
                rev=before.rev if before else 0,
                handling_min=int(answers["handling_min"] or 0),
                parcels_a_day=int(answers["parcels_a_day"] or 0),
                entity=answers["entity"].strip(),
                is_stopped=bool(answers["is_stopped"]),
                carriers=tuple(answers["carriers"].replace(",", " ").split()),
                by_cost=bool(answers["by_cost"]),
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Warehouse published"))

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        house = refs.warehouses.get(self.state.here)
        if house is None or house.is_stopped or not answers.get("is_stopped"):
            return ()
        queries = [OrderQuery(status=status, warehouse=house.code) for status in WAITING]
        count = sum([await self.desk.look(Views.count_orders, query) for query in queries])
        message = N_("{count} orders wait there. Where another place has their goods they are sent from it.")
        return (Text(message, {"count": count}),)
