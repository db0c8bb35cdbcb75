"""Close the parcel."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import OrderPacked, StatusChanged
from app.domain.order import DEAD, Status
from app.lotting import RECALLED_TEXT, recalled_in
from app.text import N_


class Pack(Command, frozen=True, kw_only=True):
    """Units: `weight_g` grams, 0 if not weighed."""

    order: str
    weight_g: int = 0


def decide(command: Pack, facts: Facts) -> Decided:
    """Pack an order whose every piece is picked.

    Refuses: `no_order`, `not_picking`, `on_hold`, `called_off`, `moved`, `recalled`, `not_complete`,
        `bad_weight`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status is not Status.PICKING:
        return refuse("not_picking", N_("This order is not being picked. Put it aside."))
    if order.pause is not None:
        return refuse("on_hold", N_("This order is on hold. Put it aside until it is resumed."))
    if order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. Put the goods back."))
    if order.snag("address_changed") is not None:
        return refuse("moved", N_("The buyer changed the address. Put it aside until a clerk has decided."))
    if (recalled := recalled_in(order, facts)) is not None:
        return refuse("recalled", RECALLED_TEXT, lot=recalled.no)
    missing = sum(line.qty - line.picked for line in order.lines)
    if missing:
        return refuse("not_complete", N_("{missing} still missing. Pick first, then pack."), missing=missing)
    if command.weight_g < 0:
        return refuse("bad_weight", N_("A weight is not negative. Weigh again."))
    return [
        OrderPacked(order=order.id, weight_g=command.weight_g, by=facts.by.user),
        StatusChanged(order=order.id, before=order.status, after=Status.PACKED, at=facts.now),
    ]


SPEC = Spec("pack", Pack, order_of, decide, Authority.DESK, touches=False)
