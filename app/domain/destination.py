"""Read the address of an order again, with the gazetteer at hand."""

from __future__ import annotations

import functools

import msgspec

from app.domain import address
from app.domain.abroad import lacking, read_abroad
from app.domain.characters import tidied
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.domain.postcode import is_whole
from app.domain.reading import ADDED, DOUBTFUL, FIELD_WORDS, REPLACED, Part
from app.domain.values import Receiver, Region
from app.text import N_, Text


def reading_of(order: Order, gazetteer: Gazetteer | None) -> address.Reading | None:
    """Return what the buyer's own words come to, or None where no gazetteer is at hand."""
    if order.region.country != "CN":
        return read_foreign(order.receiver, order.region)
    if gazetteer is None:
        return None
    return _read(order.receiver, order.original or order.region, gazetteer)


def read_foreign(receiver: Receiver, region: Region) -> address.Reading:
    """Read an address abroad as it stands."""
    fields = (region.province, region.city, region.district)
    province, city, district = (tidied(field).strip() for field in fields)
    street = tidied(receiver.street or receiver.raw).strip()
    if not (receiver.street or province or city or district or region.postcode):
        return address.read_whole(street, region.country)
    return read_abroad(street, (province, city, district), region.postcode.strip(), region.country)


@functools.lru_cache(maxsize=256)
def _read(receiver: Receiver, region: Region, gazetteer: Gazetteer) -> address.Reading:
    if receiver.raw:
        return address.read(
            receiver.raw, gazetteer, postcode=region.postcode, phone=receiver.phone, country=region.country
        )
    return address.read(
        receiver.street,
        gazetteer,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        phone=receiver.phone,
        country=region.country,
    )


def doubts(reading: address.Reading) -> list[Text]:
    """Say what is wrong or was changed, field by field, worst first."""
    worst_first = (DOUBTFUL, REPLACED, ADDED)
    said: list[Text] = []
    for verdict in worst_first:
        for part in reading.parts:
            if part.verdict == verdict and part.reason.message and (words := _named(part)) not in said:
                said.append(words)
    return said


def _named(part: Part) -> Text:
    """Name the field where the sentence does not say by itself what it is about."""
    if part.reason.params:
        return part.reason
    return Text(N_("{field}: {reason}"), {"field": Text(FIELD_WORDS[part.field]), "reason": part.reason})


def is_complete(receiver: Receiver, region: Region) -> bool:
    """Tell whether a parcel could be labelled; only some countries sort by province."""
    if region.country != "CN":
        return not lacking(receiver, region)
    return bool(region.city and receiver.street and region.province)


def postcode_for(order: Order, reading: address.Reading, gazetteer: Gazetteer | None) -> str:
    """Return the postal code of a reading; where what was written is no code, the usual one of the place."""
    part = reading.parts[-1]
    if gazetteer is None or order.region.country != "CN" or part.verdict != DOUBTFUL or is_whole(part.before):
        return reading.postcode
    place = {"province": reading.province, "city": reading.city, "district": reading.district}
    return address.read(reading.street, gazetteer, **place).postcode


def usual_postcode(order: Order, gazetteer: Gazetteer | None) -> str:
    """Return the postal code that is usual where an order goes; empty where the street says another city."""
    region = order.region
    if gazetteer is None or region.country != "CN":
        return ""
    place = {"province": region.province, "city": region.city, "district": region.district}
    found = address.read(order.receiver.street, gazetteer, **place)
    return found.postcode if (found.province, found.city) == (region.province, region.city) else ""


def told_back(order: Order, shop: Shop | None) -> Text | None:
    """Say whether the channel hears of another address; None where there is no channel.

    Source: capabilities 2.10, "local only" is said before anybody decides.
    """
    if not order.ext_id:
        return None
    if shop is not None and "address" in shop.hears:
        return Text(N_("The channel is told of the new address."))
    return Text(N_("Only here: the channel keeps the address it has."))


def suggested(order: Order, reading: address.Reading, gazetteer: Gazetteer | None) -> tuple[Receiver, Region]:
    """Turn a reading into what a person may take over, with its one choice; name and phone stay as they are.

    Source: capabilities 2, nothing a buyer wrote is lost.
    """
    old = order.receiver
    receiver = msgspec.structs.replace(old, street=reading.street or old.street)
    place = reading.province, reading.city, reading.district
    if order.region.country != "CN" and len(reading.candidates) == 1:
        province, city, district = reading.candidates[0]
        place = province, city, district
    region = Region(
        country=order.region.country,
        province=place[0],
        city=place[1],
        district=place[2],
        postcode=postcode_for(order, reading, gazetteer),
        verdict=address.ACCEPT,
    )
    return receiver, region
