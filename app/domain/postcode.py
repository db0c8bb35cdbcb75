"""Judge a postal code: the province's digits are law, the city's usual code is advice."""

from __future__ import annotations

import functools
import re

from app.domain.characters import half_width
from app.domain.gazetteer import Gazetteer
from app.domain.reading import ADDED, DOUBTFUL, KEPT, REPLACED, Part
from app.text import N_, Text

IN_TEXT = re.compile(r"(?:邮编|邮政编码)[:\s]*(\d{6})(?!\d)")
WHOLE = re.compile(r"[0-9]{6}")


def written_postcode(field: str, text: str) -> str:
    """Give the postal code of its field, else the one the text calls so."""
    written = half_width(field).strip() if field else ""
    if written or "邮" not in text:
        return written
    found = IN_TEXT.search(half_width(text))
    return found[1] if found else ""


def is_whole(code: str) -> bool:
    """Tell a postal code from digits that are none."""
    return WHOLE.fullmatch(code) is not None


def judge_postcode(
    written: str, province: str, city: str, usual: str, gazetteer: Gazetteer, *, certain: bool
) -> Part:
    """Judge a postal code against a province and its city's usual code; `certain`: the region agrees.

    Source: capabilities.md section 2, postcode rule and AC 2.2.
    """
    if not written:
        return _usual(usual, city)
    known = gazetteer.prefixes(province)
    whole = is_whole(written)
    if not whole:
        reason = Text(N_("A postal code has 6 digits."))
        if written.isdecimal():
            reason = Text(N_("A postal code has 6 digits, not {count}."), {"count": len(written)})
    elif known and written[:2] not in known:
        params: dict[str, str | int | Text] = {"province": province, "digits": written[:2]}
        reason = Text(N_("No postal code of {province} begins with {digits}."), params)
    elif usual and usual[:3] != written[:3]:
        hint = Text(N_("The usual code of {city} is {code}."), {"city": city, "code": usual})
        return Part("postcode", written, written, KEPT, hint)
    else:
        return Part("postcode", written, written, KEPT)
    if certain and usual and whole:
        return Part("postcode", written, usual, REPLACED, reason)
    return Part("postcode", written, written, DOUBTFUL, reason)


@functools.lru_cache(maxsize=1_024)
def _usual(usual: str, city: str) -> Part:
    """Add the usual code of a city; most addresses bring none, and there are few cities."""
    if not usual:
        return Part("postcode", "", "", KEPT)
    return Part("postcode", "", usual, ADDED, Text(N_("The usual code of {city}."), {"city": city}))
