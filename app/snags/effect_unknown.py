"""Something was asked of the world outside, and nobody knows whether it happened."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.redo_effect import RedoEffect
from app.commands.settle_effect import SettleEffect
from app.domain.clock import Wait
from app.domain.effect import EffectState, first_in
from app.domain.order import Order
from app.snag import Finding, Kind, Repair
from app.text import N_


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an effect that only a person can clear up. Source: sync.md section 10, unknown is a state."""
    outcome = first_in(order.effects, EffectState.UNKNOWN)
    return Finding(outcome.text) if outcome is not None else None


def settle(order: Order, _facts: Facts) -> Command | None:
    """It has happened."""
    outcome = first_in(order.effects, EffectState.UNKNOWN)
    return SettleEffect(order=order.id, key=outcome.key) if outcome is not None else None


def redo(order: Order, _facts: Facts) -> Command | None:
    """It has not happened."""
    outcome = first_in(order.effects, EffectState.UNKNOWN)
    return RedoEffect(order=order.id, key=outcome.key) if outcome is not None else None


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
            settle,
            N_("Nothing is sent again. The history keeps who looked."),
        ),
        Repair(
            "redo",
            N_("Send again"),
            redo,
            N_("Only when you have seen that it is not there: sent twice, it may count twice."),
        ),
    ),
    blocks=False,
    after_sales=True,
    stops=(Wait.PLATFORM,),
    goal_min=60,
)
