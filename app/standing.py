"""Keys an order sheet always has, where they make sense: no exception and no guide asks for them."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.accept_return import AcceptReturn
from app.commands.cancel import Cancel
from app.commands.cancel_visit import CancelVisit
from app.commands.finish_visit import FinishVisit
from app.commands.put_back import PutBack
from app.commands.restore import Restore
from app.domain.aftersale import ReturnState
from app.domain.company import today_of
from app.domain.order import EDITABLE, Order, Status
from app.text import N_


def standing(order: Order, facts: Facts) -> tuple[tuple[str, str, str, Command, bool], ...]:
    """Return verb, label, key, command, and whether it makes sense now."""
    user, visit = facts.by.user, order.visit
    comes = visit is not None and not visit.is_done
    is_over = visit is not None and comes and visit.day <= today_of(facts.shop_of(order), facts.now)
    waiting = (case for case in order.returns if case.state is ReturnState.REQUESTED)
    asked = next((case.id for case in waiting if case.opened_by != user), "")
    return (
        ("accept_return", N_("Accept return"), "Y", AcceptReturn(order=order.id, case=asked), bool(asked)),
        ("cancel", N_("Cancel order"), "D", Cancel(order=order.id, reason=""), order.status in EDITABLE),
        (
            "put_back",
            N_("Take back"),
            "R",
            PutBack(order=order.id),
            order.status is Status.REPLACED or (bool(order.made_from) and order.status in EDITABLE),
        ),
        ("finish_visit", N_("Installed"), "Shift+V", FinishVisit(order=order.id), is_over),
        ("cancel_visit", N_("Call off visit"), "Shift+D", CancelVisit(order=order.id), comes),
        ("restore", N_("Restore"), "R", Restore(order=order.id), order.status is Status.CANCELLED),
    )
