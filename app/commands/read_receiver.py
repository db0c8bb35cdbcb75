"""Note that somebody reads a receiver in full, and why: before it is shown."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.duty import REASON_MOST
from app.domain.events import ReceiverRead
from app.text import N_


class ReadReceiver(Command, frozen=True, kw_only=True):
    """`reason`: what for, in a few words."""

    order: str
    reason: str


def decide(command: ReadReceiver, facts: Facts) -> Decided:
    """Keep who reads whose name, number and street, and what for; nothing else changes.

    Refuses: `no_order`, `no_reason`, `long_reason`.
    Source: capabilities 2, each decryption is logged; sync.md section 11.
    """
    if facts.order(command.order) is None:
        return NO_ORDER
    reason = command.reason.strip()
    if not reason:
        return refuse("no_reason", N_("Say in a few words what you need it for."))
    if len(reason) > REASON_MOST:
        return refuse("long_reason", N_("That is too long. Say it in one sentence."))
    return [ReceiverRead(order=command.order, reason=reason, by=facts.by.user)]


SPEC = Spec("read_receiver", ReadReceiver, order_of, decide, Authority.DESK, touches=False)
