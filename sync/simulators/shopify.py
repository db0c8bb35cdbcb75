"""Shopify: the GraphQL Admin interface of one shop, and its webhooks in the older JSON.

Source: channels.md 2.6; fixtures of go-shopify and shopify_python_api, the recorded GraphQL order.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from typing_extensions import override

from sync.simulators.graphql import Misread, Wanted, picked, wanted
from sync.simulators.platform import Asked, Heard, Pushing, Refused, Said, as_json
from sync.simulators.sale import (
    CANCELLED,
    PART_SHIPPED,
    SHIPPED,
    Piece,
    Refund,
    Sale,
)
from sync.simulators.shop import Shop
from sync.simulators.shopify_orders import (
    address,
    amount,
    financial,
    iso,
    refund_node,
    rest_order,
    rest_refund,
    return_status,
    returns,
)
from sync.simulators.weather import Weather

SECRET = "simulated-shopify-secret"  # noqa: S105 - of this simulator, and public
GROUP = 1_000_000_000
BUCKET, RESTORED_A_SECOND, LARGEST = 2000, 100, 250
PATH = re.compile(r"/admin/api/\d{4}-\d{2}/graphql\.json")
STATUS = re.compile(r"(financial|return)_status:(\w+)")
BOUND = re.compile(r"updated_at:\s*(>=|<=|>|<)\s*'?([^'\s)]+)'?")


class Shopify(Pushing):
    """GraphQL over one address, a bucket of cost that refills, cursors instead of pages."""

    code: ClassVar[str] = "shopify"
    title: ClassVar[str] = "Shopify"
    pages: ClassVar[frozenset[str]] = frozenset({"orders"})
    writes: ClassVar[frozenset[str]] = frozenset(
        {"fulfillmentCreate", "inventorySetQuantities", "orderUpdate"}
    )

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self._left, self._filled_at = float(BUCKET), shop.clock.now()
        self.calls = {
            "orders": self._orders,
            "order": self._order_alone,
            "fulfillmentCreate": self._fulfil,
            "inventorySetQuantities": self._stock,
            "orderUpdate": self._update,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {"base_url": base, "access_token": self.token, "api_secret": SECRET}

    @override
    def ext_id(self, no: int) -> str:
        return str(5_663_000_000_000 + no * 17)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        if heard.method != "POST" or not PATH.fullmatch(heard.path):
            raise Refused("404", as_json({"errors": "Not Found"}, 404))
        if heard.headers.get("x-shopify-access-token") != self.token:
            message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            raise Refused("401", as_json({"errors": message}, 401))
        try:
            said = json.loads(heard.body)
            fields = wanted(str(said["query"]), said.get("variables") or {})
        except (ValueError, KeyError, TypeError, AttributeError, Misread) as fault:
            raise _wrong(str(fault)) from None
        if len(fields) != 1:
            raise _wrong("one field of the root at a time")
        self._pay(2 + int(fields[0].arguments.get("first") or 0))
        return Asked(fields[0].name, {"field": fields[0]})

    def _pay(self, cost: int) -> None:
        now = self.shop.clock.now()
        self._left = min(BUCKET, self._left + (now - self._filled_at) * RESTORED_A_SECOND)
        self._filled_at = now
        if cost > self._left:
            raise self.throttled()
        self._left -= cost

    def _answered(self, name: str, value: Any) -> Said:
        left = {
            "maximumAvailable": float(BUCKET),
            "currentlyAvailable": int(self._left),
            "restoreRate": float(RESTORED_A_SECOND),
        }
        return as_json({"data": {name: value}, "extensions": {"cost": {"throttleStatus": left}}})

    @override
    def throttled(self) -> Refused:
        left = {"maximumAvailable": float(BUCKET), "currentlyAvailable": int(self._left)}
        told = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        body = {"errors": [told], "extensions": {"cost": {"throttleStatus": left}}}
        return Refused("THROTTLED", as_json(body))

    @override
    def unwell(self) -> Refused:
        told = {"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
        return Refused("INTERNAL_SERVER_ERROR", as_json({"errors": [told]}))

    @override
    def unknown(self, name: str) -> Refused:
        return _wrong(f"Field '{name}' doesn't exist on type 'QueryRoot'")

    # --- reading -------------------------------------------------------------------------------------

    def _orders(self, asked: Asked) -> Said:
        field: Wanted = asked.fields["field"]
        arguments = field.arguments
        first = int(arguments.get("first") or 0)
        if not 1 <= first <= LARGEST or arguments.get("sortKey") != "UPDATED_AT":
            raise _wrong("first is 1 to 250 and the simulator sorts by UPDATED_AT")
        start, end = _bounds(str(arguments.get("query") or ""))
        window = self.shop.window(start, end)
        at, no = _cursor(arguments.get("after"))
        statuses = set(STATUS.findall(str(arguments.get("query") or "")))
        found = _of(statuses, window.touched_behind(at, no)) if statuses else window.behind(at, no, first + 1)
        edges = [{"cursor": _position(sale), "node": self._node(sale)} for sale in found[:first]]
        page = {
            "pageInfo": {
                "hasNextPage": len(found) > first,
                "hasPreviousPage": bool(arguments.get("after")),
                "endCursor": edges[-1]["cursor"] if edges else None,
                "startCursor": edges[0]["cursor"] if edges else None,
            },
            "edges": edges,
            "nodes": [edge["node"] for edge in edges],
        }
        return self._answered("orders", _chosen(page, field))

    def _order_alone(self, asked: Asked) -> Said:
        field: Wanted = asked.fields["field"]
        sale = self._by_gid(field.arguments.get("id"))
        return self._answered("order", _chosen(self._node(sale), field) if sale else None)

    def _node(self, sale: Sale) -> dict[str, Any]:
        ident = self.ext_id(sale.no)
        lines = [self._line(sale, piece) for piece in sale.pieces]
        return {
            "id": f"gid://shopify/Order/{ident}",
            "legacyResourceId": ident,
            "name": f"#{1000 + sale.no}",
            "createdAt": iso(sale.created),
            "updatedAt": iso(sale.modified),
            "processedAt": iso(sale.paid or sale.created),
            "cancelledAt": iso(sale.modified) if sale.state == CANCELLED else None,
            "closedAt": None,
            "currencyCode": "USD",
            "presentmentCurrencyCode": "USD",
            "displayFinancialStatus": financial(sale).upper(),
            "displayFulfillmentStatus": {SHIPPED: "FULFILLED", PART_SHIPPED: "PARTIALLY_FULFILLED"}.get(
                sale.state, "UNFULFILLED"
            ),
            "returnStatus": return_status(sale),
            "note": sale.words or None,
            "tags": [sale.memo] if sale.memo else [],
            "sourceName": "web",
            "paymentGatewayNames": ["bogus"],
            "discountCodes": [],
            "customAttributes": [],
            "shippingLine": {"title": "Standard"},
            "email": "buyer@example.com",
            "phone": None,
            "totalPriceSet": amount(sale.pay_minor),
            "currentTotalPriceSet": amount(sale.pay_minor - sale.refunded_minor),
            "subtotalPriceSet": amount(sale.pay_minor - sale.postage_minor),
            "totalShippingPriceSet": amount(sale.postage_minor),
            "totalDiscountsSet": amount(sale.seller_off_minor + sale.platform_minor),
            "totalTaxSet": amount(0),
            "totalRefundedSet": amount(sale.refunded_minor),
            "customer": {"id": f"gid://shopify/Customer/{sale.buyer}"},
            "shippingAddress": address(sale),
            "lineItems": {
                "edges": [{"node": line} for line in lines],
                "nodes": lines,
                "pageInfo": {"hasNextPage": False, "endCursor": None},
            },
            "refunds": [refund_node(ident, sale, refund) for refund in sale.refunds],
            "returns": {"nodes": returns(ident, sale)},
            "fulfillments": [_fulfillment(sale, no) for no in range(len(sale.parcels))],
            "fulfillmentOrders": {"nodes": [_group(ident, sale, lines)]},
        }

    def _line(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
        off = piece.off_minor + share
        return {
            "id": f"gid://shopify/LineItem/{int(self.ext_id(sale.no)) * 10 + piece.place}",
            "name": piece.title,
            "title": piece.title,
            "sku": piece.code or None,
            "variant": {
                "id": f"gid://shopify/ProductVariant/{47_000_000 + piece.article}",
                "inventoryItem": {"id": f"gid://shopify/InventoryItem/{49_000_000 + piece.article}"},
            },
            "quantity": piece.qty,
            "currentQuantity": piece.qty - sum(one.pieces.get(piece.place, 0) for one in sale.refunds),
            "unfulfilledQuantity": 0 if sale.state == SHIPPED else piece.qty,
            "originalUnitPriceSet": amount(piece.unit_minor),
            "originalTotalSet": amount(piece.gross_minor),
            "discountedTotalSet": amount(piece.gross_minor - off),
            "totalDiscountSet": amount(0),
            "discountAllocations": [{"allocatedAmountSet": amount(off)}] if off else [],
        }

    @override
    def push(self, sale: Sale, no: int) -> Heard:
        return self._delivery(rest_order(self.ext_id(sale.no), sale), "orders/updated", sale, no)

    def push_refund(self, sale: Sale, refund: Refund, no: int) -> Heard:
        """Return its `no`-th delivery: what it says of a refund by itself."""
        return self._delivery(rest_refund(self.ext_id(sale.no), sale, refund), "refunds/create", sale, no)

    def _delivery(self, told: dict[str, Any], topic: str, sale: Sale, no: int) -> Heard:
        body = json.dumps(told, ensure_ascii=False).encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, "sha256").digest()).decode()
        headers = {
            "content-type": "application/json",
            "x-shopify-hmac-sha256": signature,
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": "simulated.myshopify.com",
            "x-shopify-webhook-id": f"sim{no}",
            "x-shopify-triggered-at": iso(sale.modified),
        }
        return Heard("POST", "", "", headers, body)

    # --- writing -------------------------------------------------------------------------------------

    def _fulfil(self, asked: Asked) -> Said:
        field: Wanted = asked.fields["field"]
        said = field.arguments.get("fulfillment") or {}
        orders = said.get("lineItemsByFulfillmentOrder") or [{}]
        tracking = said.get("trackingInfo") or {}
        sale = self._of_group(orders[0].get("fulfillmentOrderId"))
        number, carrier = str(tracking.get("number") or ""), str(tracking.get("company") or "")
        told: dict[str, Any] = {"fulfillment": None, "userErrors": []}
        entries = orders[0].get("fulfillmentOrderLineItems") or []
        pieces = {int(one["id"].rpartition("/")[2]) - GROUP: int(one["quantity"]) for one in entries}
        if sale is None or not self.shop.ship(sale, self.ext_id(sale.no), carrier, number, pieces or None):
            message = "Fulfillment order does not exist or has no remaining line items to fulfill."
            told["userErrors"] = [{"field": ["fulfillment"], "message": message}]
        else:
            told["fulfillment"] = _fulfillment(sale, len(sale.parcels) - 1)
        return self._answered("fulfillmentCreate", _chosen(told, field))

    def _stock(self, asked: Asked) -> Said:
        field: Wanted = asked.fields["field"]
        said, errors = field.arguments.get("input") or {}, []
        for one in said.get("quantities") or []:
            item, compare = str(one["inventoryItemId"]), one.get("compareQuantity")
            if not said.get("ignoreCompareQuantity") and compare != self.shop.stock.get(item, 0):
                errors.append({"field": ["input"], "message": "The compareQuantity does not match."})
            else:
                self.shop.set_stock(item, int(one["quantity"]))
        told = {"inventoryAdjustmentGroup": None, "userErrors": errors}
        return self._answered("inventorySetQuantities", _chosen(told, field))

    def _update(self, asked: Asked) -> Said:
        field: Wanted = asked.fields["field"]
        said = field.arguments.get("input") or {}
        sale = self._by_gid(said.get("id"))
        if sale is None:
            raise _wrong("invalid id")
        if "note" in said:
            sale.words = str(said["note"] or "")
            self.shop.note("memo", self.ext_id(sale.no), sale.words)
            self.shop.touch(sale)
        if "shippingAddress" in said:
            self.shop.move(sale, self.ext_id(sale.no), said["shippingAddress"])
        told = {"order": self._node(sale), "userErrors": list[Any]()}
        return self._answered("orderUpdate", _chosen(told, field))

    def _of_group(self, gid: object) -> Sale | None:
        """Return the order of a fulfilment order, which has another number."""
        number = str(gid).rpartition("FulfillmentOrder/")[2]
        return self.find(str(int(number) - GROUP)) if number.isdecimal() else None

    def _by_gid(self, gid: object) -> Sale | None:
        return self.find(str(gid).rpartition("/")[2])


def _group(ident: str, sale: Sale, lines: list[dict[str, Any]]) -> dict[str, Any]:
    status = "CLOSED" if sale.state == SHIPPED else "CANCELLED" if sale.state == CANCELLED else "OPEN"
    entries = [
        {
            "id": f"gid://shopify/FulfillmentOrderLineItem/{GROUP + piece.place}",
            "remainingQuantity": piece.qty - piece.sent,
            "lineItem": {"id": line["id"]},
        }
        for piece, line in zip(sale.pieces, lines, strict=True)
    ]
    return {"id": group_of(ident), "status": status, "lineItems": {"nodes": entries}}


def group_of(ident: str) -> str:
    """Name the fulfilment order of an order: it has a number of its own."""
    return f"gid://shopify/FulfillmentOrder/{int(ident) + GROUP}"


def _chosen(data: dict[str, Any], field: Wanted) -> dict[str, Any]:
    try:
        return picked(data, field.below)
    except Misread as fault:
        raise _wrong(str(fault)) from None


def _wrong(message: str) -> Refused:
    return Refused("query", as_json({"errors": [{"message": message}]}))


def _bounds(query: str) -> tuple[float, float]:
    """Read between which times an order must have changed."""
    start, end = 0.0, 1e12
    for sign, text in BOUND.findall(query):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise _wrong(f"Invalid search field: {text}") from None
        seconds = at.replace(tzinfo=at.tzinfo or UTC).timestamp()
        match sign:
            case ">=":
                start = seconds
            case ">":
                start = seconds + 1
            case "<=":
                end = seconds
            case _:
                end = seconds - 1
    return start, end


def _of(statuses: set[tuple[str, str]], sales: list[Sale]) -> list[Sale]:
    """Return the orders of which one of some words holds."""
    return [
        sale
        for sale in sales
        if ("financial", financial(sale)) in statuses or ("return", return_status(sale).lower()) in statuses
    ]


def _position(sale: Sale) -> str:
    return base64.b64encode(f"{sale.modified}:{sale.no}".encode()).decode()


def _cursor(text: Any) -> tuple[int, int]:
    if not text:
        return -1, -1
    try:
        at, _, no = base64.b64decode(str(text)).decode().partition(":")
        return int(at), int(no)
    except ValueError:
        raise _wrong("Invalid cursor for current pagination sort.") from None


def _fulfillment(sale: Sale, no: int) -> dict[str, Any]:
    parcel = sale.parcels[no]
    return {
        "id": f"gid://shopify/Fulfillment/{sale.no}{no}",
        "status": "SUCCESS",
        "trackingInfo": [{"number": parcel.tracking, "company": parcel.carrier, "url": None}],
    }
