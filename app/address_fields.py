"""An address before and after a command, field by field, with what reading it says of each."""

from __future__ import annotations

from typing import NamedTuple

from app.command import Facts
from app.domain.abroad import fields_of, label_of
from app.domain.address import read
from app.domain.destination import read_foreign
from app.domain.land_names import land_name
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.domain.reading import DOUBTFUL, FIELD_WORDS, Reading
from app.text import N_, Text

LABELS = {
    **{field: FIELD_WORDS[field] for field in ("province", "city", "district")},
    "town": N_("Town"),
    "street": FIELD_WORDS["street"],
    "postcode": FIELD_WORDS["postcode"],
    "name": N_("Receiver"),
    "phone": N_("Phone"),
}
"""Every field of an address at home, in the order it is read."""


class AddressField(NamedTuple):
    """One field as people read it; `reason` is what reading the address says of it."""

    label: str
    before: str
    after: str
    reason: Text | None
    is_doubtful: bool = False
    """It stays as it is, and reading it leaves a doubt."""
    is_words: bool = False
    """Before and after are words to translate."""


def address_fields(before: Order, after: Order, facts: Facts) -> tuple[AddressField, ...]:
    """Compare two addresses field by field; the town stays in its street and has a line beside it.

    Source: capabilities 2, per-field diff.
    """
    if "CN" not in (before.region.country, after.region.country):
        return _abroad(before, after)
    read_of = _read(before, before.receiver.raw or before.receiver.street, facts)
    reasons = {part.field: part.reason for part in read_of.parts} if read_of is not None else {}
    towns = [_read(one, one.receiver.street, facts) for one in (before, after)]
    was, now = ("" if one is None else one.town.after for one in towns)
    if towns[1] is not None:
        reasons["town"] = towns[1].town.reason
    doubts = (
        {part.field for part in read_of.parts if part.verdict == DOUBTFUL} if read_of is not None else set()
    )
    old, new = _shown(before, was), _shown(after, now)
    return tuple(
        AddressField(
            label, old[code], new[code], reasons.get(code), code in doubts and old[code] == new[code]
        )
        for code, label in LABELS.items()
        if code != "town" or was or now
    )


def _abroad(before: Order, after: Order) -> tuple[AddressField, ...]:
    """Compare two addresses abroad, in the order and with the names of where it goes now."""
    was, now = before.region, after.region
    reading = read_foreign(before.receiver, was)
    reasons = {part.field: part.reason for part in reading.parts}
    doubts = {part.field for part in reading.parts if part.verdict == DOUBTFUL}
    old, new = _shown(before, ""), _shown(after, "")
    rows = [AddressField(LABELS["name"], old["name"], new["name"], None)]
    rows += [
        AddressField(
            label_of(field, now.country),
            old[field],
            new[field],
            reasons.get(field),
            field in doubts and old[field] == new[field],
        )
        for field in fields_of(now, after.receiver.street)
    ]
    countries = land_name(was.country), land_name(now.country)
    is_doubted = "country" in doubts and was.country == now.country
    country = AddressField(
        FIELD_WORDS["country"], *countries, reasons.get("country"), is_doubted, is_words=True
    )
    return (*rows, country, AddressField(LABELS["phone"], old["phone"], new["phone"], None))


def _read(order: Order, text: str, facts: Facts) -> Reading | None:
    region, gazetteer = order.region, facts.refs.gazetteer
    if gazetteer is None or region.country != "CN":
        return None
    return read(
        text,
        gazetteer,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        phone=order.receiver.phone,
    )


def _shown(order: Order, town: str) -> dict[str, str]:
    region, receiver = order.region, order.receiver
    return {
        "province": region.province,
        "city": region.city,
        "district": region.district,
        "town": town,
        "street": receiver.street,
        "postcode": region.postcode,
        "name": mask_name(receiver.name),
        "phone": mask_phone(receiver.phone),
    }
