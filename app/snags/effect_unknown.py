"""Something was asked of the world outside, and nobody knows whether it happened."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.effect import EffectState, first_in
from app.domain.order import Order
from app.repairs import sent_again, taken_as_done
from app.snag import Finding, Kind, Repair
from app.text import N_


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an effect that only a person can clear up. Source: sync.md section 10, unknown is a state."""
    outcome = first_in(order.effects, EffectState.UNKNOWN)
    return Finding(outcome.text) if outcome is not None else None


KIND = Kind(
    code="effect_unknown",
    title=N_("Outcome unknown"),
    hint=N_("Look in the system of the channel or carrier whether it arrived, then say so here."),
    severity="bad",
    rank=27,
    found=found,
    repairs=(
        Repair(
            "settle",
            N_("It arrived"),
            taken_as_done(EffectState.UNKNOWN),
            N_("Nothing is sent again. The history keeps who looked. It cannot be undone."),
        ),
        Repair(
            "redo",
            N_("Send again"),
            sent_again(EffectState.UNKNOWN),
            N_("Only when you have seen that it is not there: sent twice, it may count twice."),
        ),
    ),
    blocks=False,
    after_sales=True,
    stops=(Wait.PLATFORM,),
    goal_min=60,
)
