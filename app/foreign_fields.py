"""The fields of an address abroad in a guide: in the order, with the names and the rules of its country."""

from __future__ import annotations

import dataclasses

import msgspec

from app.command import Facts
from app.domain.abroad import fields_of, label_of, lacking, told_in
from app.domain.destination import doubts, read_foreign, suggested
from app.domain.events import in_a_row
from app.domain.land import is_latin, land_of
from app.domain.land_names import NAMES
from app.domain.order import Order
from app.domain.reading import DOUBTFUL, KEPT, Reading
from app.domain.values import Receiver, Region
from app.form import Advice, Answers, Choice, Field, Verdict
from app.text import N_, Text

PLACE = ("province", "city", "district", "postcode")
HINTS = {
    "province": N_("Type the first characters or choose."),
    "city": N_("As the buyer wrote it."),
    "district": N_("Leave it empty if the buyer named none."),
    "postcode": N_("As the post there writes it. Leave it empty if it is not known."),
}
PHONE_HINT = N_("With + and the country's code, or as it is dialled there. A masked number stays as it is.")


def country_in(answers: Answers, order: Order) -> str:
    """Return the country as it is answered so far."""
    return answers.get("country", "") or order.region.country


def at_home(order: Order) -> Order:
    """Return an order as one that goes where we are: what was read of it abroad says nothing here."""
    if order.region.country == "CN":
        return order
    return msgspec.structs.replace(
        order, region=msgspec.structs.replace(order.region, country="CN"), original=None
    )


def region_in(answers: Answers, order: Order) -> Region:
    """Return the place as it is answered so far."""
    place = {field: answers.get(field, "").strip() for field in PLACE}
    return Region(country=country_in(answers, order), **place)


def reading_in(answers: Answers, order: Order) -> Reading:
    """Read the answers so far."""
    return read_foreign(Receiver(street=answers.get("street", "").strip()), region_in(answers, order))


def check_country(_value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a country somebody knows."""
    if country_in(answers, order) in NAMES:
        return None
    return Verdict(is_error=True, text=Text(N_("Choose the country, or ask the buyer.")))


def check_abroad(name: str, value: str, answers: Answers, order: Order) -> Verdict | None:
    """Say what the rules of the country make of one field: an error only where no label can be written."""
    given = {**answers, name: value.strip()}
    reading, region = reading_in(given, order), region_in(given, order)
    if name in lacking(Receiver(street=given.get("street", "")), region):
        return Verdict(is_error=True, text=Text(N_("Needed. Ask the buyer if it is not known.")))
    part = next(part for part in reading.parts if part.field == name)
    if part.verdict == KEPT:
        return None
    correction = part.after if part.after != value else ""
    if name == "province" and part.verdict == DOUBTFUL and len(reading.candidates) == 1:
        correction = reading.candidates[0][0]
    is_doubtful = part.verdict == DOUBTFUL
    return Verdict(is_error=False, text=part.reason, correction=correction, is_doubtful=is_doubtful)


def countries(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List all countries for an address that is not at home."""
    if order.region.country == "CN":
        return ()
    return tuple(
        Choice(code, Text("{code} {name}", {"code": code, "name": Text(name)}))
        for code, name in NAMES.items()
    )


def areas_of(country: str, answers: Answers) -> tuple[Choice, ...]:
    """List the states, provinces or prefectures of a country, where they are known and written."""
    land = land_of(country)
    if land is None or not land.has_areas:
        return ()
    like = answers.get("street", "") + answers.get("city", "")
    is_short = is_latin(like)
    choices = []
    for area in land.areas:
        code = area.written(like)
        words = Text("{code} {name}", {"code": code, "name": area.title}) if is_short and area.title else None
        choices.append(Choice(code, words or Text("{code}", {"code": code})))
    return tuple(choices)


def arranged_place(
    fields: tuple[Field[Order], ...], answers: Answers, order: Order
) -> tuple[Field[Order], ...]:
    """Ask for the country and the fields it has, in its order; at home the country is not asked."""
    by_name = {field.name: field for field in fields}
    country = country_in(answers, order)
    asked = [] if order.region.country == "CN" else [by_name["country"]]
    if country == "CN":
        return (*asked, *(field for field in fields if field.name != "country"))
    land = land_of(country)
    needed = land.needed if land is not None else frozenset({"city"})
    wanted = "city" if "city" in needed else "province" if "province" in needed else ""
    names = fields_of(region_in(answers, order), answers.get("street", ""))
    hints = HINTS if land is not None and land.has_areas else {**HINTS, "province": HINTS["city"]}
    asked += [
        dataclasses.replace(
            by_name[name], label=label_of(name, country), hint=hints[name], is_optional=name != wanted
        )
        for name in names
        if name in by_name
    ]
    return tuple(asked)


def arranged_people(
    fields: tuple[Field[Order], ...], answers: Answers, order: Order
) -> tuple[Field[Order], ...]:
    """Say how a phone number abroad is written."""
    if country_in(answers, order) == "CN":
        return fields
    return tuple(
        dataclasses.replace(field, hint=PHONE_HINT) if field.name == "phone" else field for field in fields
    )


def advice_abroad(answers: Answers, order: Order) -> Advice | None:
    """Suggest the place as the rules of its country complete it, where nothing stays in doubt."""
    now = msgspec.structs.replace(
        order,
        receiver=msgspec.structs.replace(order.receiver, street=answers.get("street", "").strip()),
        region=region_in(answers, order),
    )
    reading = read_foreign(now.receiver, now.region)
    receiver, region = suggested(now, reading, None)
    found = {field: getattr(region, field) for field in PLACE}
    if all(answers.get(field, "") == value for field, value in found.items()):
        return None
    if not read_foreign(receiver, region).can_go:
        return None
    place = " ".join(filter(None, (told_in(region, field) for field in fields_of(region, receiver.street))))
    text = Text(N_("Suggestion: {place}"), {"place": place})
    reasons = doubts(reading)
    reason = in_a_row(reasons) if reasons else Text(N_("Read from what the buyer wrote."))
    return Advice(text, reason, found)
