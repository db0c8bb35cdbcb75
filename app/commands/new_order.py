"""Type an order in that no channel sends: by phone, by letter, from a business on terms."""

from __future__ import annotations

from datetime import datetime

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.events import OrderReceived
from app.domain.invoice import Invoice, invoice_fault
from app.domain.order import LINES_MOST, ChannelState, Line, Order
from app.domain.values import Receiver, Region
from app.text import N_


class NewOrder(Command, frozen=True, kw_only=True):
    """`order` is a new id. `is_on_account`: the customer pays later, by its terms; `is_cod`: at the door.

    Units: prices of `lines`, `freight_minor` and `paid_minor` in the shop's currency.
    """

    order: str
    shop: str
    lines: tuple[Line, ...]
    receiver: Receiver
    region: Region
    customer: str = ""
    freight_minor: int = 0
    paid_minor: int = 0
    is_on_account: bool = False
    invoice: Invoice | None = None
    ship_by_at: datetime | None = None
    is_cod: bool = False


def decide(command: NewOrder, facts: Facts) -> Decided:
    """Begin the order; gates and stock follow as for any other.

    Refuses: `exists`, `unknown_shop`, `no_lines`, `bad_line`, `unknown_sku`, `unknown_customer`,
    `other_currency`, `no_terms`, `over_credit`, `bad_invoice`, `bad_amount`, `bad_payment`.
    """
    if facts.order(command.order) is not None:
        return refuse("exists", N_("This order is there already. Begin another one."))
    shop = facts.refs.shops.get(command.shop)
    if shop is None:
        return refuse("unknown_shop", N_("This shop is not set up. Choose another one."))
    refusal = _lines_fault(command, facts) or _customer_fault(command, shop.currency, facts)
    if refusal is not None:
        return refusal
    fault = invoice_fault(command.invoice) if command.invoice is not None else None
    if fault is not None:
        return Refusal("bad_invoice", fault)
    total = _total(command)
    customer = facts.refs.customers.get(command.customer)
    content = Order(
        id=command.order,
        number=number_of(command.shop, command.order),
        shop=command.shop,
        ext_id="",
        channel_state=ChannelState.TO_SHIP,
        currency=shop.currency,
        total_minor=total,
        payable_minor=total,
        paid_minor=command.paid_minor,
        receiver=command.receiver,
        region=command.region,
        lines=command.lines,
        ordered_at=facts.now,
        received_at=facts.now,
        ship_by_at=command.ship_by_at,
        maker=facts.by.user,
        touched=True,
        customer=command.customer,
        terms_days=customer.terms_days if customer is not None and command.is_on_account else None,
        invoice=command.invoice,
        is_cod=command.is_cod,
    )
    return [OrderReceived(content=content)]


def number_of(shop: str, order: str) -> str:
    """Return what an order typed here is called: its shop and the end of its id."""
    return f"{shop}-{order.replace('-', '')[-7:].upper()}"


def _total(command: NewOrder) -> int:
    return sum(line.qty * line.unit_price_minor for line in command.lines) + command.freight_minor


def _lines_fault(command: NewOrder, facts: Facts) -> Refusal | None:
    if not command.lines or len(command.lines) > LINES_MOST:
        return refuse("no_lines", N_("An order has 1 to 500 lines. Add an article."))
    ids = {line.id for line in command.lines}
    if len(ids) < len(command.lines) or any(
        line.qty < 1 or line.unit_price_minor < 0 or line.picked for line in command.lines
    ):
        return refuse("bad_line", N_("A quantity is 1 or more, a price not negative. Change the line."))
    for line in command.lines:
        if not line.sku or facts.sku(line.sku) is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=line.sku)
    if command.is_cod and (command.is_on_account or command.paid_minor):
        return refuse("bad_payment", N_("Paid at the door is paid no other way. Choose one of them."))
    if command.freight_minor < 0 or not 0 <= command.paid_minor <= _total(command):
        return refuse("bad_amount", N_("Freight is not negative, and no more is paid than is due."))
    return None


def _customer_fault(command: NewOrder, currency: str, facts: Facts) -> Refusal | None:
    customer = facts.refs.customers.get(command.customer)
    if customer is None:
        if command.customer:
            return refuse("unknown_customer", N_("This customer is not set up. Choose another one."))
        if command.is_on_account:
            return refuse("no_terms", N_("Only a customer with terms pays later. Choose another payment."))
        return None
    if not customer.active:
        return refuse("unknown_customer", N_("This customer is out of use. Choose another one."))
    if customer.currency != currency:
        return refuse("other_currency", N_("The customer pays in another currency. Choose another shop."))
    if command.is_on_account and not customer.terms_days:
        return refuse("no_terms", N_("Only a customer with terms pays later. Choose another payment."))
    if command.is_on_account and _total(command) > customer.credit_minor:
        return refuse(
            "over_credit", N_("This is above the credit of the customer. Take a payment or split it.")
        )
    return None


def inverse(command: NewOrder, _facts: Facts) -> Undo | None:
    """Call it off again."""
    return Undo("cancel", {"order": command.order, "reason": N_("Taken back")})


SPEC = Spec("new_order", NewOrder, order_of, decide, Authority.DESK, inverse=inverse)
