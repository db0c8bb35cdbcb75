"""The invoice service said no: it is corrected where they say, or asked of another service."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.resubmit_invoice import ResubmitInvoice
from app.commands.settle_effect import SettleEffect
from app.domain.billing import OF_BUYER, invoice_digest, refused_bill
from app.domain.clock import Wait
from app.domain.order import Order
from app.repairs import known_invoice
from app.snag import Finding, Kind, Repair
from app.text import N_


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an invoice that a service refused. Source: capabilities 15, invoice_rejected."""
    refused = refused_bill(order)
    return Finding(refused[1].text) if refused is not None else None


def corrected(order: Order, facts: Facts) -> Command | None:
    """Send what was corrected on the order since, else what is known of the customer.

    Where nothing about the buyer was refused, it is sent as it is: what was wrong is put right elsewhere.
    """
    refused = refused_bill(order)
    if refused is None:
        return None
    bill, outcome = refused
    if bill.red_of or outcome.field not in OF_BUYER or bill.to != invoice_digest(order):
        return ResubmitInvoice(order=order.id, key=bill.key)
    known = known_invoice(order, facts)
    return ResubmitInvoice(order=order.id, key=bill.key, invoice=known) if known is not None else None


def elsewhere(order: Order, facts: Facts) -> Command | None:
    """Ask the shop's next service, where it has more than one; a red one stays where its blue one is."""
    refused, shop = refused_bill(order), facts.shop_of(order)
    if refused is None or shop is None or refused[0].red_of:
        return None
    others = [one for one in shop.invoicers if one != refused[0].provider]
    return ResubmitInvoice(order=order.id, key=refused[0].key, provider=others[0]) if others else None


def by_hand(order: Order, _facts: Facts) -> Command | None:
    """Take it as made."""
    refused = refused_bill(order)
    return SettleEffect(order=order.id, key=refused[0].key) if refused is not None else None


KIND = Kind(
    code="invoice_rejected",
    title=N_("Invoice refused"),
    hint=N_("The service names what it does not like. Correct that field and send it again; its key stays."),
    severity="warn",
    rank=25,
    found=found,
    repairs=(
        Repair(
            "correct",
            N_("Send corrected"),
            corrected,
            N_("The same key again: no service makes it twice. It cannot be taken back once it is made."),
            off=N_("Correct the named field first"),
        ),
        Repair(
            "elsewhere",
            N_("Other service"),
            elsewhere,
            N_("They refused it, so nothing was made there. It cannot be taken back once it is made."),
            off="",
        ),
        Repair(
            "by_hand",
            N_("Made by hand"),
            by_hand,
            N_("Nobody is asked again. The history keeps who made it. It cannot be undone."),
        ),
    ),
    form="correct_invoice",
    hub_only=True,
    blocks=False,
    after_sales=True,
    goal_min=4 * 60,
    stops=(Wait.PROVIDER,),
)
