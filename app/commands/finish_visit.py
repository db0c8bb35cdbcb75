"""Note that something was installed, or that it was not after all."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.company import today_of
from app.domain.events import VisitFinished
from app.text import N_


class FinishVisit(Command, frozen=True, kw_only=True):
    """`is_done` False takes it back."""

    order: str
    is_done: bool = True


def decide(command: FinishVisit, facts: Facts) -> Decided:
    """Keep that somebody was there.

    Refuses: `no_order`, `no_visit`, `unchanged`, `too_early`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    visit = order.visit
    if visit is None:
        return refuse("no_visit", N_("No visit is planned. Plan one first."))
    if visit.is_done == command.is_done:
        return refuse("unchanged", N_("It is noted so already. Nothing to do."))
    if command.is_done and visit.day > today_of(facts.shop_of(order), facts.now):
        return refuse("too_early", N_("The visit is on a later day. Move it first, if they came today."))
    return [VisitFinished(order=order.id, visit=msgspec.structs.replace(visit, is_done=command.is_done))]


def inverse(command: FinishVisit, _facts: Facts) -> Undo | None:
    """Note the opposite."""
    return Undo("finish_visit", {"order": command.order, "is_done": not command.is_done})


SPEC = Spec(
    "finish_visit",
    FinishVisit,
    order_of,
    decide,
    Authority.DESK,
    changes=("visit",),
    inverse=inverse,
    touches=False,
)
