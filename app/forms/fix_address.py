"""Guide: put an address right, one decision a step."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.fix_address import FixAddress
from app.domain import address
from app.domain.destination import doubts, postcode_for, reading_of, told_back
from app.domain.events import in_a_row
from app.domain.gazetteer import Gazetteer
from app.domain.land import UNKNOWN
from app.domain.order import Order
from app.domain.postcode import is_whole
from app.domain.reading import DOUBTFUL, FIELD_WORDS, KEPT, REPLACED, Reading
from app.domain.values import Receiver, Region
from app.foreign_fields import (
    advice_abroad,
    areas_of,
    arranged_people,
    arranged_place,
    at_home,
    check_abroad,
    check_country,
    countries,
    country_in,
)
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict
from app.text import N_, Text

PLACE = ("province", "city", "district", "postcode")
NEEDED = frozenset({"province", "city", "street"})


# --- checks -----------------------------------------------------------------------------------------


def check_part(name: str, value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Read the answers as an address and say what that means for one field.

    Source: capabilities 2, every value is judged where it is typed.
    """
    if country_in(answers, order) != "CN":
        return check_abroad(name, value, answers, order)
    if name in NEEDED and not value.strip():
        return Verdict(is_error=True, text=Text(N_("Needed. Ask the buyer if it is not known.")))
    gazetteer = facts.refs.gazetteer
    if gazetteer is None:
        return None
    given = {field: answers.get(field, "").strip() for field in (*PLACE, "street")} | {name: value.strip()}
    part = next(part for part in _read(given, gazetteer).parts if part.field == name)
    correction = part.after if part.after != value else ""
    if part.verdict == KEPT:
        return Verdict(is_error=False, text=part.reason) if part.reason.message else None
    if part.verdict == DOUBTFUL:
        is_wrong = name in NEEDED and bool(part.before)
        if name == "postcode":
            usual = _read(given | {"postcode": ""}, gazetteer).postcode
            is_wrong = not is_whole(part.before)
            correction = usual if usual != value else ""
        return Verdict(is_error=is_wrong, text=part.reason, correction=correction, is_doubtful=True)
    return Verdict(is_error=part.verdict == REPLACED, text=part.reason, correction=correction)


def _read(given: Answers, gazetteer: Gazetteer) -> Reading:
    return address.read(
        given["street"],
        gazetteer,
        province=given["province"],
        city=given["city"],
        district=given["district"],
        postcode=given["postcode"],
    )


def check_province(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    return check_part("province", value, answers, order, facts)


def check_city(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    return check_part("city", value, answers, order, facts)


def check_district(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    return check_part("district", value, answers, order, facts)


def check_postcode(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    return check_part("postcode", value, answers, order, facts)


def check_street(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    return check_part("street", value, answers, order, facts)


def check_name(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want a name: carriers refuse parcels without one."""
    if not value.strip():
        return Verdict(is_error=True, text=Text(N_("Needed. Ask the buyer if it is not known.")))
    return None


def check_phone(value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Judge the phone; the one the order came with can be taken back."""
    country = country_in(answers, order)
    text = address.judge_phone(value, country)
    if text is None:
        return None
    first = order.receiver.phone
    is_better = first != value and address.judge_phone(first, country) is None
    return Verdict(is_error=True, text=text, correction=first if is_better else "")


# --- choices ----------------------------------------------------------------------------------------


def provinces(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the provinces of today, or what a country has instead."""
    if (country := country_in(answers, order)) != "CN":
        return areas_of(country, answers)
    gazetteer = facts.refs.gazetteer
    return _named([place.name for place in gazetteer.provinces()]) if gazetteer else ()


def cities(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the cities of the chosen province."""
    is_home = country_in(answers, order) == "CN"
    return _below(facts.refs.gazetteer, answers.get("province", "")) if is_home else ()


def districts(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the districts of the chosen city."""
    is_home = country_in(answers, order) == "CN"
    place = answers.get("province", ""), answers.get("city", "")
    return _below(facts.refs.gazetteer, *place) if is_home else ()


def _below(gazetteer: Gazetteer | None, *path: str) -> tuple[Choice, ...]:
    place = gazetteer.find(*path) if gazetteer and all(path) else None
    if gazetteer is None or place is None:
        return ()
    return _named([child.name for child in gazetteer.children(place.code)])


def _named(names: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, Text("{name}", {"name": name})) for name in names)


def verdicts(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer to use the address now, or to keep the order back."""
    return (
        Choice(
            address.ACCEPT,
            Text(N_("Use this address")),
            Text(N_("The order goes on to the next gate by itself.")),
        ),
        Choice(
            address.CONFIRM,
            Text(N_("Ask the buyer first")),
            Text(N_("The changes are kept, the order still waits.")),
        ),
    )


# --- advice -----------------------------------------------------------------------------------------


def advise_place(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the place the buyer's own words come to."""
    if country_in(answers, order) != "CN":
        return advice_abroad(answers, order)
    came, order, gazetteer = order, at_home(order), facts.refs.gazetteer
    reading = reading_of(order, gazetteer)
    if reading is None or not (reading.province and reading.city):
        return None
    if came.region.country != "CN" and not reading.can_go:
        return None
    found = {field: getattr(reading, field) for field in PLACE}
    found["postcode"] = postcode_for(order, reading, gazetteer)
    if all(answers.get(field, "") == value for field, value in found.items()):
        return None
    text = Text(
        N_("Suggestion: {place}, {postcode}"),
        {
            "place": " ".join(filter(None, (reading.province, reading.city, reading.district))),
            "postcode": found["postcode"],
        },
    )
    reasons = doubts(reading)
    reason = in_a_row(reasons) if reasons else Text(N_("Read from what the buyer wrote."))
    return Advice(text, reason, found)


def advise_street(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the street without the names that went into the fields before."""
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is None or not reading.street or reading.street == answers.get("street", ""):
        return None
    return Advice(
        Text(N_("Take the street from what the buyer wrote")),
        Text(N_("Only the place names are left out, nothing else changes.")),
        {"street": reading.street},
    )


# --- the guide --------------------------------------------------------------------------------------


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with what the order has."""
    region, receiver = order.region, order.receiver
    return {
        "country": region.country if region.country != UNKNOWN else "",
        "province": region.province,
        "city": region.city,
        "district": region.district,
        "postcode": region.postcode,
        "street": receiver.street,
        "name": receiver.name,
        "phone": receiver.phone,
        "verdict": address.ACCEPT,
    }


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers; what the buyer wrote stays with the order."""
    said = {name: value.strip() for name, value in answers.items()}
    return FixAddress(
        order=order.id,
        receiver=order.receiver.sent_to(
            Receiver(name=said["name"], phone=said["phone"], street=said["street"])
        ),
        region=Region(
            country=said["country"] or order.region.country,
            province=said["province"],
            city=said["city"],
            district=said["district"],
            postcode=said["postcode"],
            verdict=said["verdict"],
        ),
    )


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say whether the channel hears of it."""
    told = told_back(order, facts.shop_of(order))
    return (Note(N_("Channel"), told),) if told is not None else ()


FORM: Form[Order] = Form(
    code="fix_address",
    title=N_("Fix the address"),
    steps=(
        Step(
            name="place",
            title=N_("Place"),
            question=N_("Where does it go?"),
            reason=N_("The carrier sorts by province, city and district."),
            told=("province", "city", "district"),
            fields=(
                Field(
                    "country",
                    FIELD_WORDS["country"],
                    N_("Type its two letters or choose."),
                    "combo",
                    check=check_country,
                    choices=countries,
                ),
                Field(
                    "province",
                    FIELD_WORDS["province"],
                    N_("Type the first characters or choose."),
                    "combo",
                    check=check_province,
                    choices=provinces,
                ),
                Field(
                    "city",
                    FIELD_WORDS["city"],
                    N_("Only cities of this province are offered."),
                    "combo",
                    check=check_city,
                    choices=cities,
                ),
                Field(
                    "district",
                    FIELD_WORDS["district"],
                    N_("Some cities have none; then leave it empty."),
                    "combo",
                    check=check_district,
                    choices=districts,
                    is_optional=True,
                ),
                Field(
                    "postcode",
                    FIELD_WORDS["postcode"],
                    N_("6 digits. Leave it empty if it is not known."),
                    check=check_postcode,
                    is_optional=True,
                ),
            ),
            advice=advise_place,
            arranged=arranged_place,
        ),
        Step(
            name="street",
            title=N_("Street and room"),
            question=N_("To which door?"),
            reason=N_("The courier reads this line at the gate."),
            fields=(
                Field(
                    "street",
                    FIELD_WORDS["street"],
                    N_("Street, number, building, room. Keep the buyer's own spelling."),
                    "lines",
                    check=check_street,
                    is_personal=True,
                ),
            ),
            advice=advise_street,
        ),
        Step(
            name="receiver",
            title=N_("Receiver"),
            question=N_("Who takes it in?"),
            reason=N_("The courier calls this number from the door."),
            fields=(
                Field(
                    "name",
                    N_("Name"),
                    N_("The name at the door, not the account name."),
                    check=check_name,
                    is_personal=True,
                ),
                Field(
                    "phone",
                    N_("Phone"),
                    N_("A mobile number has 11 digits. A masked number stays as it is."),
                    check=check_phone,
                    is_personal=True,
                ),
            ),
            arranged=arranged_people,
        ),
        Step(
            name="check",
            title=N_("Check"),
            question=N_("Is the address right now?"),
            reason=N_("What the buyer wrote is kept. You can undo this until picking begins."),
            fields=(
                Field(
                    "verdict",
                    N_("What next"),
                    N_("Choose the second when you are not sure."),
                    "choice",
                    choices=verdicts,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
)
