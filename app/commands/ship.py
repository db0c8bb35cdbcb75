"""Hand the parcel to the carrier: the stock leaves the house."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import OrderShipped, SourceShipped, StatusChanged, StockShipped
from app.domain.order import DEAD, Status
from app.domain.relations import roots
from app.lotting import RECALLED_TEXT, leaving, recalled_in
from app.text import N_


class Ship(Command, frozen=True, kw_only=True):
    order: str
    carrier: str
    tracking_no: str
    told_by: str = ""
    """The system that sent the parcel; what a desk says of it does not count."""


def decide(command: Ship, facts: Facts) -> Decided:
    """Ship a packed order.

    Refuses: `no_order`, `not_packed`, `on_hold`, `called_off`, `refund_asked`, `moved`, `recalled`,
        `no_tracking`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status is not Status.PACKED:
        return refuse("not_packed", N_("This order is not packed. Pack it first."))
    if order.pause is not None:
        return refuse("on_hold", N_("This order is on hold. Put it aside until it is resumed."))
    if order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. Put the goods back."))
    if order.snag("refund_requested") is not None:
        return refuse(
            "refund_asked", N_("The buyer asked for the money back. Put it aside until a clerk has decided.")
        )
    if order.snag("address_changed") is not None:
        return refuse("moved", N_("The buyer changed the address. Put it aside until a clerk has decided."))
    if (recalled := recalled_in(order, facts)) is not None:
        return refuse("recalled", RECALLED_TEXT, lot=recalled.no)
    carrier, tracking_no = command.carrier.strip(), command.tracking_no.strip()
    if not carrier or not tracking_no:
        return refuse("no_tracking", N_("Carrier and tracking number are needed. Scan the label."))
    sources = [root.id for root in roots(order, facts.order)] if order.made_from else []
    taken, lots = leaving(order, facts)
    return [
        *taken,
        StockShipped(order=order.id, items=order.reserved, lots=lots),
        OrderShipped(
            order=order.id,
            carrier=carrier,
            tracking_no=tracking_no,
            told_by="" if facts.by.role.person else command.told_by,
        ),
        *(
            SourceShipped(order=source, parcel=order.id, carrier=carrier, tracking_no=tracking_no)
            for source in sources
        ),
        StatusChanged(order=order.id, before=order.status, after=Status.SHIPPED, at=facts.now),
    ]


SPEC = Spec("ship", Ship, order_of, decide, Authority.HUB, touches=False, offline=True)
