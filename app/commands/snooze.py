"""Put an exception off: until a time, or until whoever is waited for has done something."""

from __future__ import annotations

from datetime import datetime

from app.claims import about, no_claim, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain import duty
from app.domain.clock import WAIT_TITLES, Wait
from app.domain.events import SnagSnoozed
from app.text import N_


class Snooze(Command, frozen=True, kw_only=True):
    """`wait` is a `clock.Wait`, empty for none; `until` is when it comes back at the latest."""

    order: str = ""
    kind: str
    case: str = ""
    until: datetime
    wait: str = ""


def decide(command: Snooze, facts: Facts) -> Decided:
    """Take it out of the list; its clock stands still only where its type may wait for that.

    Refuses: `no_order`, `no_snag`, `claimed`, `asleep`, `past`, `too_long`, `no_wait`.
    Source: capabilities 5, pauses only for named reasons; capabilities 15.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if (kept := no_claim(snag, facts)) is not None:
        return kept
    if snag.snooze is not None:
        return refuse("asleep", N_("It is put off already. Wake it first."))
    if command.until <= facts.now:
        return refuse("past", N_("That time is over. Choose a later one."))
    if command.until > facts.now + duty.SNOOZE_MOST:
        return refuse("too_long", N_("That is too far away. Choose a day within a month."))
    if command.wait and command.wait not in WAIT_TITLES:
        return refuse("no_wait", N_("Nobody waits for that. Choose one of the list."))
    if command.wait == Wait.STOCK and not any(one.startswith("stock:") for one in snag.waits_for):
        return refuse("no_wait", N_("Nothing is missing here. Choose a time instead."))
    snooze = duty.Snooze(by=facts.by.user, at=facts.now, until=command.until, wait=command.wait)
    stops = command.wait in snag.may_stop
    return [SnagSnoozed(**about(command), snooze=snooze, stops=stops)]


def inverse(command: Snooze, _facts: Facts) -> Undo | None:
    """Put it back into the list."""
    return Undo("wake", about(command))


SPEC = Spec("snooze", Snooze, subject_of, decide, Authority.DESK, inverse=inverse)
