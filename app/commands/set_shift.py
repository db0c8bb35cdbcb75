"""Set working hours, for the whole company or for one shop or warehouse."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.company import Shift, is_code, is_title, is_zone
from app.domain.values import Keys
from app.text import N_


class SetShift(Command, frozen=True, kw_only=True):
    """`shift.rev` is the revision the person started from, 0 for a new shift."""

    shift: Shift


def needs(command: SetShift) -> Keys:
    """Name the shift."""
    return frozenset({("shift", command.shift.code)})


def decide(command: SetShift, facts: Facts) -> Decided:
    """Publish the shift under its next revision.

    Refuses: `bad_code`, `bad_title`, `bad_zone`, `bad_hours`, `bad_days`, `no_holidays`, `no_place`,
    `stale_content`, `unchanged`.
    """
    shift = command.shift
    wrong = _wrong(shift, facts)
    return wrong if wrong is not None else publish("shift", shift.code, shift, facts)


def _wrong(shift: Shift, facts: Facts) -> Refusal | None:
    refs = facts.refs
    if shift.code not in refs.shifts and not is_code(shift.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(shift.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if not is_zone(shift.zone):
        return refuse("bad_zone", N_("A time zone looks like Asia/Shanghai."))
    if shift.since == shift.until or shift.since.tzinfo is not None or shift.until.tzinfo is not None:
        return refuse("bad_hours", N_("A shift ends at another hour than it begins. Change one."))
    if not shift.days or set(shift.days) - set(range(7)) or len(set(shift.days)) < len(shift.days):
        return refuse("bad_days", N_("Choose the days of the week on which the shift begins."))
    if shift.holidays and shift.holidays not in refs.holidays:
        return refuse("no_holidays", N_("Choose a calendar of holidays that exists."))
    if shift.place and shift.place not in refs.shops and shift.place not in refs.warehouses:
        return refuse("no_place", N_("Choose a shop or a warehouse that exists."))
    return None


def inverse(command: SetShift, facts: Facts) -> Undo | None:
    """Publish the shift as it was; a new one is put out of use."""
    before = facts.refs.shifts.get(command.shift.code)
    if before is None:
        gone = msgspec.structs.replace(command.shift, rev=command.shift.rev + 1, active=False)
        return Undo("set_shift", {"shift": gone})
    return Undo("set_shift", {"shift": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_shift", SetShift, needs, decide, Authority.HUB, inverse=inverse, touches=False)
