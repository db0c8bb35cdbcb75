"""Which exception a verb is about, who has claimed it, and what that keeps others from.

Source: capabilities 5, claim is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from app.command import NO_ORDER, NO_SNAG, Facts, Refusal, refuse
from app.domain import events as e
from app.domain.duty import LEADS
from app.domain.order import Order, Snag, Status
from app.domain.values import Keys, order_key, snag_key
from app.text import N_

Kept = Mapping[tuple[str, str], str]
"""(order, type) of exceptions, and who keeps each of them from whoever asks."""
_TAKEN = N_("{who} works on this exception. Take the next one; once it is late, a lead may take it over.")


class AboutSnag(Protocol):
    """A verb about one exception: of an order, or of a delivery or a command, which are cases."""

    @property
    def order(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def case(self) -> str: ...


def subject_of(command: AboutSnag) -> Keys:
    """Name the row that has the exception: the usual `needs` of a verb about one."""
    return frozenset({snag_key(command.case) if command.case else order_key(command.order)})


def about(command: AboutSnag) -> dict[str, str]:
    """Name the exception of a command for its events, and for what takes it back."""
    return {"order": command.order, "kind": command.kind, "case": command.case}


def snag_of(command: AboutSnag, facts: Facts) -> Snag | Refusal:
    """Return the open exception a command is about.

    Refuses: `no_order`, `no_snag`.
    """
    if command.case:
        case = facts.case(command.case)
        return case.snag if case is not None and case.is_open and case.snag.kind == command.kind else NO_SNAG
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    return order.snag(command.kind) or NO_SNAG


def keeper(snag: Snag, facts: Facts) -> str:
    """Return who has claimed an exception and keeps it from whoever asks; empty: nobody.

    A claim lapses after some hours; what stands before the lead may be taken over by one.
    """
    if snag.claimed_at is None or snag.owner == facts.by.user:
        return ""
    if facts.now >= snag.claimed_at + timedelta(hours=facts.rules.claim_h):
        return ""
    if snag.escalation is not None and facts.by.role in LEADS:
        return ""
    return snag.owner


def no_claim(snag: Snag, facts: Facts) -> Refusal | None:
    """Refuse what only whoever has an exception may do with it.

    Refuses: `claimed`.
    """
    who = keeper(snag, facts)
    return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=who) if who else None


def no_work(snag: Snag, facts: Facts) -> Refusal | None:
    """Refuse work on what somebody else has; unlike a claim that came second, it is not lost silently.

    Refuses: `taken`.
    """
    who = keeper(snag, facts)
    return taken_from(who) if who else None


def taken_from(who: str) -> Refusal:
    """Refuse work on an exception because of whoever has it."""
    return refuse("taken", _TAKEN, who=who)


def kept_from(orders: Iterable[Order | None], facts: Facts) -> Kept:
    """Return the exceptions of orders that others keep from whoever asks."""
    return {
        (order.id, snag.kind): who
        for order in orders
        if order is not None and order.snags
        for snag in order.snags
        if (who := keeper(snag, facts))
    }


def taken(kept: Kept, news: Sequence[e.Event], facts: Facts) -> Refusal | None:
    """Refuse work on what somebody else has: what was given for it, or ends it while its order goes on.

    Refuses: `taken`.
    """
    ended = {(event.order, event.kind) for event in news if isinstance(event, e.SnagCleared)}
    for (of, kind), who in kept.items():
        order = facts.order(of)
        goes_on = order is not None and order.status is not Status.CANCELLED
        if facts.because == kind or (goes_on and (of, kind) in ended):
            return taken_from(who)
    return None
