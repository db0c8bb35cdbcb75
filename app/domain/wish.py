"""A wish that a buyer's note says and nothing else: a day to send it on, a carrier not to take.

Only whole notes are read: whoever writes more than a wish means more than its fields can hold.
Source: capabilities 15, note_request, the recognised wish turned into fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

NOTE_MOST = 60
"""A longer note says more than a wish. Units: characters."""
AHEAD_MOST_D = 60
"""A day further away is a slip of the pen, or of next year. Units: days."""
YEAR_D = 366
_DAY = timedelta(days=1)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORT = 3
"""Letters of a month that is not written out."""
_MONTH = "|".join(f"{name}|{name[:_SHORT]}" for name in _MONTHS)
_ON = (
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日号]",
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?P<name>{_MONTH})(?P<year>\d{{4}})?",
    rf"(?P<name>{_MONTH})(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?P<year>\d{{4}})?",
)
_POLITE = r"(?:请|麻烦|烦请)?"
_SEND = r"(?:发货|发出|发|寄出|寄)(?:吧|哦|谢谢)*"
_WHOLE = tuple(
    re.compile(form.replace("<on>", on))
    for on in _ON
    for form in (
        _POLITE + r"(?:等到|等|在|于)?<on>(?P<after>之后|以后|过后|后)?(?:再|起|开始|当天)?" + _SEND,
        r"(?:please)?(?:ship|send|dispatch)(?:it)?(?:on|from|(?P<after>after)|notbefore)<on>(?:please|thanks)?",
        r"(?:please)?(?:hold|wait)(?:it)?until<on>(?:please|thanks)?",
    )
)
_NOT_WITH = re.compile(
    _POLITE + r"(?:不要|别|勿|不)(?:发|用|走|寄)(?P<zh>\w+?)(?:吧|哦|谢谢)*"
    r"|(?:please)?(?:not(?:by|with)?|no)(?P<en>\w+?)(?:please|thanks)?"
)
_NOISE = re.compile(r"[\s,.!;:。，！；：~、]+")
_KIND = re.compile(r"(?:快递|快运|速运|物流)$")


def wished_day(note: str, written_on: date, today: date) -> date | None:
    """Return the first day a note allows it to leave on; None where it is no such wish, or the day is near.

    A day without its year or month is the next of that name after it was written. "After the 5th" is the 6th:
    who means the 5th too is served as well.
    """
    for form in _WHOLE:
        said = form.fullmatch(_bare(note))
        if said is None:
            continue
        parts = said.groupdict()
        on = _next(parts, written_on)
        if on is not None and parts.get("after"):
            on += _DAY
        return on if on is not None and today < on <= today + AHEAD_MOST_D * _DAY else None
    return None


def unwanted(note: str, titles: Mapping[str, str]) -> str:
    """Return the code of the carrier that shall not take it; empty where none is named for certain.

    `titles` are the names of carriers by code; what they all end in, 快递 and the like, may be left out.
    """
    said = _NOT_WITH.fullmatch(_bare(note))
    if said is None:
        return ""
    name = _KIND.sub("", said["zh"] or said["en"])
    meant = [code for code, title in titles.items() if name in (_KIND.sub("", _bare(title)), _bare(code))]
    return meant[0] if name and len(meant) == 1 else ""


def _bare(text: str) -> str:
    """Return what is written without blanks and stops, in small letters; nothing of what is too long."""
    folded = unicodedata.normalize("NFKC", text[: NOTE_MOST + 1]).lower()
    return _NOISE.sub("", folded) if len(folded) <= NOTE_MOST else ""


def _next(parts: Mapping[str, str | None], since: date) -> date | None:
    """Return the next day of that name from a day on."""
    day, year = int(parts["day"] or 0), int(parts.get("year") or 0)
    name, number = parts.get("name"), int(parts.get("month") or 0)
    month = [one[:_SHORT] for one in _MONTHS].index(name[:_SHORT]) + 1 if name else number
    days = (since + n * _DAY for n in range(YEAR_D))
    return next(
        (one for one in days if one.day == day and month in (0, one.month) and year in (0, one.year)), None
    )
