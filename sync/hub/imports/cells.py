"""What stands in one cell, read the way its column is written: money, pieces, shares, times.

A cell that cannot be understood is told by its column's name and what to do, never by what stands in it.
Units: money in minor units of a currency; `reading` is a key of `MONEY`, `TIMES` or `SHARES`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.money import PLACES
from app.text import N_, Text
from sync.channel import MOST_MINOR, Unreadable

MONEY: dict[str, str] = {
    "dot": N_("1,234.50"),
    "comma": N_("1.234,50"),
    "minor": N_("Smallest coins"),
}
TIMES: dict[str, str] = {
    "ymd": N_("Year, month, day"),
    "mdy": N_("Month, day, year"),
    "dmy": N_("Day, month, year"),
    "serial": N_("Spreadsheet number"),
}
SHARES: dict[str, str] = {"share": N_("Share of 1"), "pct": N_("Per cent")}
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
"""Day 0 of a spreadsheet that counts 1900 as a leap year, as all of them do."""
SERIALS = (1, 110_000)
_SIGNS = re.compile(r"[\s\u00a0¥￥$€£₹]|R\$|CNY|RMB|USD|EUR|GBP|BRL|INR|元")
_DOT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?")
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?")
_NOTHING = frozenset({"", "-", "–", "—", "/", "N/A", "n/a", "NULL", "null", "None"})
_DATE = re.compile(
    r"(?P<a>\d{1,4})\s*[-/.年]\s*(?P<b>\d{1,2}|[A-Za-z]{3,9})\s*[-/.月]\s*(?P<c>\d{1,4})日?"
    r"(?:[T\s]*(?P<hour>\d{1,2})[:时](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})(?:[.,]\d+)?秒?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_MONTHS = {
    name: i
    for i, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def is_nothing(cell: str) -> bool:
    """Tell whether a cell says that there is nothing."""
    return cell.strip() in _NOTHING


def money(cell: str, column: str, reading: str, currency: str) -> int:
    """Read an amount, negative ones too; nothing is 0. A fraction of a coin is rounded half up.

    Raises:
        Unreadable: no amount, or beyond all reason.
    """
    value = decimal(cell, column, reading)
    minor = value if reading == "minor" else value.scaleb(PLACES.get(currency, 2))
    if reading == "minor" and minor != minor.to_integral_value():
        # Source: channels.md section 0, reject a fraction in a fen field.
        raise Unreadable(
            Text(
                N_("{column} holds fractions of the smallest coin. Choose another unit."), {"column": column}
            )
        )
    minor = minor.to_integral_value(ROUND_HALF_UP)
    if abs(minor) > MOST_MINOR:
        raise Unreadable(_no_amount(column, reading))
    return int(minor)


def decimal(cell: str, column: str, reading: str) -> Decimal:
    """Read a number as exactly as it stands there; nothing is 0.

    Raises:
        Unreadable: no number in this way of writing.
    """
    text = cell.strip()
    if text in _NOTHING:
        return Decimal(0)
    plain = _SIGNS.sub("", text)
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    is_comma = reading == "comma"
    fits = (_COMMA if is_comma else _DOT).fullmatch(plain)
    if fits is None or not any(c.isdigit() for c in plain) or not plain.isascii():
        raise Unreadable(_no_amount(column, reading))
    try:
        return Decimal(plain.replace(".", "").replace(",", ".") if is_comma else plain.replace(",", ""))
    except InvalidOperation:
        raise Unreadable(_no_amount(column, reading)) from None


def share(cell: str, column: str, reading: str) -> Decimal:
    """Read what part of a price is not asked; between 0 and 1.

    Raises:
        Unreadable: no number, or no such part.
    """
    text = cell.strip()
    value = decimal(text.rstrip("%"), column, "dot")
    if reading == "pct" or text.endswith("%"):
        value /= 100
    if not 0 <= value <= 1:
        raise Unreadable(Text(N_("{column} is no part between nothing and all of it."), {"column": column}))
    return value


def pieces(cell: str, column: str) -> int:
    """Read a whole number of pieces, negative ones too; empty is an error.

    Raises:
        Unreadable: not a whole number.
    """
    text = cell.strip()
    value = decimal(text, column, "dot") if text and text not in _NOTHING else None
    if value is None or value != value.to_integral_value() or abs(value) >= 10**9:
        raise Unreadable(Text(N_("{column} is not a number of pieces."), {"column": column}))
    return int(value)


def moment(cell: str, column: str, reading: str, zone: str) -> datetime | None:
    """Read a time; one without a zone is the shop's own. Nothing is None.

    Raises:
        Unreadable: no date in this order.
    """
    text = cell.strip()
    if text in _NOTHING:
        return None
    at = naive(text, reading)
    if at is None:
        raise Unreadable(
            Text(
                N_("{column} is not a date. Write it like {form}."),
                {"column": column, "form": _EXAMPLES[reading]},
            )
        )
    try:
        return (at if at.tzinfo else at.replace(tzinfo=_zone(zone))).astimezone(UTC)
    except OverflowError:
        raise Unreadable(Text(N_("{column} lies outside of all times."), {"column": column})) from None


_EXAMPLES = {
    "ymd": "2026-06-13 20:30:00", "mdy": "06/13/2026 20:30", "dmy": "13/06/2026 20:30", "serial": "46186.854",
}  # fmt: skip


def naive(text: str, reading: str) -> datetime | None:
    """Read a time as it stands there, with a zone only if it names one; None if it is none."""
    try:
        if reading == "serial" or text.replace(".", "", 1).isdigit():
            return _counted(text, reading)
        found = _DATE.fullmatch(text)
        return _dated(found, reading) if found else None
    except (ValueError, OverflowError):
        return None


def _counted(text: str, reading: str) -> datetime | None:
    """Read a date that is one number: written without signs, a spreadsheet's day, or seconds since 1970."""
    whole = text.partition(".")[0]
    if reading != "serial" and len(whole) in (8, 12, 14) and (compact := _COMPACT.fullmatch(text)):
        year, month, day, hour, minute, second = (int(part) for part in compact.groups(default="0"))
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the shop's
    if len(whole) in (10, 13):
        seconds = int(text[:10])
        return datetime.fromtimestamp(seconds, UTC)
    if SERIALS[0] <= (days := float(text)) <= SERIALS[1] and (reading == "serial" or days > 20_000):
        return FIRST_DAY + timedelta(seconds=round(days * 86_400))
    return None


def _dated(found: re.Match[str], reading: str) -> datetime | None:
    day = _day(found["a"], found["b"], found["c"], reading)
    if day is None:
        return None
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
    at = datetime(*day, hour, int(found["minute"] or 0), int(found["second"] or 0))  # noqa: DTZ001
    return at.replace(tzinfo=_offset(found["zone"])) if found["zone"] else at


def _day(a: str, b: str, c: str, reading: str) -> tuple[int, int, int] | None:
    """Return year, month and day of three parts; a month may be a word."""
    if b.isalpha():
        month = _MONTHS.get(b[:3].lower())
        if month is None:
            return None
        return (int(a), month, int(c)) if len(a) == 4 else (_year(c), month, int(a))
    if len(a) == 4 or reading == "ymd":
        return _year(a), int(b), int(c)
    return (_year(c), int(a), int(b)) if reading == "mdy" else (_year(c), int(b), int(a))


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) <= 2 else 0)


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


@lru_cache(16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _no_amount(column: str, reading: str) -> Text:
    form = {"comma": "128,50", "minor": "12850"}.get(reading, "128.50")
    return Text(N_("{column} is not an amount. Write it like {form}."), {"column": column, "form": form})
