"""How contracts and their order stand to each other: what is agreed now, what was signed, whether it fits."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.domain.company import Customer, Shop
from app.domain.contract import Contract, Sold, Template, Terms, filled
from app.domain.money import shown
from app.domain.order import Line, Order
from app.domain.values import digest
from app.text import N_, Text

FIELDS: dict[str, str] = {
    "lines": N_("articles, pieces or prices"),
    "payable_minor": N_("money"),
    "total_minor": N_("money"),
    "customer": N_("the customer"),
    "pay_days": N_("terms of payment"),
    "currency": N_("money"),
}
"""What of an agreement may differ, in words."""


def terms_of(order: Order) -> Terms:
    """Return what a signature would bind now."""
    return Terms(
        customer=order.customer,
        currency=order.currency,
        lines=tuple(_sold(line) for line in order.lines),
        total_minor=order.total_minor,
        payable_minor=order.payable_minor,
        pay_days=order.terms_days,
    )


def lines_of(terms: Terms) -> tuple[Line, ...]:
    """Return the lines of an order as they were agreed."""
    return tuple(
        Line(
            id=sold.id,
            ext_sku=sold.ext_sku,
            title=sold.title,
            sku=sold.sku,
            qty=sold.qty,
            unit_price_minor=sold.unit_price_minor,
            swapped_from=sold.swapped_from,
            kit=sold.kit,
        )
        for sold in terms.lines
    )


def _sold(line: Line) -> Sold:
    return Sold(
        id=line.id,
        ext_sku=line.ext_sku,
        title=line.title,
        sku=line.sku,
        qty=line.qty,
        unit_price_minor=line.unit_price_minor,
        swapped_from=line.swapped_from,
        kit=line.kit,
    )


def code_of(order: Order) -> str:
    """Return the code a contract of the order as it is now bears. Source: capabilities 7.5."""
    return digest(order.id, terms_of(order))


def signed_of(order: Order) -> Contract | None:
    """Return what was signed last."""
    return next((one for one in reversed(order.contracts) if one.is_signed), None)


def fits(order: Order) -> bool:
    """Tell whether something that was signed says exactly what the order says now."""
    now = code_of(order)
    return any(one.is_signed and one.digest == now for one in order.contracts)


def contract_of(order: Order, id: str) -> Contract | None:
    """Return one contract of an order."""
    return next((one for one in order.contracts if one.id == id), None)


def changed_since(contract: Contract, order: Order) -> list[str]:
    """Name in words what is no longer as it was agreed, each once."""
    now = terms_of(order)
    moved = (word for name, word in FIELDS.items() if getattr(now, name) != getattr(contract.terms, name))
    return list(dict.fromkeys(moved))


def next_id(order: Order) -> str:
    """Return the id of the contract that would be sent now."""
    return f"{order.id}-c{len(order.contracts) + 1}"


def text_of(order: Order, template: Template, shop: Shop | None, customer: Customer | None, day: str) -> str:
    """Write the text of a contract; it holds no person and no street."""
    region, currency = order.region, order.currency
    goods = [
        f"{n}. {line.title or line.sku or line.ext_sku} × {line.qty}"
        f" @ {shown(line.unit_price_minor, currency)} = {shown(line.unit_price_minor * line.qty, currency)}"
        for n, line in enumerate(order.lines, 1)
    ]
    days = order.terms_days
    place = dict.fromkeys(filter(None, (region.province, region.city, region.district)))
    words = {
        "number": order.number,
        "code": code_of(order),
        "buyer": (customer.invoice_title or customer.title) if customer is not None else order.customer,
        "tax_no": customer.tax_no if customer is not None else "",
        "seller": shop.title if shop is not None else order.shop,
        "day": day,
        "goods": "\n".join(goods),
        "total": shown(order.payable_minor, currency),
        "pay": f"收货后 {days} 天 / {days} days" if days is not None else "款到发货 / before delivery",
        "place": " ".join(place),
    }
    return filled(template.text, words)


def clock_of(shop: Shop | None) -> ZoneInfo:
    """Return the clock by which a contract is dated."""
    return ZoneInfo(shop.zone if shop is not None else "UTC")


def contracts_said(order: Order) -> tuple[tuple[str, Text], ...]:
    """Say how the newest contract of an order stands, and the one that was signed before it."""
    signed = signed_of(order)
    shown_ones = dict.fromkeys(filter(None, (signed, order.contracts[-1] if order.contracts else None)))
    return tuple((N_("Contract"), _said(one, order)) for one in shown_ones)


def _said(contract: Contract, order: Order) -> Text:
    code: dict[str, str | int | Text] = {"code": contract.digest[:8]}
    if not contract.is_signed:
        return Text(N_("{code}, sent, not signed yet"), code)
    if contract.digest == code_of(order):
        return Text(N_("{code}, signed"), code)
    return Text(N_("{code}, signed, no longer fits"), code)
