"""What a GS1-128 or GS1 DataMatrix code says: article, lot, and until when it keeps. Pure.

Scanners send it with brackets, `(01)…(17)…(10)…`, or as it is printed: the name of the symbol first (`]C1`,
`]d2`), a group separator behind what has no fixed length.
Source: GS1 General Specifications, sections 3 (application identifiers) and 7.8 (separators), 7.12 (days).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import msgspec

from app.text import N_

GS = "\x1d"
_SYMBOLS = ("]C1", "]d2", "]Q3", "]e0", "]J1")
_FIXED = {
    "00": 18, "01": 14, "02": 14, "03": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
    **{f"3{n}": 8 for n in range(1, 7)}, "41": 14,
}  # fmt: skip
"""Digits that follow the first two of an identifier: of `31` to `36` and `41` the rest of it, too."""
_FREE = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "250": 30, "400": 30}
_BRACKETS = re.compile(r"\((\d{2,4})\)([^()]*)")
CODE_MOST = 200


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """`gtin` has 14 digits; `fault` says what is wrong with the code, if anything."""

    gtin: str = ""
    lot: str = ""
    best_before: date | None = None
    fault: str = ""


def scanned(code: str) -> Scanned | None:
    """Read a code; None where it is none of GS1's, so that it means whatever it did before."""
    text = code.strip().strip(GS)
    if len(text) > CODE_MOST:
        return None
    symbol = next((one for one in _SYMBOLS if text.startswith(one)), "")
    text = text.removeprefix(symbol)
    is_bracketed = bool(re.match(r"\(\d{2,4}\)", text))
    is_bare = len(text) > 16 and text.startswith("01") and has_right_check_digit(text[2:16])
    if not (symbol or is_bracketed or GS in text or is_bare):
        return None
    parts = list(_bracketed(text) if is_bracketed else _plain(text.strip(GS)))
    if not parts or ("", "") in parts:
        return Scanned(fault=N_("This code cannot be read to its end. Scan it again."))
    return _meant(parts)


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    if _BRACKETS.sub("", text).strip():
        yield "", ""
    for name, value in _BRACKETS.findall(text):
        yield name, value.strip().strip(GS)


def _plain(text: str) -> Iterator[tuple[str, str]]:
    """Take one part after the other; ("", "") where nobody knows how long the next one is."""
    while text:
        name = text[:2]
        if name in _FIXED:
            end = 2 + _FIXED[name]
            value, text = text[2:end], text[end:].removeprefix(GS)
            if len(value) < end - 2:
                yield "", ""
                return
            yield name, value
            continue
        name = next((text[:n] for n in (2, 3) if text[:n] in _FREE), "")
        if not name:
            yield "", ""
            return
        value, _, text = text[len(name) :].partition(GS)
        yield name, value


def _meant(parts: list[tuple[str, str]]) -> Scanned:
    gtin = lot = ""
    days: list[date] = []
    for name, value in parts:
        if name in ("01", "02"):
            if not has_right_check_digit(value) or len(value) != 14:
                return Scanned(fault=N_("The check digit is wrong. Scan it again."))
            gtin = value
        elif name == "10":
            if not value or len(value) > _FREE["10"]:
                return Scanned(fault=N_("This code cannot be read to its end. Scan it again."))
            lot = value
        elif name in ("15", "17"):
            day = _day(value)
            if day is None:
                return Scanned(fault=N_("The date in this code is none. Read the carton."))
            days.append(day)
    return Scanned(gtin=gtin, lot=lot, best_before=min(days, default=None))


def _day(value: str) -> date | None:
    """Read YYMMDD; day 00 is the last one of its month."""
    if not re.fullmatch(r"[0-9]{6}", value):
        return None
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        return None
    return date(year, month, day or monthrange(year, month)[1])


def has_right_check_digit(digits: str) -> bool:
    """Tell whether the last digit of a GTIN follows from the others."""
    if not re.fullmatch(r"[0-9]{8,14}", digits):
        return False
    weighed = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(reversed(digits)))
    return weighed % 10 == 0


def barcodes_of(gtin: str) -> tuple[str, ...]:
    """Return how an article with this number may be written down: with 14 digits, 13, 12 or 8."""
    shorter = (gtin[14 - digits :] for digits in (13, 12, 8) if not int(gtin[: 14 - digits] or 0))
    return (gtin, *shorter) if gtin else ()
