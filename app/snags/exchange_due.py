"""An exchange or a re-shipment is accepted, and the replacement is not sent yet."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.refund_return import RefundReturn
from app.commands.send_replacement import SendReplacement
from app.domain.aftersale import IS_REPLACED, TO_SETTLE, Refunded, ReturnCase
from app.domain.clock import Wait
from app.domain.order import Order
from app.domain.refund import advised_refund, replaced_lines
from app.domain.sourcing import shortest
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def waiting(order: Order) -> ReturnCase | None:
    """Return the first case whose replacement is due."""
    return next((c for c in order.returns if c.kind in IS_REPLACED and c.state in TO_SETTLE), None)


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a replacement that is due, and say whether there is stock for it.

    Source: capabilities 15, exchange_due; capabilities 5, exchange whose replacement is out of stock.
    """
    case = waiting(order) if order.returns else None
    if case is None:
        return None
    wants: dict[str, int] = {}
    for line in replaced_lines(order, case):
        wants[line.sku] = wants.get(line.sku, 0) + line.qty
    short = shortest(wants, facts.warehouses_of(order), facts.free) if "" not in wants else {}
    params: dict[str, str | int | Text] = {"pieces": sum(wants.values()), "short": sum(short.values())}
    if short:
        waits_for = tuple(sorted(f"stock:{sku}" for sku in short))
        return Finding(Text(N_("Replacement of {pieces} pieces: {short} are missing"), params), waits_for)
    return Finding(Text(N_("Replacement of {pieces} pieces to send"), params))


def send(order: Order, _facts: Facts) -> Command | None:
    """Make the order that replaces the goods."""
    case = waiting(order)
    if case is None:
        return None
    return SendReplacement(order=order.id, case=case.id, replacement=case.next_replacement)


def refund(order: Order, _facts: Facts) -> Command | None:
    """Give money instead."""
    case = waiting(order)
    if case is None:
        return None
    refunds = tuple(Refunded(line, amount) for line, amount in advised_refund(order, case).items())
    return RefundReturn(order=order.id, case=case.id, refunds=refunds)


KIND = Kind(
    code="exchange_due",
    title=N_("Replacement due"),
    hint=N_("Send it when the goods are there. If they stay away, ask the buyer whether money will do."),
    severity="warn",
    rank=22,
    found=found,
    repairs=(
        Repair(
            "send",
            N_("Send replacement"),
            send,
            N_("A new order that costs nothing takes its stock at once. It can be withdrawn."),
        ),
        Repair(
            "refund",
            N_("Refund instead"),
            refund,
            N_("Never more than was paid for each line. It can be taken back."),
        ),
    ),
    form="refund_return",
    blocks=False,
    after_sales=True,
    goal_min=24 * 60,
    stops=(Wait.CARRIER, Wait.STOCK),
)
