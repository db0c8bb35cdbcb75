"""How the duty of an exception changes: owner, sleep, clock, the lead's attention."""

from __future__ import annotations

import msgspec

from app.domain import duty_events as e
from app.domain.clock import Stop
from app.domain.duty import Escalation, Why
from app.domain.order import Order, Snag

_with = msgspec.structs.replace


def evolve_duty(order: Order, event: e.DutyEvent) -> Order:
    """Apply one event to an open exception of an order.

    Raises:
        LookupError: the order has no such exception.
    """
    snag = order.snag(event.kind)
    if snag is None:
        raise LookupError(f"no {event.kind}")
    changed = evolve_snag(snag, event)
    return _with(order, snags=tuple(changed if one is snag else one for one in order.snags))


def evolve_snag(snag: Snag, event: e.DutyEvent) -> Snag:
    """Apply one event to an open exception, whatever it is of."""
    match event:
        case e.SnagAssigned(to=""):
            nobody = snag.escalation or Escalation(why=Why.NOBODY, at=event.at)
            return _with(snag, owner="", claimed_at=None, escalation=nobody)
        case e.SnagAssigned():
            waits = snag.escalation
            kept = None if waits is not None and waits.why == Why.NOBODY else waits
            return _with(snag, owner=event.to, claimed_at=None, escalation=kept)
        case e.SnagClaimed():
            return _with(snag, owner=event.by, claimed_at=event.at)
        case e.SnagGivenBack():
            declined = tuple(dict.fromkeys(filter(None, (*snag.declined, event.declined_by))))
            return _with(snag, owner=event.to, claimed_at=event.claimed_at, declined=declined)
        case e.SnagSnoozed():
            stop = Stop(wait=event.snooze.wait, since=event.snooze.at)
            return _with(snag, snooze=event.snooze, stops=(*snag.stops, stop) if event.stops else snag.stops)
        case e.SnagWoken():
            return _woken(snag, event)
        case e.SnagEscalated(escalation=escalation):
            if escalation.why == Why.LATE:
                return _with(snag, escalation=escalation)
            return _with(snag, escalation=escalation, owner="", claimed_at=None)
        case e.SnagRecalled():
            return _with(snag, escalation=None, owner=event.to, claimed_at=event.claimed_at)


def _woken(snag: Snag, event: e.SnagWoken) -> Snag:
    if event.times is None:
        return _with(snag, snooze=None)
    *ended, last = snag.stops
    stops = (*ended, _with(last, until=event.at))
    return _with(snag, snooze=None, stops=stops, warn_at=event.times.warn_at, due_at=event.times.due_at)
