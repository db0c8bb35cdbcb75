"""What was signed is not what the order says any more."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.restore_terms import RestoreTerms
from app.commands.send_contract import SendContract
from app.domain.agreement import changed_since, code_of, fits, next_id, signed_of
from app.domain.clock import Wait
from app.domain.event import listed
from app.domain.order import EDITABLE, OPEN, Order
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an order that was signed and says something else now, until that is signed too.

    Source: capabilities 15, contract_void; capabilities 7.5.
    """
    signed = signed_of(order)
    if signed is None or order.status not in OPEN or fits(order):
        return None
    newest = order.contracts[-1]
    code: dict[str, str | int | Text] = {"code": signed.digest[:8]}
    if newest is not signed and newest.digest == code_of(order):
        return Finding(
            Text(N_("Contract {code} was sent and is not signed yet"), {"code": newest.digest[:8]})
        )
    changed = listed([Text(word) for word in changed_since(signed, order)])
    return Finding(
        Text(N_("Changed since contract {code} was signed: {fields}"), {**code, "fields": changed})
    )


def sent_anew(order: Order, _facts: Facts) -> Command | None:
    """Write the text of the order as it is now; nothing where that was sent and is not signed yet."""
    if signed_of(order) is None or order.contracts[-1].digest == code_of(order):
        return None
    return SendContract(order=order.id, contract=next_id(order), template=order.contracts[-1].template)


def as_signed(order: Order, _facts: Facts) -> Command | None:
    """Bring back what was signed, while the warehouse has not begun."""
    signed = signed_of(order)
    if signed is None or order.status not in EDITABLE:
        return None
    return RestoreTerms(order=order.id, terms=signed.terms)


KIND = Kind(
    code="contract_void",
    title=N_("Contract void"),
    hint=N_("The customer signed something else. Send them the new text, or bring back what they signed."),
    severity="warn",
    rank=26,
    found=found,
    repairs=(
        Repair(
            "send_anew",
            N_("Send new text"),
            sent_anew,
            N_("Nothing of the order changes. It waits until the new text is signed."),
            off=N_("Sent already, not signed yet"),
        ),
        Repair(
            "as_signed",
            N_("Restore signed"),
            as_signed,
            N_("Articles, prices and terms are as they were signed. It can be undone."),
            off=N_("The warehouse has begun. Put the goods back first."),
        ),
    ),
    form="sign_contract",
    goal_min=4 * 60,
    stops=(Wait.CUSTOMER,),
)
