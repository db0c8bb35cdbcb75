"""Say that something has happened in the world outside: a person has looked, or done it by hand."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.effect import EffectState, outcome_of
from app.domain.events import EffectRecorded
from app.text import N_, Text


class SettleEffect(Command, frozen=True, kw_only=True):
    order: str
    key: str


def decide(command: SettleEffect, facts: Facts) -> Decided:
    """Take the person's word for it; it is never done again.

    Refuses: `no_order`, `no_effect`, `done`.
    Source: sync.md section 10, unknown outcomes are decided by a person where no look-up can.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    outcome = outcome_of(order.effects, command.key)
    if outcome is None:
        return refuse("no_effect", N_("Nothing like this was to be done. Look at the order again."))
    if outcome.state is EffectState.DONE:
        return refuse("done", N_("It has happened meanwhile. Nothing to do."))
    settled = msgspec.structs.replace(
        outcome,
        state=EffectState.DONE,
        text=Text(N_("Seen to by hand: {key}"), {"key": outcome.key}),
        at=facts.now,
        by=facts.by.user,
    )
    return [EffectRecorded(order=order.id, outcome=settled)]


SPEC = Spec("settle_effect", SettleEffect, order_of, decide, Authority.HUB, touches=False)
