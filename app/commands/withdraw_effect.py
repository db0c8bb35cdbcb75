"""Take back what was to be done once more in the world outside, as long as nobody has begun."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.effect import Effect, EffectState, Held, effect_key, held_of
from app.domain.events import EffectWithdrawn
from app.domain.values import Keys, order_key
from app.text import N_


class WithdrawEffect(Command, frozen=True, kw_only=True):
    order: str
    key: str


def needs(command: WithdrawEffect) -> Keys:
    """Name the effect and its order."""
    return frozenset({order_key(command.order), effect_key(command.key)})


def decide(command: WithdrawEffect, facts: Facts) -> Decided:
    """Leave it as it was before somebody asked for it again.

    Refuses: `no_order`, `too_late`.
    Source: capabilities 5.3, effects leave after the time to take them back.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    held, effect = held_of(order.held, command.key), facts.row(effect_key(command.key))
    if held is None or not isinstance(effect, Effect) or not _is_waiting(effect.state, held, facts):
        return refuse("too_late", N_("It is on its way already. Wait for what they answer."))
    return [EffectWithdrawn(order=order.id, outcome=held.was)]


def _is_waiting(state: EffectState, held: Held, facts: Facts) -> bool:
    """Tell whether nobody has begun: what is to be looked up first is unknown meanwhile."""
    return state is EffectState.TODO or (state is EffectState.UNKNOWN and facts.now < held.until)


def inverse(command: WithdrawEffect, _facts: Facts) -> Undo | None:
    """Ask for it again."""
    return Undo("redo_effect", {"order": command.order, "key": command.key})


SPEC = Spec("withdraw_effect", WithdrawEffect, needs, decide, Authority.HUB, inverse=inverse, touches=False)
