"""Take the last step of a contract back: it is not signed after all, or was not sent."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.agreement import contract_of
from app.domain.events import ContractTakenBack
from app.text import N_


class TakeContractBack(Command, frozen=True, kw_only=True):
    order: str
    contract: str


def decide(command: TakeContractBack, facts: Facts) -> Decided:
    """Undo one step of the newest contract.

    Refuses: `no_order`, `no_contract`, `not_newest`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    contract = contract_of(order, command.contract)
    if contract is None:
        return refuse("no_contract", N_("This order has no such contract. Send one first."))
    if contract is not order.contracts[-1]:
        return refuse("not_newest", N_("A newer contract was sent. Take that one back first."))
    plain = msgspec.structs.replace(contract, file_sha256="", signed_on=None, noted_by="")
    return [ContractTakenBack(order=order.id, contract=plain, is_unsent=not contract.is_signed)]


def inverse(command: TakeContractBack, facts: Facts) -> Undo | None:
    """Note the signature again; a text that was taken back is written anew instead."""
    order = facts.order(command.order)
    contract = contract_of(order, command.contract) if order is not None else None
    if contract is None or not contract.is_signed or contract.signed_on is None:
        return None
    args = {"order": command.order, "contract": contract.id, "file_sha256": contract.file_sha256}
    return Undo("sign_contract", args | {"signed_on": contract.signed_on})


SPEC = Spec(
    "take_contract_back",
    TakeContractBack,
    order_of,
    decide,
    Authority.DESK,
    changes=("contracts",),
    inverse=inverse,
)
