"""What eBay says of an order: its money, who asked to call it off, what comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sync.simulators.abroad import lives
from sync.simulators.sale import ASKED, AWAITING, GRANTED, REFUNDED, WITHDRAWN, Piece, Refund, Sale
from sync.simulators.sorted_kv import major

RETURNS = {ASKED: "RETURN_REQUESTED", GRANTED: "ITEM_DELIVERED", WITHDRAWN: "CLOSED"}


def paid(sale: Sale) -> str:
    """Say how the payment stands."""
    if sale.state == REFUNDED or sale.is_paid_back:
        return "FULLY_REFUNDED"
    if sale.refunds:
        return "PARTIALLY_REFUNDED"
    return "PENDING" if sale.state == AWAITING else "PAID" if sale.paid else "FAILED"


def payment(sale: Sale) -> dict[str, str]:
    """Write what was paid."""
    return {"paymentMethod": "EBAY", "paymentDate": iso(sale.paid), "paymentStatus": "PAID"}


def cancel_requests(sale: Sale) -> list[dict[str, str]]:
    """Write who asked to call it off; of an order that was sent nobody can."""
    told = {ASKED: "REQUESTED", WITHDRAWN: "REJECTED", GRANTED: "COMPLETED"}
    found = [(piece.place, told[piece.refund]) for piece in sale.pieces if piece.is_called_off]
    at = iso(sale.modified)
    return [
        {
            "cancelRequestId": str(5_300_000_000 + sale.no * 10 + place),
            "cancelRequestState": state,
            "cancelInitiator": "BUYER",
            "cancelRequestedDate": at,
        }
        for place, state in found[:1]
    ]


def refund(refund: Refund, minor: int) -> dict[str, Any]:
    """Write money that went back, as far as it is of one line."""
    number = str(5_000_000_000 + refund.no)
    return {
        "refundId": number,
        "refundReferenceId": number,
        "refundDate": iso(refund.at),
        "refundStatus": "REFUNDED",
        "amount": money(minor),
    }


def a_return(ident: str, sale: Sale, piece: Piece) -> dict[str, Any]:
    """Write what a buyer sends back."""
    goods = money(sale.share_minor(piece.place, piece.qty))
    return {
        "returnId": str(5_100_000_000 + sale.no * 10 + piece.place),
        "orderId": ident,
        "currentType": "MONEY_BACK",
        "state": RETURNS[piece.refund],
        "status": RETURNS[piece.refund],
        "creationInfo": {
            "item": {
                "itemId": str(278_000_000_000 + piece.article),
                "transactionId": str(10_081_000_000_000 + sale.no * 10 + piece.place),
                "returnQuantity": piece.qty,
            },
            "creationDate": {"value": iso(sale.parcels[0].at)},
        },
        "sellerTotalRefund": {"estimatedRefundAmount": goods},
    }


def iso(at: float) -> str:
    """Write a time."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def money(minor: int) -> dict[str, str]:
    """Write an amount."""
    return {"value": major(minor), "currency": "USD"}


def ship_to(sale: Sale) -> dict[str, Any]:
    """Write where it goes."""
    there = lives(sale)
    return {
        "fullName": f"Example Buyer {sale.buyer % 1000}",
        "contactAddress": {
            "addressLine1": there.street,
            "city": there.city,
            "stateOrProvince": there.state,
            "postalCode": there.postcode,
            "countryCode": there.country,
        },
        "primaryPhone": {"phoneNumber": there.phone},
    }
