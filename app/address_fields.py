"""An address before and after a command, field by field, with what reading it says of each."""

from __future__ import annotations

from typing import NamedTuple

from app.command import Facts
from app.domain.address import read
from app.domain.destination import FIELD_WORDS
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.domain.reading import DOUBTFUL, Reading
from app.text import N_, Text

LABELS = {
    **{field: FIELD_WORDS[field] for field in ("province", "city", "district")},
    "town": N_("Town"),
    "street": FIELD_WORDS["street"],
    "postcode": FIELD_WORDS["postcode"],
    "name": N_("Receiver"),
    "phone": N_("Phone"),
}
"""Every field, in the order it is read."""


class AddressField(NamedTuple):
    """One field as people read it; `reason` is what reading the address says of it."""

    label: str
    before: str
    after: str
    reason: Text | None
    is_doubtful: bool = False
    """It stays as it is, and reading it leaves a doubt."""


def address_fields(before: Order, after: Order, facts: Facts) -> tuple[AddressField, ...]:
    """Compare two addresses field by field; the town stays in its street and has a line beside it.

    Source: capabilities 2, per-field diff.
    """
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
