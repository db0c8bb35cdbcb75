"""The world outside said no: a channel or carrier did not take what it was sent."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.effect import EffectState, first_in
from app.domain.order import Order
from app.repairs import sent_again, taken_as_done
from app.snag import Finding, Kind, Repair
from app.text import N_


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an effect that was rejected. Source: sync.md section 10."""
    outcome = first_in(order.effects, EffectState.REJECTED)
    return Finding(outcome.text) if outcome is not None else None


KIND = Kind(
    code="writeback_failed",
    title=N_("Not taken"),
    hint=N_("Read what they answered, put it right with the channel or carrier, then send it again."),
    severity="bad",
    rank=27,
    found=found,
    repairs=(
        Repair(
            "redo",
            N_("Send again"),
            sent_again(EffectState.REJECTED),
            N_("They rejected it, so nothing happened there yet."),
        ),
        Repair(
            "settle",
            N_("Done by hand"),
            taken_as_done(EffectState.REJECTED),
            N_("Nothing is sent again. The history keeps who did it. It cannot be undone."),
        ),
    ),
    blocks=False,
    after_sales=True,
    stops=(Wait.PLATFORM,),
    goal_min=60,
)
