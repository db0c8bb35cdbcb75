"""What Shopify says of an order: states, amounts, and the older JSON that webhooks still carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sync.simulators.abroad import lives
from sync.simulators.sale import AWAITING, CANCELLED, GRANTED, PART_SHIPPED, REFUNDED, SHIPPED, Sale
from sync.simulators.sorted_kv import major


def rest_order(ident: str, sale: Sale) -> dict[str, Any]:
    """Write an order as webhooks and the older interface do."""
    off = sale.seller_off_minor + sale.platform_minor
    receiver = address(sale)
    return {
        "id": int(ident),
        "admin_graphql_api_id": f"gid://shopify/Order/{ident}",
        "name": f"#{1000 + sale.no}",
        "created_at": iso(sale.created),
        "updated_at": iso(sale.modified),
        "processed_at": iso(sale.paid or sale.created),
        "cancelled_at": iso(sale.modified) if sale.state == CANCELLED else None,
        "closed_at": None,
        "currency": "USD",
        "financial_status": financial(sale),
        "fulfillment_status": fulfilled(sale),
        "note": sale.words or None,
        "tags": sale.memo,
        "email": "buyer@example.com",
        "total_price": major(sale.pay_minor),
        "subtotal_price": major(sale.pay_minor - sale.postage_minor),
        "total_line_items_price": major(sale.goods_minor),
        "total_discounts": major(off),
        "total_tax": "0.00",
        "total_shipping_price_set": {"shop_money": {"amount": major(sale.postage_minor)}},
        "shipping_address": {
            "name": receiver["name"],
            "address1": receiver["address1"],
            "city": receiver["city"],
            "province": receiver["province"],
            "zip": receiver["zip"],
            "country_code": receiver["countryCodeV2"],
            "phone": receiver["phone"],
        },
        "line_items": [
            {
                "id": int(ident) * 10 + piece.place,
                "variant_id": 47_000_000 + piece.article,
                "sku": piece.code or None,
                "title": piece.title,
                "name": piece.title,
                "quantity": piece.qty,
                "price": major(piece.unit_minor),
                "total_discount": "0.00",
            }
            for piece in sale.pieces
        ],
        "fulfillments": [],
        "refunds": [],
    }


def iso(at: float) -> str:
    """Write a time."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount(minor: int) -> dict[str, Any]:
    """Write money in both of its currencies."""
    money = {"amount": major(minor), "currencyCode": "USD"}
    return {"shopMoney": money, "presentmentMoney": money}


def financial(sale: Sale) -> str:
    """Say where the money stands."""
    if sale.state == AWAITING or not sale.paid:
        return "voided" if sale.state == CANCELLED else "pending"
    if sale.state == REFUNDED:
        return "refunded"
    return "partially_refunded" if any(piece.refund == GRANTED for piece in sale.pieces) else "paid"


def fulfilled(sale: Sale) -> str | None:
    """Say what was sent; nothing yet is None."""
    return {SHIPPED: "fulfilled", PART_SHIPPED: "partial"}.get(sale.state)


def address(sale: Sale) -> dict[str, Any]:
    """Return where it goes."""
    if sale.moved:
        name = " ".join(filter(None, (sale.moved.get("firstName"), sale.moved.get("lastName"))))
        named = {"name": name, "address2": None, "countryCodeV2": sale.moved.get("countryCode")}
        return sale.moved | named | {"province": sale.moved.get("provinceCode")}
    there = lives(sale)
    return {
        "name": f"Example Buyer {sale.buyer % 1000}",
        "firstName": "Example",
        "lastName": f"Buyer {sale.buyer % 1000}",
        "company": None,
        "address1": there.street,
        "address2": None,
        "city": there.city,
        "province": there.state_name,
        "provinceCode": there.state,
        "zip": there.postcode,
        "country": there.country_name,
        "countryCodeV2": there.country,
        "phone": there.phone,
    }
