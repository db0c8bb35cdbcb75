"""Say on which days nobody works, and on which days of rest one works all the same."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, publish, refuse
from app.domain.company import Holidays, is_code, is_title
from app.domain.values import Keys
from app.text import N_

DAYS_MOST = 400
"""Some years of public holidays; a calendar never closes a whole year."""


class SetHolidays(Command, frozen=True, kw_only=True):
    """`holidays.rev` is the revision the person started from, 0 for a new calendar."""

    holidays: Holidays


def needs(command: SetHolidays) -> Keys:
    """Name the calendar."""
    return frozenset({("holidays", command.holidays.code)})


def decide(command: SetHolidays, facts: Facts) -> Decided:
    """Publish the calendar under its next revision, its days in order.

    Refuses: `bad_code`, `bad_title`, `bad_days`, `stale_content`, `unchanged`.
    """
    asked = command.holidays
    if asked.code not in facts.refs.holidays and not is_code(asked.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(asked.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if set(asked.closed) & set(asked.worked):
        return refuse("bad_days", N_("A day is either closed or worked. Take it out of one list."))
    if len(asked.closed) + len(asked.worked) > DAYS_MOST:
        return refuse("bad_days", N_("No more than 400 days in one calendar. Take out old years."))
    ordered = msgspec.structs.replace(
        asked, closed=tuple(sorted(set(asked.closed))), worked=tuple(sorted(set(asked.worked)))
    )
    return publish("holidays", asked.code, ordered, facts)


def inverse(command: SetHolidays, facts: Facts) -> Undo | None:
    """Publish the calendar as it was; a new one is emptied."""
    asked = command.holidays
    before = facts.refs.holidays.get(asked.code)
    if before is None:
        empty = msgspec.structs.replace(asked, rev=asked.rev + 1, closed=(), worked=())
        return Undo("set_holidays", {"holidays": empty})
    return Undo("set_holidays", {"holidays": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_holidays", SetHolidays, needs, decide, Authority.HUB, inverse=inverse, touches=False)
