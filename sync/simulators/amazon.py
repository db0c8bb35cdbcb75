"""Amazon: the Selling Partner API, orders of 2026-01-01, with a login of its own.

Source: channels.md 2.8; models orders_2026-01-01.json, ordersV0.json (confirmShipment), listingsItems.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from typing_extensions import override

from sync.simulators.abroad import lives
from sync.simulators.platform import Asked, Heard, Platform, Refused, Said, as_json
from sync.simulators.sale import ASKED, CANCELLED, PART_SHIPPED, REFUNDED, SHIPPED, Piece, Refund, Sale
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import major
from sync.simulators.weather import Weather

CLIENT, SECRET, REFRESH = "amzn1.simulated-client", "simulated-amazon-secret", "simulated-amazon-refresh"
MARKET, ORDERS = "ATVPDKIKX0DER", "/orders/2026-01-01/orders"
LAG_S, LARGEST = 120, 100
STATES = {SHIPPED: "SHIPPED", PART_SHIPPED: "PARTIALLY_SHIPPED", CANCELLED: "CANCELLED", REFUNDED: "SHIPPED"}


class Amazon(Platform):
    """JSON over HTTP verbs, a token that a login of its own gives, a token for each page."""

    code: ClassVar[str] = "amazon"
    title: ClassVar[str] = "Amazon"
    pages: ClassVar[frozenset[str]] = frozenset({"searchOrders", "listFinancialEvents"})
    writes: ClassVar[frozenset[str]] = frozenset({"confirmShipment", "patchListingsItem"})
    shows_unpaid: ClassVar[bool] = False

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            "token": self._give_token,
            "searchOrders": self._search,
            "getOrder": self._get,
            "listFinancialEvents": self._financial_events,
            "confirmShipment": self._ship,
            "patchListingsItem": self._stock,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "marketplace_id": MARKET,
            "seller_id": "SIMULATED",
            "auth_url": f"{base}/auth/o2/token",
            "base_url": base,
        }

    @override
    def ext_id(self, no: int) -> str:
        return f"202-{no // 10_000_000:07d}-{no % 10_000_000:07d}"

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        fields: dict[str, Any] = dict(parse_qsl(heard.query, keep_blank_values=True))
        if heard.path == "/auth/o2/token":
            return Asked("token", dict(parse_qsl(heard.body.decode(errors="replace"))))
        if not self.is_token(heard.headers.get("x-amz-access-token")):
            raise _refused(403, "Unauthorized", "Access to requested resource is denied.")
        if heard.body:
            fields |= _object(heard.body)
        path = heard.path.strip("/").split("/")
        match heard.method, path:
            case "GET", ["orders", "2026-01-01", "orders"]:
                return Asked("searchOrders", fields)
            case "GET", ["orders", "2026-01-01", "orders", ident]:
                return Asked("getOrder", fields | {"id": ident})
            case "GET", ["finances", "v0", "financialEvents"]:
                return Asked("listFinancialEvents", fields)
            case "POST", ["orders", "v0", "orders", ident, "shipmentConfirmation"]:
                return Asked("confirmShipment", fields | {"id": ident})
            case "PATCH", ["listings", "2021-08-01", "items", _, sku]:
                return Asked("patchListingsItem", fields | {"sku": sku})
        raise self.unknown(heard.path)

    def _give_token(self, asked: Asked) -> Said:
        known = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
        if asked.fields != known | {"grant_type": "refresh_token"}:
            told = {
                "error": "invalid_grant",
                "error_description": "The request has an invalid grant parameter",
            }
            raise Refused("invalid_grant", as_json(told, 400))
        return as_json({"access_token": self.renew(), "token_type": "bearer", "expires_in": 3600})

    @override
    def throttled(self) -> Refused:
        refused = _refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
        said = refused.said
        return Refused(
            refused.code, Said(429, said.body, {**said.headers, "x-amzn-RateLimit-Limit": "0.0056"})
        )

    @override
    def unwell(self) -> Refused:
        return _refused(503, "ServiceUnavailable", "Service is temporarily unavailable.")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(404, "NotFound", "The requested resource is not found.")

    # --- reading -------------------------------------------------------------------------------------

    def _search(self, asked: Asked) -> Said:
        fields = dict(asked.fields)
        token = fields.pop("paginationToken", "")
        if "createdAfter" in fields or "lastUpdatedAfter" not in fields:
            raise _refused(400, "InvalidInput", "Give either createdAfter or lastUpdatedAfter.")
        now = self.shop.clock.now()
        start, end = _time(fields, "lastUpdatedAfter", 0), _time(fields, "lastUpdatedBefore", now - LAG_S)
        size = str(fields.get("maxResultsPerPage", LARGEST))
        if end > now - LAG_S or start > end or not size.isdecimal() or not 1 <= int(size) <= LARGEST:
            raise _refused(400, "InvalidInput", "Invalid lastUpdatedBefore or maxResultsPerPage.")
        if MARKET not in str(fields.get("marketplaceIds", "")).split(","):
            raise _refused(400, "InvalidInput", "Missing marketplaceIds.")
        at, no = _position(token, fields)
        found = self.shop.window(start, end).behind(at, no, int(size) + 1)
        page = found[: int(size)]
        included = set(str(fields.get("includedData", "")).split(","))
        told: dict[str, Any] = {"orders": [self._order(sale, included) for sale in page]}
        if len(found) > len(page):
            told["pagination"] = {"nextToken": _token(page[-1], fields)}
        return as_json(told | {"lastUpdatedBefore": _iso(end)})

    def _get(self, asked: Asked) -> Said:
        included = set(str(asked.fields.get("includedData", "")).split(","))
        return as_json({"order": self._order(self._sale(asked), included)})

    def _financial_events(self, asked: Asked) -> Said:
        fields = dict(asked.fields)
        now, token = self.shop.clock.now(), str(fields.pop("NextToken", ""))
        start, end = _time(fields, "PostedAfter", 0), _time(fields, "PostedBefore", now - LAG_S)
        size = str(fields.get("MaxResultsPerPage", LARGEST))
        if end > now - LAG_S or start > end or not size.isdecimal() or not 1 <= int(size) <= LARGEST:
            raise _refused(400, "InvalidInput", "Invalid PostedBefore or MaxResultsPerPage.")
        skip = int(token) if token.isdecimal() else 0
        found = self.shop.paid_back(start, end)
        page = found[skip : skip + int(size)]
        events = [self._refund_event(sale, refund) for sale, refund in page]
        told: dict[str, Any] = {"FinancialEvents": {"ShipmentEventList": [], "RefundEventList": events}}
        if len(found) > skip + len(page):
            told["NextToken"] = str(skip + len(page))
        return as_json({"payload": told})

    def _refund_event(self, sale: Sale, refund: Refund) -> dict[str, Any]:
        items = [
            {
                "SellerSKU": sale.pieces[place].code,
                "OrderAdjustmentItemId": str(45_000_000_000 + refund.no * 10 + place),
                "QuantityShipped": qty,
                "ItemChargeAdjustmentList": [
                    {"ChargeType": "Principal", "ChargeAmount": _currency(-sale.share_minor(place, qty))},
                    {"ChargeType": "Tax", "ChargeAmount": _currency(0)},
                ],
            }
            for place, qty in refund.pieces.items()
        ]
        goods_minor = sum(sale.share_minor(place, qty) for place, qty in refund.pieces.items())
        if rest := refund.minor - goods_minor:
            charge = {"ChargeType": "Goodwill", "ChargeAmount": _currency(-rest)}
            number = str(45_000_000_000 + refund.no * 10 + 9)
            items.append({"OrderAdjustmentItemId": number, "ItemChargeAdjustmentList": [charge]})
        return {
            "AmazonOrderId": self.ext_id(sale.no),
            "PostedDate": _iso(refund.at),
            "MarketplaceName": "Amazon.com",
            "ShipmentItemAdjustmentList": items,
        }

    def _order(self, sale: Sale, included: set[str]) -> dict[str, Any]:
        sent = sale.state == SHIPPED
        order = {
            "orderId": self.ext_id(sale.no),
            "createdTime": _iso(sale.created),
            "lastUpdatedTime": _iso(sale.modified),
            "programs": list[str](),
            "salesChannel": {
                "channelName": "AMAZON",
                "marketplaceId": MARKET,
                "marketplaceName": "Amazon.com",
            },
            "orderItems": [self._item(sale, piece, included, is_sent=sent) for piece in sale.pieces],
        }
        if "BUYER" in included:
            order["buyer"] = {"buyerEmail": "buyer@marketplace.amazon.com"}
        if "RECIPIENT" in included:
            order["recipient"] = {"deliveryAddress": _address(sale)}
        if "PROCEEDS" in included:
            order["proceeds"] = {
                "grandTotal": _money(sale.pay_minor),
                "breakdowns": [
                    {"type": "ITEM", "subtotal": _money(sale.pay_minor - sale.postage_minor)},
                    {"type": "SHIPPING", "subtotal": _money(sale.postage_minor)},
                ],
            }
        if "FULFILLMENT" in included:
            order["fulfillment"] = {
                "fulfillmentStatus": STATES.get(sale.state, "UNSHIPPED"),
                "fulfilledBy": "MERCHANT",
                "fulfillmentServiceLevel": "STANDARD",
                "shipByWindow": {"latestDateTime": _iso(sale.created + 172_800)},
            }
        if "PACKAGES" in included:
            order["packages"] = [
                {"packageReferenceId": str(n), "carrier": p.carrier, "trackingNumber": p.tracking}
                for n, p in enumerate(sale.parcels, 1)
            ]
        return order

    def _item(self, sale: Sale, piece: Piece, included: set[str], *, is_sent: bool) -> dict[str, Any]:
        share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
        postage = sale.postage_minor if piece.place == 0 else 0
        item = {
            "orderItemId": f"{79_000_000_000_000 + sale.no * 10 + piece.place}",
            "quantityOrdered": piece.qty,
            "product": {
                "asin": f"B0SIM{piece.article:05d}",
                "title": piece.title,
                "sellerSku": piece.code,
                "price": {"unitPrice": _money(piece.unit_minor)},
            },
            "fulfillment": {
                "quantityFulfilled": piece.qty if is_sent else 0,
                "quantityUnfulfilled": 0 if is_sent else piece.qty,
            },
        }
        if "CANCELLATION" in included and piece.refund == ASKED and not sale.parcels:
            item["cancellation"] = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "OTHER"}}
        if "PROCEEDS" in included:
            item["proceeds"] = {
                "proceedsTotal": _money(piece.net_minor - share + postage),
                "breakdowns": [{"type": "ITEM", "subtotal": _money(piece.net_minor - share)}],
            }
        return item

    # --- writing -------------------------------------------------------------------------------------

    def _ship(self, asked: Asked) -> Said:
        sale, package = self._sale(asked), asked.fields.get("packageDetail") or {}
        carrier, tracking = str(package.get("carrierCode") or ""), str(package.get("trackingNumber") or "")
        if not carrier or not tracking or asked.fields.get("marketplaceId") != MARKET:
            raise _refused(400, "InvalidInput", "Missing packageDetail.")
        items = package.get("orderItems") or []
        first = 79_000_000_000_000 + sale.no * 10
        pieces = {int(one["orderItemId"]) - first: int(one["quantity"]) for one in items}
        if not self.shop.ship(sale, self.ext_id(sale.no), carrier, tracking, pieces):
            raise _refused(400, "InvalidInput", "Order is already shipped or cannot be shipped.")
        return Said(204, b"")

    def _stock(self, asked: Asked) -> Said:
        for patch in asked.fields.get("patches") or []:
            if patch.get("path") == "/attributes/fulfillment_availability":
                self.shop.set_stock(str(asked.fields["sku"]), int(patch["value"][0]["quantity"]))
        return as_json({"sku": asked.fields["sku"], "status": "ACCEPTED", "submissionId": "simulated"})

    def _sale(self, asked: Asked) -> Sale:
        sale = self.find(asked.fields["id"])
        if sale is None:
            raise self.unknown("order")
        return sale


def _refused(status: int, code: str, message: str) -> Refused:
    return Refused(code, as_json({"errors": [{"code": code, "message": message, "details": ""}]}, status))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _refused(400, "InvalidInput", "Could not match input arguments.")
    return said


def _time(fields: dict[str, Any], name: str, default: float) -> float:
    if name not in fields:
        return default
    try:
        at = datetime.fromisoformat(str(fields[name]))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _refused(400, "InvalidInput", f"Invalid {name}: ISO 8601 with its zone.")
    return at.timestamp()


def _token(sale: Sale, fields: dict[str, Any]) -> str:
    """Name a place in a list; it stands only for the very question it was given to."""
    said = [sale.modified, sale.no, sorted(fields.items())]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode()


def _position(token: str, fields: dict[str, Any]) -> tuple[int, int]:
    if not token:
        return -1, -1
    try:
        at, no, asked = json.loads(base64.urlsafe_b64decode(token))
        if [tuple(pair) for pair in asked] == sorted(fields.items()):
            return int(at), int(no)
    except (ValueError, TypeError):
        pass
    raise _refused(400, "InvalidInput", "paginationToken was given to another request.")


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _money(minor: int) -> dict[str, str]:
    return {"amount": major(minor), "currencyCode": "USD"}


def _currency(minor: int) -> dict[str, Any]:
    return {"CurrencyCode": "USD", "CurrencyAmount": minor / 100}


def _address(sale: Sale) -> dict[str, str]:
    there = lives(sale)
    return {
        "name": f"Example Buyer {sale.buyer % 1000}",
        "addressLine1": there.street,
        "addressLine2": "",
        "city": there.city,
        "stateOrRegion": there.state_name,
        "postalCode": there.postcode,
        "countryCode": there.country,
        "phone": there.phone,
    }
