"""Carriers: where each goes, what it costs there, who gives labels."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_carrier import DIVISOR_MOST, FARE_MOST_MINOR, STEP_MOST_G, SetCarrier
from app.domain.carrier import Carrier
from app.domain.carrier_rows import (
    WEIGHT_MOST_G,
    area_row,
    fare_row,
    point_row,
    read_areas,
    read_fares,
    read_points,
    read_zones,
    zone_row,
)
from app.domain.lane_rows import lane_row, read_lanes
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.text import N_, Text

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "INR", "BRL")
FRESH = Carrier(code="", title="")


class SettingsCarriers(Editor):
    """Verbs of the section."""

    verb = "set_carrier"
    tables = ("carrier",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.carriers.values(), _note)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.carriers.get(code, FRESH)
        currencies = tuple((each, words(each)) for each in dict.fromkeys((*CURRENCIES, one.currency)))
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: SF. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="services", label=N_("Services"), kind="lines", value="\n".join(one.services),
                hint=Text(N_("One a line, the usual one first.")),
            ),
            Input(
                name="countries", label=N_("Countries"), value=" ".join(one.countries),
                hint=Text(N_("Two letters each, with spaces between: CN HK.")),
            ),
            Input(
                name="currency", label=N_("Currency"), value=one.currency, kind="combo", options=currencies,
            ),
            Input(
                name="first_g", label=N_("First weight"), value=str(one.first_g), kind="number", unit="g",
                least=1, most=STEP_MOST_G,
            ),
            Input(
                name="step_g", label=N_("Further weight"), value=str(one.step_g), kind="number", unit="g",
                least=1, most=STEP_MOST_G,
            ),
            Input(
                name="fares", label=N_("Fares"), kind="lines",
                value="\n".join(fare_row(fare, one.currency) for fare in one.fares),
                hint=Text(N_("Province, first weight, each further: 浙江省 8.00 3.00. *: everywhere else.")),
            ),
            Input(
                name="zones", label=N_("Zones"), kind="lines", value="\n".join(map(zone_row, one.zones)),
                hint=Text(N_("Name, then provinces or cities: 华东 江苏省 浙江省. Fares may name them.")),
            ),
            Input(
                name="most_g", label=N_("Heaviest parcel"), value=str(one.most_g), kind="number", unit="g",
                least=0, most=WEIGHT_MOST_G, hint=Text(N_("0: no limit.")),
            ),
            Input(
                name="lanes", label=N_("Lanes"), kind="lines",
                value="\n".join(lane_row(lane, one.currency) for lane in one.lanes),
                hint=Text(N_("Code, from>to, cost, hours: T1 苏州市>杭州分拨 2.00 12 cut=20:00 most=500.")),
            ),
            Input(
                name="volume_divisor", label=N_("Volume divisor"), value=str(one.volume_divisor),
                kind="number", unit="cm³/kg", least=0, most=DIVISOR_MOST,
                hint=Text(N_("0: size does not count.")),
            ),
            Input(
                name="daily_quota", label=N_("Parcels a day"), value=str(one.daily_quota), kind="number",
                least=0, most=FARE_MOST_MINOR, hint=Text(N_("0: no limit.")),
            ),
            Input(
                name="monthly_quota", label=N_("Parcels a month"), value=str(one.monthly_quota),
                kind="number", least=0, most=FARE_MOST_MINOR, hint=Text(N_("0: no limit.")),
            ),
            Input(
                name="takes_cod", label=N_("Takes cash"), value="1" if one.takes_cod else "", kind="check",
                hint=Text(N_("It takes the money of what is paid at the door.")),
            ),
            Input(
                name="takes_battery", label=N_("Takes batteries"), value="1" if one.takes_battery else "",
                kind="check",
            ),
            Input(
                name="not_served", label=N_("Areas not served"), kind="lines",
                value="\n".join(map(area_row, one.not_served)),
                hint=Text(N_("Province, city, district; a last day behind it if it ends: 2026-12-31.")),
            ),
            Input(
                name="points", label=N_("Pick-up points"), kind="lines",
                value="\n".join(map(point_row, one.points)),
                hint=Text(N_("Province, city, district, street: where buyers fetch parcels.")),
            ),
            Input(
                name="gives_labels", label=N_("Gives labels"), value="1" if one.gives_labels else "",
                kind="check",
                hint=Text(N_("The hub asks it for a tracking number when an order is released.")),
            ),
            Input(
                name="active", label=N_("In use"), value="1" if one.active else "", kind="check",
                hint=Text(N_("Without it no new order goes with it.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.carriers.get(code)
        currency = answers["currency"]
        fares = read_fares(answers["fares"], currency)
        if isinstance(fares, Text):
            return Wrong("fares", fares)
        zones = read_zones(answers["zones"])
        if isinstance(zones, Text):
            return Wrong("zones", zones)
        areas = read_areas(answers["not_served"])
        if isinstance(areas, Text):
            return Wrong("not_served", areas)
        points = read_points(answers["points"])
        if isinstance(points, Text):
            return Wrong("points", points)
        lanes = read_lanes(answers["lanes"], currency)
        if isinstance(lanes, Text):
            return Wrong("lanes", lanes)
        return SetCarrier(
            carrier=msgspec.structs.replace(
                before or FRESH,
                code=code,
                title=answers["title"].strip(),
                services=tuple(line.strip() for line in answers["services"].splitlines() if line.strip()),
                countries=tuple(answers["countries"].upper().replace(",", " ").split()),
                currency=currency,
                first_g=int(answers["first_g"] or 0),
                step_g=int(answers["step_g"] or 0),
                fares=fares,
                not_served=areas,
                points=points,
                gives_labels=bool(answers["gives_labels"]),
                active=bool(answers["active"]),
                zones=zones,
                lanes=lanes,
                most_g=int(answers["most_g"] or 0),
                volume_divisor=int(answers["volume_divisor"] or 0),
                daily_quota=int(answers["daily_quota"] or 0),
                monthly_quota=int(answers["monthly_quota"] or 0),
                takes_cod=bool(answers["takes_cod"]),
                takes_battery=bool(answers["takes_battery"]),
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Carrier published"))


def _note(one: Carrier) -> Text:
    if not one.not_served:
        return Text(N_("goes everywhere in {countries}"), {"countries": " ".join(one.countries)})
    return Text(
        N_("{countries}, areas not served: {count}"),
        {"countries": " ".join(one.countries), "count": len(one.not_served)},
    )
