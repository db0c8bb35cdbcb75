"""Write the contract of an order as it is now, and note that it was sent to the customer."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.agreement import clock_of, code_of, contract_of, fits, next_id, terms_of, text_of
from app.domain.contract import USUAL, Contract
from app.domain.events import ContractSent
from app.domain.order import OPEN
from app.text import N_

CONTRACTS_MOST = 20


class SendContract(Command, frozen=True, kw_only=True):
    """`contract` is its id, see `agreement.next_id`; `template` is a code, empty: the built-in text."""

    order: str
    contract: str
    template: str = ""


def decide(command: SendContract, facts: Facts) -> Decided:
    """Keep the text with the order; it binds what is agreed at this moment.

    Refuses: `no_order`, `too_late`, `no_customer`, `no_lines`, `no_template`, `already_sent`, `too_many`,
    `other_id`.
    Source: capabilities 7, contract; 7.5.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in OPEN:
        return refuse("too_late", N_("This order is finished. It needs no contract any more."))
    customer = facts.refs.customers.get(order.customer)
    if customer is None:
        return refuse("no_customer", N_("A contract needs a customer. This order names none."))
    if not order.lines:
        return refuse("no_lines", N_("There is nothing to agree on. Add an article first."))
    template = facts.refs.templates.get(command.template) if command.template else USUAL
    if template is None or not template.active:
        return refuse("no_template", N_("There is no such text. Choose one from the list."))
    newest = order.contracts[-1] if order.contracts else None
    if fits(order) or (newest is not None and newest.digest == code_of(order)):
        return refuse("already_sent", N_("Exactly this was sent already. Wait for the signature."))
    if len(order.contracts) >= CONTRACTS_MOST:
        return refuse("too_many", N_("Twenty contracts were sent already. Talk to the customer first."))
    if command.contract != next_id(order) or contract_of(order, command.contract) is not None:
        return refuse("other_id", N_("Somebody sent another contract meanwhile. Look at the order again."))
    shop = facts.shop_of(order)
    day = facts.now.astimezone(clock_of(shop)).date().isoformat()
    contract = Contract(
        id=command.contract,
        terms=terms_of(order),
        digest=code_of(order),
        text=text_of(order, template, shop, customer, day),
        template=command.template,
        sent_at=facts.now,
        sent_by=facts.by.user,
    )
    return [ContractSent(order=order.id, contract=contract)]


def inverse(command: SendContract, _facts: Facts) -> Undo | None:
    """Say that it was not sent."""
    return Undo("take_contract_back", {"order": command.order, "contract": command.contract})


SPEC = Spec(
    "send_contract",
    SendContract,
    order_of,
    decide,
    Authority.DESK,
    changes=("contracts",),
    inverse=inverse,
)
