"""WooCommerce: the REST interface of one shop, `/wp-json/wc/v3`, and its webhooks.

Source: channels.md 2.7; woocommerce-rest-api-docs, order of the wp-api-v3 pages. A simulator listens on plain
HTTP, where the real one wants OAuth 1; it takes Basic too, since a proxy may have ended the TLS.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote

from typing_extensions import override

from sync.simulators.abroad import lives
from sync.simulators.platform import Asked, Heard, Pushing, Refused, Said, as_json
from sync.simulators.sale import (
    AWAITING,
    CANCELLED,
    PAID,
    PART_SHIPPED,
    REFUNDED,
    SHIPPED,
    Piece,
    Refund,
    Sale,
)
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import major
from sync.simulators.weather import Weather

KEY, SECRET, HOOK_SECRET = "ck_simulated", "cs_simulated", "simulated-woo-hook"
ROOT = "/wp-json/wc/v3"
SKEW_S, LARGEST, REFUND = 900, 100, 60_000
STATES = {
    AWAITING: "pending",
    PAID: "processing",
    PART_SHIPPED: "processing",
    SHIPPED: "completed",
    CANCELLED: "cancelled",
    REFUNDED: "refunded",
}


class Woo(Pushing):
    """JSON over HTTP verbs; a bounded window sorted by number, so that changed orders drop out of it."""

    code: ClassVar[str] = "woocommerce"
    title: ClassVar[str] = "WooCommerce"
    pages: ClassVar[frozenset[str]] = frozenset({"GET orders", "GET refunds"})
    writes: ClassVar[frozenset[str]] = frozenset({"PUT orders", "POST notes", "POST batch", "PUT products"})

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            "GET orders": self._list,
            "GET order": self._one,
            "GET refunds": self._refunds,
            "PUT orders": self._update,
            "POST notes": self._note,
            "GET notes": self._notes,
            "POST batch": self._batch,
            "PUT products": self._product,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "base_url": base,
            "consumer_key": KEY,
            "consumer_secret": SECRET,
            "webhook_secret": HOOK_SECRET,
        }

    @override
    def ext_id(self, no: int) -> str:
        return str(700 + no)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        pairs = parse_qsl(heard.query, keep_blank_values=True)
        self._check(heard, pairs)
        path = heard.path.removeprefix(ROOT).strip("/").split("/")
        fields: dict[str, Any] = dict(pairs)
        if heard.body:
            fields |= _object(heard.body)
        match heard.method, path:
            case "GET", ["orders"]:
                return Asked("GET orders", fields)
            case "GET", ["refunds"]:
                return Asked("GET refunds", fields)
            case "GET", ["orders", ident]:
                return Asked("GET order", fields | {"id": ident})
            case "PUT" | "POST", ["orders", ident]:
                return Asked("PUT orders", fields | {"id": ident})
            case ("POST" | "GET") as verb, ["orders", ident, "notes"]:
                return Asked(f"{verb} notes", fields | {"id": ident})
            case "POST", ["products", ident, "variations", "batch"]:
                return Asked("POST batch", fields | {"product_id": ident})
            case "PUT", ["products", ident]:
                return Asked("PUT products", fields | {"id": ident})
        raise self.unknown(heard.path)

    def _check(self, heard: Heard, pairs: list[tuple[str, str]]) -> None:
        given = heard.headers.get("authorization", "")
        if given.startswith("Basic "):
            wanted = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
            if not hmac.compare_digest(given.removeprefix("Basic "), wanted):
                raise _refused(401, "woocommerce_rest_authentication_error", "Consumer secret is invalid.")
            return
        fields = dict(pairs)
        signature = fields.pop("oauth_signature", "")
        if not signature or fields.get("oauth_consumer_key") != KEY:
            raise _refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        url = f"http://{heard.headers.get('host', '')}{heard.path}"
        if not hmac.compare_digest(oauth_signature(heard.method, url, fields, SECRET), signature):
            raise _refused(
                401,
                "woocommerce_rest_authentication_error",
                "Invalid signature - provided signature does not match.",
            )
        stamp = fields.get("oauth_timestamp", "")
        if not stamp.isdecimal() or abs(int(stamp) - self.shop.clock.now()) > SKEW_S:
            raise _refused(401, "woocommerce_rest_authentication_error", "Invalid timestamp.")

    @override
    def throttled(self) -> Refused:
        said = as_json({"code": "too_many_requests", "message": "Slow down"}, 429, {"Retry-After": "2"})
        return Refused("429", said)

    @override
    def unwell(self) -> Refused:
        return Refused("503", Said(503, b"<html><body>Service Unavailable</body></html>"))

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(404, "rest_no_route", "No route was found matching the URL and request method.")

    # --- reading -------------------------------------------------------------------------------------

    def _list(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = _gmt(fields, "modified_after"), _gmt(fields, "modified_before")
        page, size = _number(fields, "page", 1), _number(fields, "per_page", 10)
        if page < 1 or not 1 <= size <= LARGEST:
            raise _refused(400, "rest_invalid_param", "Invalid parameter(s): page, per_page")
        if fields.get("dates_are_gmt") != "true":
            raise _refused(400, "rest_invalid_param", "The simulator's shop is not in UTC: use dates_are_gmt")
        if fields.get("orderby", "date") not in ("date", "id", "include", "title", "slug"):
            raise _refused(400, "rest_invalid_param", "Invalid parameter(s): orderby")
        numbers = self._changed(start, end, fields)
        found = [self._order(self.shop.sale(no)) for no in numbers[(page - 1) * size : page * size]]
        pages = -(-len(numbers) // size)
        return as_json(found, 200, {"X-WP-Total": str(len(numbers)), "X-WP-TotalPages": str(pages)})

    def _refunds(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = _gmt(fields, "after"), _gmt(fields, "before")
        page, size = _number(fields, "page", 1), _number(fields, "per_page", 10)
        if page < 1 or not 1 <= size <= LARGEST or fields.get("dates_are_gmt") != "true":
            raise _refused(400, "rest_invalid_param", "Invalid parameter(s): page, per_page, dates_are_gmt")
        made = self.shop.paid_back(start + 1, end - 1)
        if fields.get("order", "desc") == "desc":
            made.reverse()
        found = [self._refund(sale, one) for sale, one in made[(page - 1) * size : page * size]]
        pages = -(-len(made) // size)
        return as_json(found, 200, {"X-WP-Total": str(len(made)), "X-WP-TotalPages": str(pages)})

    def _refund(self, sale: Sale, refund: Refund) -> dict[str, Any]:
        ident, order = REFUND + refund.no, int(self.ext_id(sale.no))
        return {
            "id": ident,
            "parent_id": order,
            "date_created": _iso(refund.at + 28_800),
            "date_created_gmt": _iso(refund.at),
            "amount": major(refund.minor),
            "reason": "",
            "refunded_by": 1,
            "refunded_payment": False,
            "meta_data": [],
            "line_items": [
                {
                    "id": ident * 10 + place,
                    "name": sale.pieces[place].title,
                    "product_id": 90 + sale.pieces[place].article,
                    "variation_id": 9000 + sale.pieces[place].article,
                    "quantity": -qty,
                    "subtotal": f"-{major(sale.share_minor(place, qty))}",
                    "total": f"-{major(sale.share_minor(place, qty))}",
                    "total_tax": "0.00",
                    "meta_data": [
                        {"id": 1, "key": "_restock_refunded_items", "value": "no"},
                        {"id": 2, "key": "_refunded_item_id", "value": str(order * 10 + place)},
                    ],
                }
                for place, qty in refund.pieces.items()
            ],
            "_links": {"up": [{"href": f"https://shop.example.com{ROOT}/orders/{order}"}]},
        }

    def _changed(self, start: float, end: float, fields: dict[str, Any]) -> list[int]:
        window = self.shop.window(start + 1, end - 1)  # both ends are left out, as WordPress does
        numbers = sorted(sale_no for sale_no in window.numbers() if self._is_wanted(sale_no, fields))
        if fields.get("order", "desc") == "desc":
            numbers.reverse()
        return numbers

    def _is_wanted(self, no: int, fields: dict[str, Any]) -> bool:
        status = fields.get("status", "any")
        return bool(status == "any") or _status(self.shop.sale(no)) == status

    def _one(self, asked: Asked) -> Said:
        return as_json(self._order(self._sale(asked)))

    def _order(self, sale: Sale) -> dict[str, Any]:
        there = lives(sale)
        off = sale.seller_off_minor + sale.platform_minor
        address = {
            "first_name": "Example",
            "last_name": f"Buyer {sale.buyer % 1000}",
            "company": "",
            "address_1": there.street,
            "address_2": "",
            "city": there.city,
            "state": there.state,
            "postcode": there.postcode,
            "country": there.country,
            "phone": there.phone,
        }
        return {
            "id": int(self.ext_id(sale.no)),
            "parent_id": 0,
            "number": self.ext_id(sale.no),
            "status": _status(sale),
            "currency": "USD",
            "version": "9.9.0",
            "prices_include_tax": False,
            "date_created_gmt": _iso(sale.created),
            "date_modified_gmt": _iso(sale.modified),
            "date_paid_gmt": _iso(sale.paid) if sale.paid else None,
            "date_completed_gmt": _iso(sale.parcels[-1].at) if sale.parcels else None,
            "discount_total": major(off),
            "discount_tax": "0.00",
            "shipping_total": major(sale.postage_minor),
            "shipping_tax": "0.00",
            "cart_tax": "0.00",
            "total": major(sale.pay_minor),
            "total_tax": "0.00",
            "customer_id": sale.buyer % 10_000,
            "customer_note": sale.words,
            "billing": address | {"email": "buyer@example.com"},
            "shipping": address | sale.moved,
            "payment_method": "bacs",
            "meta_data": [],
            "line_items": [self._line(sale, piece) for piece in sale.pieces],
            "tax_lines": [],
            "shipping_lines": [_postage(sale)] if sale.postage_minor else [],
            "fee_lines": [],
            "coupon_lines": [],
            "refunds": [
                {"id": REFUND + one.no, "reason": "", "total": f"-{major(one.minor)}"} for one in sale.refunds
            ],
        }

    def _line(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
        net = piece.net_minor - share
        return {
            "id": int(self.ext_id(sale.no)) * 10 + piece.place,
            "name": piece.title,
            "product_id": 90 + piece.article,
            "variation_id": 9000 + piece.article,
            "quantity": piece.qty,
            "subtotal": major(piece.gross_minor),
            "subtotal_tax": "0.00",
            "total": major(net),
            "total_tax": "0.00",
            "taxes": [],
            "meta_data": [],
            "sku": piece.code,
            "price": net / piece.qty / 100,
        }

    @override
    def push(self, sale: Sale, no: int) -> Heard:
        body = json.dumps(self._order(sale), ensure_ascii=False).encode()
        signature = base64.b64encode(hmac.new(HOOK_SECRET.encode(), body.strip(), "sha256").digest()).decode()
        headers = {
            "content-type": "application/json",
            "x-wc-webhook-signature": signature,
            "x-wc-webhook-topic": "order.updated",
            "x-wc-webhook-delivery-id": f"sim{no}",
        }
        return Heard("POST", "", "", headers, body)

    # --- writing -------------------------------------------------------------------------------------

    def _update(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        if fields.get("status") == "completed" and sale.state != SHIPPED:  # said again it changes nothing
            self.shop.ship(sale, self.ext_id(sale.no), "", "")
        if isinstance(fields.get("shipping"), dict):
            self.shop.move(sale, self.ext_id(sale.no), fields["shipping"])
        return as_json(self._order(sale))

    def _note(self, asked: Asked) -> Said:
        sale, note = self._sale(asked), str(asked.fields.get("note") or "")
        if not note:
            raise _refused(400, "rest_missing_callback_param", "Missing parameter(s): note")
        self.shop.write_memo(sale, self.ext_id(sale.no), f"{sale.memo}\n{note}".strip(), sale.flag)
        return as_json({"id": len(self.shop.writes), "note": note}, 201)

    def _notes(self, asked: Asked) -> Said:
        sale = self._sale(asked)
        return as_json([{"id": i, "note": note} for i, note in enumerate(sale.memo.split("\n"), 1) if note])

    def _batch(self, asked: Asked) -> Said:
        changes = asked.fields.get("update") or []
        if not isinstance(changes, list) or len(changes) > 100:
            raise _refused(413, "woocommerce_rest_request_entity_too_large", "More than 100 items.")
        for one in changes:
            self.shop.set_stock(str(one["id"]), int(one["stock_quantity"]))
        return as_json({"update": changes})

    def _product(self, asked: Asked) -> Said:
        self.shop.set_stock(str(asked.fields["id"]), int(asked.fields.get("stock_quantity") or 0))
        return as_json({"id": int(asked.fields["id"]), "stock_quantity": self.shop.stock[asked.fields["id"]]})

    def _sale(self, asked: Asked) -> Sale:
        sale = self.find(asked.fields["id"])
        if sale is None:
            raise _refused(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
        return sale


def oauth_signature(method: str, url: str, fields: dict[str, str], secret: str) -> str:
    """Sign as OAuth 1 without a token: method, address and sorted fields, each encoded, under `secret&`."""
    encoded: Callable[[str], str] = lambda text: quote(text, safe="-._~")  # noqa: E731 - used five times below
    pairs = sorted((encoded(name), encoded(value)) for name, value in fields.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    text = "&".join((method.upper(), encoded(url), encoded(joined)))
    algorithm = "sha1" if fields.get("oauth_signature_method") == "HMAC-SHA1" else "sha256"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), algorithm).digest()).decode()


def _status(sale: Sale) -> str:
    return STATES[REFUNDED] if sale.is_paid_back else STATES[sale.state]


def _postage(sale: Sale) -> dict[str, Any]:
    return {
        "id": 80_000 + sale.no,
        "method_id": "flat_rate",
        "total": major(sale.postage_minor),
        "total_tax": "0.00",
    }


def _refused(status: int, code: str, message: str) -> Refused:
    return Refused(code, as_json({"code": code, "message": message, "data": {"status": status}}, status))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _refused(400, "rest_invalid_json", "Invalid JSON body passed.")
    return said


def _gmt(fields: dict[str, Any], name: str) -> float:
    try:
        return datetime.fromisoformat(str(fields.get(name)).rstrip("Z")).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _refused(400, "rest_invalid_param", f"Invalid parameter(s): {name}") from None


def _number(fields: dict[str, Any], name: str, default: int) -> int:
    text = str(fields.get(name, default))
    if not text.isdecimal():
        raise _refused(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text)


def _iso(at: float) -> str:
    """Write a time without its zone, as WordPress does."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
