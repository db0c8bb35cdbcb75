"""Write down what became of an effect: the channel took it, rejected it, or nobody can tell."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, refuse
from app.domain.effect import FINAL, Effect, EffectState, Outcome, effect_key
from app.domain.events import EffectRecorded
from app.domain.values import Keys, order_key
from app.text import N_, Text


class RecordEffect(Command, frozen=True, kw_only=True):
    """`fence` is the lease under which it was tried; `ref` is what the provider calls it.

    `field` is what of it was rejected.
    """

    key: str
    order: str
    fence: int
    state: EffectState
    text: Text
    ref: str = ""
    field: str = ""


def needs(command: RecordEffect) -> Keys:
    """Name the effect and its order."""
    return frozenset({order_key(command.order), effect_key(command.key)})


def decide(command: RecordEffect, facts: Facts) -> Decided:
    """Believe the worker that held it last.

    Refuses: `no_order`, `no_effect`, `not_final`, `old_fence`.
    Source: sync.md section 10, a result with an old fence is ignored.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    effect = facts.row(effect_key(command.key))
    if not isinstance(effect, Effect) or effect.order != order.id:
        return refuse("no_effect", N_("Nothing like this was to be done. Look at the order again."))
    if command.state not in FINAL:
        return refuse("not_final", N_("This is no outcome. Say done, rejected or unknown."))
    if effect.state is not EffectState.LEASED or effect.fence != command.fence:
        return refuse("old_fence", N_("Another worker has taken this over. Nothing to do."))
    outcome = Outcome(
        key=effect.key,
        kind=effect.kind,
        state=command.state,
        text=command.text,
        at=facts.now,
        ref=command.ref,
        field=command.field,
    )
    return [EffectRecorded(order=order.id, outcome=outcome, fence=command.fence)]


SPEC = Spec("record_effect", RecordEffect, needs, decide, Authority.HUB, touches=False)
