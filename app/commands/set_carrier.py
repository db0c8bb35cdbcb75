"""Set a carrier up, or change where it goes and what it costs."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.carrier import Carrier, NotServed, PickUp
from app.domain.carrier_rows import WEIGHT_MOST_G
from app.domain.company import is_code, is_title
from app.domain.freight import Fare, Zone
from app.domain.route import Lane
from app.domain.values import Keys
from app.text import N_

ROWS_MOST = 500
"""Of areas, zones or places to fetch from: a carrier travels whole with each publication."""
FARES_MOST = 2_000
"""A table of 31 provinces from five warehouses in two services and two weights is 620."""
FARE_MOST_MINOR = 10**7
DIVISOR_MOST = 100_000
HOURS_MOST = 2_000
STEP_MOST_G = 100_000
PLACE_MOST = 60
_CURRENCY, _COUNTRY = re.compile(r"[A-Z]{3}"), re.compile(r"[A-Z]{2}")


class SetCarrier(Command, frozen=True, kw_only=True):
    """`carrier.rev` is the revision the person started from, 0 for a new one."""

    carrier: Carrier


def needs(command: SetCarrier) -> Keys:
    """Name the carrier."""
    return frozenset({("carrier", command.carrier.code)})


def decide(command: SetCarrier, facts: Facts) -> Decided:
    """Publish the carrier under its next revision; open orders are looked at again.

    Refuses: `bad_code`, `bad_title`, `bad_currency`, `bad_country`, `bad_service`, `bad_weight`, `too_many`,
    `bad_lane`, `bad_fare`, `bad_area`, `stale_content`, `unchanged`.
    """
    known = command.carrier
    if known.code not in facts.refs.carriers and not is_code(known.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(known.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    wrong = _terms_fault(known) or _lane_fault(known) or _area_fault(known)
    return wrong if wrong is not None else publish("carrier", known.code, known, facts)


def _terms_fault(known: Carrier) -> Refusal | None:
    if not _CURRENCY.fullmatch(known.currency):
        return refuse("bad_currency", N_("A currency has three letters: CNY."))
    if not known.countries or not all(_COUNTRY.fullmatch(country) for country in known.countries):
        return refuse("bad_country", N_("Name the countries it goes to with two letters each: CN HK."))
    if not all(is_title(service) for service in known.services) or _repeats(known.services):
        return refuse("bad_service", N_("Name each service once, with up to 60 characters."))
    if not (1 <= known.first_g <= STEP_MOST_G and 1 <= known.step_g <= STEP_MOST_G):
        return refuse("bad_weight", N_("First and further weight are 1 g to 100 kg. Change them."))
    if not (0 <= known.most_g <= WEIGHT_MOST_G and 0 <= known.volume_divisor <= DIVISOR_MOST):
        return refuse(
            "bad_weight", N_("The heaviest parcel is up to 10 t, the divisor up to 100,000. Change it.")
        )
    if not all(0 <= quota <= FARE_MOST_MINOR for quota in (known.daily_quota, known.monthly_quota)):
        return refuse("bad_weight", N_("A quota is a number of parcels, 0 for no limit. Change it."))
    if not all(map(_is_fare, known.fares)):
        return refuse(
            "bad_fare", N_("A fare is 0 or more, its weights rise, its days are in order. Change it.")
        )
    if _repeats(fare.meant for fare in known.fares):
        return refuse("bad_fare", N_("Two fares are for the same parcels. Leave one out."))
    return None


def _is_fare(fare: Fare) -> bool:
    costs = (
        fare.first_minor,
        fare.step_minor,
        fare.free_from_minor,
        *(band.step_minor for band in fare.bands),
    )
    weights = (
        fare.first_g,
        fare.step_g,
        fare.most_g,
        fare.hours,
        fare.volume_divisor,
        *(band.over_g for band in fare.bands),
    )
    overs = [band.over_g for band in fare.bands]
    return (
        all(0 <= cost <= FARE_MOST_MINOR for cost in costs)
        and all(0 <= weight <= WEIGHT_MOST_G for weight in weights)
        and sorted(set(overs)) == overs
        and (fare.since_on is None or fare.until_on is None or fare.since_on <= fare.until_on)
        and all(map(_fits, (fare.province, fare.origin, fare.service, fare.contract)))
    )


def _lane_fault(known: Carrier) -> Refusal | None:
    if len(known.lanes) > ROWS_MOST or not all(map(_is_lane, known.lanes)):
        return refuse("bad_lane", N_("A lane has a code, two places, a cost, up to 2,000 hours. Change it."))
    if _repeats(lane.code for lane in known.lanes):
        return refuse("bad_lane", N_("Two lanes have the same code. Give each its own."))
    return None


def _is_lane(lane: Lane) -> bool:
    return (
        is_code(lane.code)
        and bool(lane.start)
        and bool(lane.end)
        and all(map(_fits, (lane.start, lane.end, lane.service)))
        and 0 <= lane.cost_minor <= FARE_MOST_MINOR
        and 0 <= lane.hours <= HOURS_MOST
        and 0 <= lane.most <= FARE_MOST_MINOR
    )


def _is_zone(zone: Zone) -> bool:
    return bool(zone.name) and bool(zone.places) and all(map(_fits, (zone.name, *zone.places)))


def _area_fault(known: Carrier) -> Refusal | None:
    if max(len(known.zones), *(len(zone.places) for zone in known.zones), 0) > ROWS_MOST:
        return refuse("too_many", N_("A carrier has up to 500 rows. Name provinces instead of districts."))
    if not all(map(_is_zone, known.zones)) or _repeats(zone.name for zone in known.zones):
        return refuse(
            "bad_area", N_("A zone has a name of its own and the provinces or cities it is made of.")
        )
    if len(known.fares) > FARES_MOST:
        return refuse("too_many", N_("A carrier has up to 2,000 fares. Name zones instead of cities."))
    if max(len(known.not_served), len(known.points), len(known.services)) > ROWS_MOST:
        return refuse("too_many", N_("A carrier has up to 500 rows. Name provinces instead of districts."))
    if not all(_is_area(area) for area in known.not_served):
        return refuse("bad_area", N_("Name a province, then perhaps a city, then perhaps a district."))
    if not all(_is_point(point) for point in known.points):
        return refuse("bad_area", N_("A place to fetch from has province, city, district and street."))
    return None


def _is_area(area: NotServed) -> bool:
    names = (area.province, area.city, area.district)
    return bool(area.province) and bool(area.city or not area.district) and all(map(_fits, names))


def _is_point(point: PickUp) -> bool:
    names = (point.province, point.city, point.district, point.street)
    return all(names) and all(map(_fits, names))


def _fits(name: str) -> bool:
    return len(name) <= PLACE_MOST and (not name or name.isprintable())


def _repeats(names: Iterable[Hashable]) -> bool:
    listed = list(names)
    return len(set(listed)) < len(listed)


def inverse(command: SetCarrier, facts: Facts) -> Undo | None:
    """Publish the carrier as it was; a new one stays, orders may go with it already."""
    return go_back("set_carrier", "carrier", facts.refs.carriers.get(command.carrier.code))


SPEC = Spec("set_carrier", SetCarrier, needs, decide, Authority.HUB, inverse=inverse, touches=False)
