"""Settle an exchange or a re-shipment: a new order of the same goods that costs nothing."""

from __future__ import annotations

from app.command import NO_CASE, NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain import sourcing
from app.domain.aftersale import IS_REPLACED, TO_SETTLE, Origin, ReturnCase
from app.domain.aftersale_events import ReplacementSent
from app.domain.events import OrderReceived
from app.domain.order import ChannelState, Line, Order
from app.domain.refund import replaced_lines
from app.domain.values import Keys, order_key
from app.text import N_


class SendReplacement(Command, frozen=True, kw_only=True):
    """`replacement` is the new order's id, as the case names it."""

    order: str
    case: str
    replacement: str


def needs(command: SendReplacement) -> Keys:
    """Name the order and the one that will replace its goods."""
    return frozenset({order_key(command.order), order_key(command.replacement)})


def decide(command: SendReplacement, facts: Facts) -> Decided:
    """Make the order; its stock is promised with it, so it is refused while there is none.

    Refuses: `no_order`, `no_case`, `not_ready`, `unchanged`, `not_matched`, `no_lines`, `short`.
    Source: capabilities 5, exchange; capabilities 1, a re-shipment equals the original by design.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    case = order.case(command.case)
    if case is None:
        return NO_CASE
    if case.kind not in IS_REPLACED or case.state not in TO_SETTLE:
        return refuse(
            "not_ready", N_("Nothing is to be replaced now. Accept the case and grade the goods first.")
        )
    if facts.order(command.replacement) is not None or command.replacement != case.next_replacement:
        return refuse("unchanged", N_("The replacement is here already. Nothing to do."))
    lines = replaced_lines(order, case)
    if not lines:
        return refuse("no_lines", N_("No piece came back, so none is replaced. Settle the case with money."))
    if not all(line.sku for line in lines):
        return refuse("not_matched", N_("An article is not matched. Settle the case with money."))
    new = _replacement(order, case, command.replacement, lines, facts)
    warehouses = facts.warehouses_of(order)
    if not sourcing.choose(new, warehouses, facts.free):
        short = sum(sourcing.missing(new, warehouses, facts.free).values())
        return refuse(
            "short",
            N_("{short} pieces are missing in every warehouse. Wait, or give money back."),
            short=short,
        )
    made = ReplacementSent(order=order.id, case=case.id, replacement=new.id, number=new.number, at=facts.now)
    return [OrderReceived(content=new), made]


def _replacement(order: Order, case: ReturnCase, id: str, lines: tuple[Line, ...], facts: Facts) -> Order:
    made = sum(one.attempts for one in order.returns)
    return Order(
        id=id,
        number=f"{order.number}-R{made + 1}",
        shop=order.shop,
        ext_id=order.ext_id,
        channel_state=ChannelState.TO_SHIP,
        currency=order.currency,
        receiver=order.receiver,
        region=order.region,
        lines=lines,
        ordered_at=facts.now,
        received_at=facts.now,
        maker=facts.by.user,
        makes_good=Origin(order.id, case.id, order.number),
    )


def inverse(command: SendReplacement, _facts: Facts) -> Undo | None:
    """Withdraw it, as long as the warehouse has not begun."""
    args = {"order": command.order, "case": command.case, "replacement": command.replacement}
    return Undo("withdraw_replacement", args)


SPEC = Spec(
    "send_replacement",
    SendReplacement,
    needs,
    decide,
    Authority.HUB,
    changes=("returns",),
    inverse=inverse,
    touches=False,
)
