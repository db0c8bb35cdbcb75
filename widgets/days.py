"""Read a day as people type it: 16, 6-16, 6月16日, 2026-06-16, 明天, 下周二, +3, tue."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_NEAR: Final = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "today": 0, "tomorrow": 1}
_WEEKDAYS: Final = {letter: at for at, letter in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_ENGLISH: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_DAY: Final = re.compile(r"(\d{1,2})[日号]?")
_AWAY: Final = re.compile(r"\+(\d{1,3})")
_WEEK: Final = re.compile(r"(下*)(?:周|星期|礼拜)([一二三四五六日天末])")
_WEEK_ENGLISH: Final = re.compile(r"(next )?([a-z]{3,9})")


def read_day(text: str, today_on: date) -> date | None:
    """The day a text means; a text without a year or month means the next such day from today on."""
    said = text.strip().lower()
    if said in _NEAR:
        return today_on + timedelta(days=_NEAR[said])
    if found := _AWAY.fullmatch(said):
        return today_on + timedelta(days=int(found[1]))
    if found := _FULL.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_DAY.fullmatch(said):
        month, day = int(found[1]), int(found[2])
        return _next([(today_on.year + years, month, day) for years in range(9)], today_on)
    if found := _DAY.fullmatch(said):
        months = (today_on.year * 12 + today_on.month - 1 + ahead for ahead in range(12))
        return _next([(month // 12, month % 12 + 1, int(found[1])) for month in months], today_on)
    return _weekday(said, today_on)


def _weekday(said: str, today_on: date) -> date | None:
    """周二 is the coming one, 下周二 the one of the week after this."""
    if found := _WEEK.fullmatch(said):
        weekday, weeks = _WEEKDAYS[found[2]], len(found[1])
    elif (found := _WEEK_ENGLISH.fullmatch(said)) and found[2][:3] in _ENGLISH:
        weekday, weeks = _ENGLISH.index(found[2][:3]), 1 if found[1] else 0
    else:
        return None
    if weeks:
        monday = today_on - timedelta(days=today_on.weekday())
        return monday + timedelta(days=7 * weeks + weekday)
    return today_on + timedelta(days=(weekday - today_on.weekday()) % 7)


def _next(candidates: list[tuple[int, int, int]], today_on: date) -> date | None:
    days = (_date(*candidate) for candidate in candidates)
    return next((day for day in days if day is not None and day >= today_on), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
