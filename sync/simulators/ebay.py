"""eBay: the Fulfillment and Inventory interfaces, and its signed notifications.

Source: channels.md 2.9; getOrder responses recorded with their identities scrubbed, event-notification SDK.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typing_extensions import override

from sync.simulators.ebay_orders import a_return, cancel_requests, iso, money, paid, payment, refund, ship_to
from sync.simulators.platform import Asked, Heard, Pushing, Refused, Said, as_json
from sync.simulators.sale import CANCELLED, PART_SHIPPED, SHIPPED, Piece, Sale
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

CLIENT, SECRET, REFRESH = "simulated-ebay-client", "simulated-ebay-secret", "simulated-ebay-refresh"
KEY_ID, VERIFICATION = "simulated-key", "simulated-verification-token-of-32-letters"
LARGEST, ORDER = 200, "/sell/fulfillment/v1/order"
RETURN_SEARCH = "/post-order/v2/return/search"
WINDOW = re.compile(r"lastmodifieddate:\[([^.\]]+(?:\.\d+)?Z?)\.\.([^\]]*)\]")
FULFILLED = {SHIPPED: "FULFILLED", PART_SHIPPED: "IN_PROGRESS"}


class Ebay(Pushing):
    """JSON over HTTP verbs, a Bearer token, offsets into a list with the latest change first."""

    code: ClassVar[str] = "ebay"
    title: ClassVar[str] = "eBay"
    pages: ClassVar[frozenset[str]] = frozenset({"getOrders", "searchReturns"})
    writes: ClassVar[frozenset[str]] = frozenset({"createShippingFulfillment", "bulkUpdatePriceQuantity"})

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.calls = {
            "token": self._give_token,
            "getPublicKey": self._public_key,
            "getOrders": self._list,
            "getOrder": self._one,
            "searchReturns": self._returns,
            "getShippingFulfillments": self._sent,
            "createShippingFulfillment": self._ship,
            "bulkUpdatePriceQuantity": self._stock,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "verification_token": VERIFICATION,
            "base_url": base,
        }

    @override
    def ext_id(self, no: int) -> str:
        return f"25-{10_000 + no // 100_000:05d}-{no % 100_000:05d}"

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        fields: dict[str, Any] = dict(parse_qsl(heard.query, keep_blank_values=True))
        if heard.path == "/identity/v1/oauth2/token":
            who = {"authorization": heard.headers.get("authorization", "")}
            return Asked("token", dict(parse_qsl(heard.body.decode(errors="replace"))) | who)
        self._check(heard)
        if heard.body:
            fields |= _object(heard.body)
        if (heard.method, heard.path) == ("GET", RETURN_SEARCH):
            return Asked("searchReturns", fields)
        match heard.method, heard.path.removeprefix("/").split("/"):
            case "GET", ["sell", "fulfillment", "v1", "order"]:
                return Asked("getOrders", fields)
            case "GET", ["sell", "fulfillment", "v1", "order", ident]:
                return Asked("getOrder", fields | {"id": ident})
            case "POST", ["sell", "fulfillment", "v1", "order", ident, "shipping_fulfillment"]:
                return Asked("createShippingFulfillment", fields | {"id": ident})
            case "GET", ["sell", "fulfillment", "v1", "order", ident, "shipping_fulfillment"]:
                return Asked("getShippingFulfillments", fields | {"id": ident})
            case "POST", ["sell", "inventory", "v1", "bulk_update_price_quantity"]:
                return Asked("bulkUpdatePriceQuantity", fields)
            case "GET", ["commerce", "notification", "v1", "public_key", ident]:
                return Asked("getPublicKey", fields | {"id": ident})
        raise self.unknown(heard.path)

    def _check(self, heard: Heard) -> None:
        """Look at the token; the older interface wants another word before it."""
        scheme = "IAF " if heard.path == RETURN_SEARCH else "Bearer "
        given = heard.headers.get("authorization", "")
        if not given.startswith(scheme) or not self.is_token(given.removeprefix(scheme)):
            raise _refused(401, 1001, "Invalid access token")

    def _give_token(self, asked: Asked) -> Said:
        fields = asked.fields
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        is_known = fields["authorization"] == wanted and fields.get("grant_type") == "refresh_token"
        if not is_known or fields.get("refresh_token") != REFRESH:
            raise Refused("invalid_grant", as_json({"error": "invalid_grant"}, 400))
        return as_json({"access_token": self.renew(), "token_type": "User Access Token", "expires_in": 7200})

    @override
    def throttled(self) -> Refused:
        return _refused(429, 2001, "Too many requests. The request limit has been reached.")

    @override
    def unwell(self) -> Refused:
        return _refused(500, 30500, "System error")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(404, 2002, "Resource not found")

    # --- reading -------------------------------------------------------------------------------------

    def _list(self, asked: Asked) -> Said:
        fields = asked.fields
        limit, offset = _number(fields, "limit", 50), _number(fields, "offset", 0)
        match = WINDOW.search(str(fields.get("filter", "")))
        if match is None or not 1 <= limit <= LARGEST or offset % limit:
            raise _refused(400, 30810, "Invalid filter, limit or offset.")
        window = self.shop.window(_time(match[1]), _time(match[2]))
        orders = [self._order(sale) for sale in window.newest_first(offset, limit)]
        told = {"href": ORDER, "total": len(window), "limit": limit, "offset": offset, "orders": orders}
        return as_json(told)

    def _one(self, asked: Asked) -> Said:
        sale = self._sale(asked)
        order = self._order(sale)
        order["cancelStatus"]["cancelRequests"] = cancel_requests(sale)  # a list leaves them out
        return as_json(order)

    def _returns(self, asked: Asked) -> Said:
        fields = asked.fields
        limit, offset = _number(fields, "limit", 50), _number(fields, "offset", 0)
        start, end = (_time(str(fields.get(f"creation_date_range_{way}", ""))) for way in ("from", "to"))
        if not 1 <= limit <= LARGEST or start > end:
            raise _refused(400, 1616, "Invalid Input.")
        everything = self.shop.window(0, 1e12)
        asking = [
            (sale, piece)
            for sale in everything.touched_behind(-1, -1)
            for piece in sale.pieces
            if piece.comes_back and start <= sale.parcels[0].at <= end
        ]
        members = [
            a_return(self.ext_id(sale.no), sale, piece) for sale, piece in asking[offset : offset + limit]
        ]
        return as_json({"members": members, "total": len(asking)})

    def _order(self, sale: Sale) -> dict[str, Any]:
        fee, total = sale.pay_minor // 15, sale.pay_minor
        is_cancelled = sale.state == CANCELLED
        return {
            "orderId": self.ext_id(sale.no),
            "legacyOrderId": self.ext_id(sale.no),
            "creationDate": iso(sale.created),
            "lastModifiedDate": iso(sale.modified),
            "orderFulfillmentStatus": FULFILLED.get(sale.state, "NOT_STARTED"),
            "orderPaymentStatus": paid(sale),
            "sellerId": "simulated-seller",
            "buyer": {"username": f"buyer-{sale.buyer % 1000}"},
            "buyerCheckoutNotes": sale.words,
            "pricingSummary": {
                "priceSubtotal": money(sale.goods_minor),
                "priceDiscount": money(-sale.seller_off_minor - sale.platform_minor),
                "deliveryCost": money(sale.postage_minor),
                "total": money(total),
            },
            "cancelStatus": {
                "cancelState": "CANCELED"
                if is_cancelled
                else "IN_PROGRESS"
                if sale.asked and not sale.parcels
                else "NONE_REQUESTED",
                "cancelRequests": [],
            },
            "paymentSummary": {
                "totalDueSeller": money(total - fee),
                "refunds": [refund(one, one.minor) for one in sale.refunds if not one.pieces],
                "payments": [payment(sale)] if sale.paid else [],
            },
            "totalMarketplaceFee": money(fee),
            "fulfillmentStartInstructions": [
                {"fulfillmentInstructionsType": "SHIP_TO", "shippingStep": {"shipTo": ship_to(sale)}}
            ],
            "lineItems": [self._line(sale, piece) for piece in sale.pieces],
        }

    def _line(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
        return {
            "lineItemId": str(10_081_000_000_000 + sale.no * 10 + piece.place),
            "legacyItemId": str(278_000_000_000 + piece.article),
            "sku": piece.code,
            "title": piece.title,
            "quantity": piece.qty,
            "lineItemCost": money(piece.gross_minor),
            "discountedLineItemCost": money(piece.net_minor - share),
            "total": money(piece.net_minor - share),
            "refunds": [
                refund(one, sale.share_minor(piece.place, one.pieces[piece.place]))
                for one in sale.refunds
                if piece.place in one.pieces
            ],
            "lineItemFulfillmentStatus": FULFILLED.get(sale.state, "NOT_STARTED"),
            "lineItemFulfillmentInstructions": {"shipByDate": iso(sale.created + 172_800)},
        }

    def _sent(self, asked: Asked) -> Said:
        parcels = self._sale(asked).parcels
        told = [{"shipmentTrackingNumber": p.tracking, "shippingCarrierCode": p.carrier} for p in parcels]
        return as_json({"fulfillments": told, "total": len(told)})

    def _public_key(self, _asked: Asked) -> Said:
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return as_json({"key": pem.decode().replace("\n", ""), "algorithm": "ECDSA", "digest": "SHA1"})

    @override
    def push(self, sale: Sale, no: int) -> Heard:
        told = {
            "metadata": {"topic": "ORDER_CONFIRMATION", "schemaVersion": "1.0", "deprecated": False},
            "notification": {
                "notificationId": f"sim{no}",
                "eventDate": iso(sale.modified),
                "publishDate": iso(self.shop.clock.now()),
                "publishAttemptCount": 1,
                "data": {"order": {"orderId": self.ext_id(sale.no)}},
            },
        }
        body = json.dumps(told, separators=(",", ":")).encode()
        signature = self._key.sign(body, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - what eBay signs with
        head = {
            "alg": "ecdsa",
            "kid": KEY_ID,
            "signature": base64.b64encode(signature).decode(),
            "digest": "SHA1",
        }
        signed = base64.b64encode(json.dumps(head).encode()).decode()
        return Heard("POST", "", "", {"content-type": "application/json", "x-ebay-signature": signed}, body)

    # --- writing -------------------------------------------------------------------------------------

    def _ship(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        carrier, tracking = (
            str(fields.get("shippingCarrierCode") or ""),
            str(fields.get("trackingNumber") or ""),
        )
        if not carrier or not tracking or not fields.get("lineItems"):
            raise _refused(400, 32500, "Invalid shipping fulfillment.")
        first = 10_081_000_000_000 + sale.no * 10
        pieces = {int(one["lineItemId"]) - first: int(one["quantity"]) for one in fields["lineItems"]}
        if not self.shop.ship(sale, self.ext_id(sale.no), carrier, tracking, pieces):
            raise _refused(400, 32510, "The order cannot be shipped or is shipped already.")
        where = f"{ORDER}/{self.ext_id(sale.no)}/shipping_fulfillment/{tracking}"
        return as_json({}, 201, {"Location": where})

    def _stock(self, asked: Asked) -> Said:
        requests = asked.fields.get("requests") or []
        if not isinstance(requests, list) or len(requests) > 25:
            raise _refused(400, 25725, "At most 25 SKUs at once.")
        for one in requests:
            self.shop.set_stock(str(one["sku"]), int(one["shipToLocationAvailability"]["quantity"]))
        return as_json({"responses": [{"sku": one["sku"], "statusCode": 200} for one in requests]})

    def _sale(self, asked: Asked) -> Sale:
        sale = self.find(asked.fields["id"])
        if sale is None:
            raise _refused(404, 32100, "Invalid order ID")
        return sale


def _refused(status: int, code: int, message: str) -> Refused:
    category = "APPLICATION" if status >= 500 else "REQUEST"
    told = {"errorId": code, "domain": "API_FULFILLMENT", "category": category, "message": message}
    return Refused(str(code), as_json({"errors": [told]}, status))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _refused(400, 2004, "Invalid request")
    return said


def _number(fields: dict[str, Any], name: str, default: int) -> int:
    text = str(fields.get(name, default))
    if not text.isdecimal():
        raise _refused(400, 30810, f"Invalid {name}")
    return int(text)


def _time(text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(400, 30810, "Invalid lastmodifieddate") from None
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp()
