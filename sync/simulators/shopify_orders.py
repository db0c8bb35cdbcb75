"""What Shopify says of an order: states, amounts, and the older JSON that webhooks still carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sync.simulators.abroad import lives
from sync.simulators.sale import (
    ASKED,
    AWAITING,
    CANCELLED,
    GRANTED,
    PART_SHIPPED,
    REFUNDED,
    SHIPPED,
    WITHDRAWN,
    Refund,
    Sale,
)
from sync.simulators.sorted_kv import major

REFUND = 850_000_000_000
RETURNS = {ASKED: "REQUESTED", GRANTED: "CLOSED", WITHDRAWN: "CANCELED"}


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
        "refunds": [rest_refund(ident, sale, refund) for refund in sale.refunds],
    }


def rest_refund(ident: str, sale: Sale, refund: Refund) -> dict[str, Any]:
    """Write a refund as webhooks do, by itself and inside its order."""
    return {
        "id": REFUND + refund.no,
        "admin_graphql_api_id": f"gid://shopify/Refund/{REFUND + refund.no}",
        "order_id": int(ident),
        "created_at": iso(refund.at),
        "processed_at": iso(refund.at),
        "note": None,
        "restock": not sale.parcels,
        "refund_line_items": [
            {
                "id": (REFUND + refund.no) * 10 + place,
                "line_item_id": int(ident) * 10 + place,
                "quantity": qty,
                "restock_type": restocked(sale),
                "subtotal": major(sale.share_minor(place, qty)),
                "total_tax": "0.00",
            }
            for place, qty in refund.pieces.items()
        ],
        "transactions": [
            {
                "id": (REFUND + refund.no) * 7,
                "order_id": int(ident),
                "kind": "refund",
                "status": "success",
                "amount": major(refund.minor),
                "currency": "USD",
            }
        ],
        "order_adjustments": [],
    }


def refund_node(ident: str, sale: Sale, refund: Refund) -> dict[str, Any]:
    """Write a refund as the newer interface does."""
    lines = [
        {
            "quantity": qty,
            "restockType": restocked(sale).upper(),
            "subtotalSet": amount(sale.share_minor(place, qty)),
            "totalTaxSet": amount(0),
            "lineItem": {"id": f"gid://shopify/LineItem/{int(ident) * 10 + place}"},
        }
        for place, qty in refund.pieces.items()
    ]
    return {
        "id": f"gid://shopify/Refund/{REFUND + refund.no}",
        "legacyResourceId": str(REFUND + refund.no),
        "createdAt": iso(refund.at),
        "updatedAt": iso(refund.at),
        "order": {"legacyResourceId": ident, "updatedAt": iso(sale.modified)},
        "totalRefundedSet": amount(refund.minor),
        "refundLineItems": {"nodes": lines},
        "transactions": {"nodes": [{"kind": "REFUND", "status": "SUCCESS"}]},
    }


def restocked(sale: Sale) -> str:
    """Say what becomes of the goods: what was not sent yet is not sent at all."""
    return "no_restock" if sale.parcels else "cancel"


def returns(ident: str, sale: Sale) -> list[dict[str, Any]]:
    """Write what buyers send back: only what was sent can come back."""
    asked = [piece for piece in sale.pieces if piece.comes_back]
    return [
        {
            "id": f"gid://shopify/Return/{int(ident) * 10 + piece.place}",
            "status": RETURNS[piece.refund],
            "order": {"legacyResourceId": ident, "updatedAt": iso(sale.modified)},
            "returnLineItems": {
                "nodes": [
                    {
                        "quantity": piece.qty,
                        "fulfillmentLineItem": {
                            "lineItem": {"id": f"gid://shopify/LineItem/{int(ident) * 10 + piece.place}"}
                        },
                    }
                ]
            },
        }
        for piece in asked
    ]


def return_status(sale: Sale) -> str:
    """Say how returns of an order stand as a whole."""
    words = {ASKED: "RETURN_REQUESTED", GRANTED: "RETURNED", WITHDRAWN: "RETURN_FAILED"}
    states = {piece.refund for piece in sale.pieces if piece.comes_back}
    return next((word for state, word in words.items() if state in states), "NO_RETURN")


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
    if sale.state == REFUNDED or sale.is_paid_back:
        return "refunded"
    return "partially_refunded" if sale.refunds else "paid"


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
