"""The buyer is on the list of those the company does not serve without looking."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.clear_buyer import ClearBuyer
from app.domain.duplicate import block_keys
from app.domain.order import EDITABLE, Order
from app.domain.values import Role, digest
from app.domain.watch import WHAT
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Buyer on the list")
"""Also why it is held, where that is the answer."""


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a phone or a door somebody put on the list; a hidden one is nobody we know.

    Source: capabilities 15, fraud_risk.
    """
    if order.status not in EDITABLE:
        return None
    for key in block_keys(order.receiver, order.region):
        block = facts.block(key)
        if block is not None and block.watch is not None:
            watch, (by, _, _) = block.watch, key.partition(":")
            message = N_("Same phone as one on the list. {what}: {reason}")
            if by == "address":
                message = N_("Same address as one on the list. {what}: {reason}")
            params: dict[str, str | int | Text] = {
                "what": Text(WHAT.get(watch.what, watch.what)),
                "reason": watch.reason,
            }
            return Finding(Text(message, params), digest=digest(order.id, key, watch))
    return None


def clear(order: Order, _facts: Facts) -> Command:
    """Say that the list is wrong."""
    return ClearBuyer(order=order.id)


KIND = Kind(
    code="fraud_risk",
    title=TITLE,
    hint=N_("Read why the buyer is listed and compare the orders. Only a lead lets one of them go."),
    severity="bad",
    rank=1,
    found=found,
    repairs=(
        Repair(
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("The order keeps its stock and waits until somebody resumes it."),
            off=N_("On hold already"),
        ),
        Repair(
            "false_alarm",
            N_("False alarm"),
            answered("fraud_risk"),
            N_("This order goes on; the buyer stays on the list."),
        ),
        Repair(
            "clear_buyer",
            N_("Off the list"),
            clear,
            N_("No order of this buyer is stopped any more. It can be undone."),
        ),
    ),
    hub_only=True,
    group=Role.LEAD.value,
    locks=True,
)
