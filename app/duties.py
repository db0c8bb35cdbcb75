"""What time and news do to the duty of exceptions: the clock, the end of a sleep, the way to the lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from app.claims import AboutSnag, about
from app.command import Facts
from app.domain import events as e
from app.domain.clock import Times, Wait, left_of, stopped_at, times
from app.domain.duty import Escalation, Why
from app.domain.evolve import Case
from app.domain.order import Order, Snag
from app.domain.values import Role
from app.domain.working_time import Calendar, calendar_of

_NEWS: Mapping[str, tuple[type[e.Event], ...]] = {
    Wait.CUSTOMER: (e.OrderAmended, e.PaymentReceived, e.ReturnOpened),
    Wait.PLATFORM: (e.OrderAmended, e.PaymentReceived, e.EffectRecorded),
    Wait.CARRIER: (e.ReturnGraded, e.OrderShipped, e.ParcelScanned),
    Wait.PROVIDER: (e.EffectRecorded,),
}
"""What whoever is waited for has done when it is over. Stock that comes changes what is found, or ends it."""
_THEIRS = frozenset({Wait.CUSTOMER, Wait.PLATFORM})
"""Their news come through the channel; what a colleague does is none."""


def calendar_for(place: str, facts: Facts) -> Calendar:
    """Return when a shop is worked for; a delivery or a command is the whole company's."""
    return calendar_of(place, facts.refs.shifts.values(), facts.refs.holidays)


def opening_times(place: str, goal_min: int, facts: Facts) -> Times:
    """Return when an exception that opens now is urgent, and when it is due."""
    return times(calendar_for(place, facts), facts.now, timedelta(minutes=goal_min))


def woken(command: AboutSnag, snag: Snag, facts: Facts) -> e.SnagWoken:
    """Put an exception back into the list; a clock that stood still has as much left as it had."""
    order = facts.order(command.order) if command.order else None
    return _woken(about(command), snag, order.shop if order is not None else "", facts)


def woken_in(order: Order, snag: Snag, facts: Facts) -> e.SnagWoken:
    """Do the same for an exception of an order, where a verb about something else ends its sleep."""
    return _woken({"order": order.id, "kind": snag.kind}, snag, order.shop, facts)


def woken_of(case: Case, facts: Facts) -> e.SnagWoken:
    """Do the same for the exception of a shelf."""
    return _woken({"case": case.id, "kind": case.snag.kind}, case.snag, "", facts)


def _woken(names: Mapping[str, str], snag: Snag, place: str, facts: Facts) -> e.SnagWoken:
    moved = None
    if stopped_at(snag.stops) is not None:
        calendar = calendar_for(place, facts)
        left = left_of(calendar, snag.due_at, snag.stops, facts.now)
        goal = timedelta(minutes=snag.goal_min) or snag.due_at - snag.opened_at
        moved = times(calendar, facts.now, goal, left) if left > timedelta() else _over(snag, facts)
    return e.SnagWoken(**names, at=facts.now, times=moved)


def _over(snag: Snag, facts: Facts) -> Times:
    """Its time was over before the clock stopped: so it stays."""
    return Times(snag.warn_at or facts.now, snag.due_at)


def due_duties(order: Order, news: Sequence[e.Event], facts: Facts) -> Iterator[e.Event]:
    """Yield what follows for the open exceptions of an order after a change, or because time has passed.

    A sleep ends at its time, when whoever is waited for has done something, or when what is wrong is not what
    it was. What is over goes before the lead; whoever has it keeps it. Source: capabilities 5.5.
    """
    mine = [event for event in news if getattr(event, "order", "") == order.id]
    raised = {event.snag.kind for event in mine if isinstance(event, e.SnagRaised)}
    for snag in order.snags:
        is_woken = snag.snooze is not None and (
            snag.kind in raised or _is_answered(snag.snooze.wait, mine, facts)
        )
        names = {"order": order.id, "kind": snag.kind}
        yield from _due(names, snag, order.shop, facts, is_woken=is_woken, is_shared=True)


def due_of_case(case: Case, facts: Facts) -> Iterator[e.Event]:
    """Yield what time does to a delivery or a command; what is one person's own waits for that person."""
    names = {"case": case.id, "kind": case.snag.kind}
    yield from _due(names, case.snag, "", facts, is_woken=False, is_shared=not case.owner)


def _due(
    names: Mapping[str, str], snag: Snag, place: str, facts: Facts, *, is_woken: bool, is_shared: bool
) -> Iterator[e.Event]:
    due_at = snag.due_at
    if snag.snooze is not None:
        is_over = snag.snooze.until is not None and snag.snooze.until <= facts.now
        if not (is_over or is_woken):
            return
        awake = _woken(names, snag, place, facts)
        due_at = awake.times.due_at if awake.times is not None else due_at
        yield awake
    if facts.at_hub and is_shared and snag.escalation is None and due_at <= facts.now:
        yield e.SnagEscalated(**names, escalation=Escalation(why=Why.LATE, at=facts.now))


def _is_answered(wait: str, mine: Sequence[e.Event], facts: Facts) -> bool:
    if wait in _THEIRS and facts.by.role is not Role.CHANNEL:
        return False
    return any(isinstance(event, _NEWS.get(wait, ())) for event in mine)


def next_duty_at(order: Order) -> Iterator[datetime]:
    """Yield when time alone changes something about the duty of an exception."""
    for snag in order.snags:
        yield from _next_of(snag, is_shared=True)


def next_of_case(case: Case, now: datetime) -> datetime | None:
    """Return when time alone changes something about a delivery or a command."""
    found = _next_of(case.snag, is_shared=not case.owner) if case.is_open else ()
    return next((at for at in found if at > now), None)


def _next_of(snag: Snag, *, is_shared: bool) -> Iterator[datetime]:
    if snag.snooze is not None:
        if snag.snooze.until is not None:
            yield snag.snooze.until
    elif is_shared and snag.escalation is None:
        yield snag.due_at
