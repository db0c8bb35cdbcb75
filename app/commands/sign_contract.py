"""Note that a contract came back signed, and which file that is."""

from __future__ import annotations

from datetime import date

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.agreement import clock_of, code_of, contract_of
from app.domain.contract import is_sha256
from app.domain.events import ContractSigned
from app.text import N_


class SignContract(Command, frozen=True, kw_only=True):
    """`file_sha256` is that of the signed file, in small letters; the file itself stays where it is."""

    order: str
    contract: str
    file_sha256: str
    signed_on: date


def decide(command: SignContract, facts: Facts) -> Decided:
    """Bind the signature to the terms the text was made of.

    Refuses: `no_order`, `no_contract`, `already_signed`, `stale_content`, `bad_file`, `bad_day`.
    Source: capabilities 7, a signed text is tied to the order's revision.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    contract = contract_of(order, command.contract)
    if contract is None:
        return refuse("no_contract", N_("This order has no such contract. Send one first."))
    if contract.is_signed:
        return refuse("already_signed", N_("It is signed already. Nothing to do."))
    if contract.digest != code_of(order):
        return refuse("stale_content", N_("The order changed since it was sent. Send the new text first."))
    if not is_sha256(command.file_sha256):
        return refuse("bad_file", N_("A SHA-256 has 64 figures and letters a to f. Choose the file again."))
    zone = clock_of(facts.shop_of(order))
    if not contract.sent_at.astimezone(zone).date() <= command.signed_on <= facts.now.astimezone(zone).date():
        return refuse("bad_day", N_("Signed after it was sent, and not in the future. Change the day."))
    signed = msgspec.structs.replace(
        contract, file_sha256=command.file_sha256, signed_on=command.signed_on, noted_by=facts.by.user
    )
    return [ContractSigned(order=order.id, contract=signed)]


def inverse(command: SignContract, _facts: Facts) -> Undo | None:
    """Say that it is not signed."""
    return Undo("take_contract_back", {"order": command.order, "contract": command.contract})


SPEC = Spec(
    "sign_contract",
    SignContract,
    order_of,
    decide,
    Authority.DESK,
    changes=("contracts",),
    inverse=inverse,
)
