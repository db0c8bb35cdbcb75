"""Do once more what did not happen in the world outside."""

from __future__ import annotations

from datetime import datetime

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.effect import HOLD, EffectState, outcome_of
from app.domain.events import EffectAskedAgain
from app.text import N_


class RedoEffect(Command, frozen=True, kw_only=True, omit_defaults=True):
    """`looks`: nobody has made sure that it did not happen, so that is asked first.

    `known_at`: since when what the person acts on was known; None from a desk that does not say.
    """

    order: str
    key: str
    looks: bool = False
    known_at: datetime | None = None


def decide(command: RedoEffect, facts: Facts) -> Decided:
    """Ask for it again; unless it is looked up, the person has made sure. It may still be taken back.

    Refuses: `no_order`, `no_effect`, `done`, `overtaken`.
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
    if command.known_at is not None and command.known_at != outcome.at:
        return refuse("overtaken", N_("It was tried again meanwhile. Look once more whether it arrived."))
    until = facts.now + HOLD
    return [EffectAskedAgain(order=order.id, key=command.key, until=until, looks=command.looks)]


def inverse(command: RedoEffect, _facts: Facts) -> Undo | None:
    """Withdraw it before it leaves."""
    return Undo("withdraw_effect", {"order": command.order, "key": command.key})


SPEC = Spec("redo_effect", RedoEffect, order_of, decide, Authority.HUB, inverse=inverse, touches=False)
