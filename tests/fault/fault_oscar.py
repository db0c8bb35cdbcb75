"""A shop nobody here wrote sells more than it has, to many buyers at once; the hub that reads it must notice.

django-oscar looks whether there is enough and takes it later, so a rush on a scarce article sells too many.
Docket promises what lies on the shelf, holds every order beyond that, and names how many pieces are lacking.
"""

from __future__ import annotations

import argparse

import msgspec
from databases import fresh_database
from hub_world import FEED, SEAL, HubWorld, company
from oscar_house import PASSWORD, opened

from app.boot.bench import Measured
from app.domain.order import Status
from sync import tables
from sync.hub.database import writing
from sync.hub.drain import Drain
from sync.hub.polling.connections import connect
from sync.hub.polling.poller import Poller
from sync.hub.polling.taking import Tools
from sync.hub.prepare import Preparer
from sync.manifest.line import Http

OSCAR = {
    "settings": {"user": {"type": "text", "label": {"zh": "用户", "en": "User"}}},
    "transport": {
        "auth": {
            "strategy": "basic", "header": None, "value": None, "user": "{{user}}", "password": "{{api_key}}",
            "require_https": False,
        }
    },
    "streams": {
        "orders": {
            "call": {"path": "/api/admin/orders/"},
            "pages": {"size_param": None, "size": 50, "total": "count"},
            "records": "results",
            "detail": {
                "call": {"path": "/api/admin/orders/{{record.id}}/lines/"},
                "record": "results",
                "into": "lines",
            },
            "one": {"path": "/api/admin/orders/{{id}}/"},
            "dedupe": {"key": ["number"], "version": None},
        }
    },
    "map": {
        "tz": "UTC",
        "order": {
            "ext_id": {"path": "number", "type": "text", "required": True},
            "created_at": {"path": "date_placed", "type": "time", "required": True},
            "paid_at": {"path": "date_placed", "type": "time"},
            "payable": {"path": "total_incl_tax", "type": "money", "required": True},
            "paid": {"path": "total_incl_tax", "type": "money"},
            "shipping": {"path": "shipping_incl_tax", "type": "money"},
            "name": {"path": "shipping_address.first_name"},
            "name2": {"path": "shipping_address.last_name"},
            "phone": {"path": "shipping_address.phone_number"},
            "city": {"path": "shipping_address.line4"},
            "street": {"path": "shipping_address.line1"},
            "postcode": {"path": "shipping_address.postcode"},
            "country": {"const": "GB"},
        },
        "status": [
            {"when": {"status": ["new", "Pending", "Being processed"]}, "then": "to_ship"},
            {"when": {"status": "Cancelled"}, "then": "cancelled"},
        ],
        "lists": ["lines"],
        "line": {
            "sku": {"path": "partner_sku", "type": "text"},
            "title": {"path": "title"},
            "qty": {"path": "quantity", "type": "int"},
            "unit_price": {"expr": "price_incl_tax / quantity", "type": "money"},
            "total": {"path": "price_incl_tax", "type": "money"},
        },
    },
}  # fmt: skip
"""What lies over the generic manifest, as a company would write it for its own shop."""
READ_S = 31.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--buyers", type=int, default=8)
    parser.add_argument("--stock", type=int, default=100)
    parser.add_argument("--attempts", type=int, default=400)


def measure(asked: argparse.Namespace) -> Measured:
    """Let it sell, read all of it, and compare what is lacking with what it sold too many."""
    with fresh_database("postgres") as place, opened(place, asked.stock) as shop:
        answers = shop.rush(asked.buyers, asked.attempts)
        sold = shop.sold()
        figures = _read(place.url, shop.base, asked.stock, sold)
    figures |= {
        "attempts": asked.attempts,
        "sold": sold,
        "sold_too_many": max(0, sold - asked.stock),
        "turned_away": sum(count for status, count in answers.items() if status != 200),
    }
    figures["unnoticed"] = abs(figures["sold_too_many"] - figures["lacking"])
    return Measured("oscar", "oscar", figures)


def _read(url: str, base: str, stock: int, sold: int) -> dict[str, int]:
    one = tuple(
        msgspec.structs.replace(row, on_hand=stock if (row.warehouse, row.sku) == ("SZ", "LN-220") else 0)
        for row in company().opening
    )
    shops = tuple(
        msgspec.structs.replace(shop, currency="GBP", country="GB", zone="UTC", merge_wait_min=0)
        if shop.code == "TM1"
        else shop
        for shop in company().shops
    )
    skus = tuple(msgspec.structs.replace(sku, currency="GBP") for sku in company().skus)
    hub = HubWorld(url, opening=one, shops=shops, skus=skus)
    try:
        keys = {"base_url": base, "api_key": PASSWORD, "user": "docket"}
        with writing(hub.engine) as db:
            connect(
                db, FEED, SEAL, "TM1", "generic_rest", keys, hub.clock(), since=hub.clock(), override=OSCAR
            )
        tools = Tools(hub.engine, FEED, SEAL, hub.clock)
        poller = Poller(tools, Http, lambda seconds: hub.clock.move(seconds=seconds))
        drain = Drain(hub.engine, FEED, SEAL, hub.writer, {}, Preparer(None), hub.clock)
        hub.clock.move(seconds=600)
        for _ in range(40):
            for each in poller.shops():
                poller.read_shop(each)
            while drain.page():
                pass
            hub.clock.move(seconds=READ_S)
            if len(hub.rows(tables.orders)) >= sold:
                break
        drain.close()
        poller.close()
        orders = [hub.order(row.id) for row in hub.rows(tables.orders)]
        (shelf,) = hub.rows(tables.stock, warehouse="SZ", sku="LN-220")
        return {
            "taken_in": len(orders),
            "missing": sold - len(orders),
            "promised": shelf.reserved,
            "oversold": max(0, shelf.reserved - stock),
            "lacking": sum(order.snag("short_stock") is not None for order in orders),
            "went_through": sum(order.status is Status.RELEASED for order in orders),
            "breaches": len(hub.verify().findings),
        }
    finally:
        hub.close()
