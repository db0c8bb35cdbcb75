"""Days and times inside a sentence, in the house's form; the widgets say them in the language on screen."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.text import N_, Text

_MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)


def day_said(on: date) -> Text:
    """Say a day without its year: 6月13日, 13 Jun."""
    return Text(N_("{day} {month}"), {"day": on.day, "month": Text(_MONTHS[on.month - 1])})


def moment_said(at: datetime, zone: str) -> Text:
    """Say a moment by the clocks of a zone, with its day: what is kept is read on other days too."""
    there = at.astimezone(ZoneInfo(zone))
    return Text("{day} {time}", {"day": day_said(there.date()), "time": f"{there:%H:%M}"})
