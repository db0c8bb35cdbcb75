"""The ways in for other systems, as they are described."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sync.hub.way import Way
from sync.outward_wire import (
    ASK_BYTES,
    ORDER_BYTES,
    ROWS_MOST,
    ArrivalIn,
    Booked,
    CartIn,
    CartOut,
    CreditIn,
    EventPage,
    OrderIn,
    OrderOut,
    OrderPage,
    ParcelIn,
    ParcelPage,
    ReceiptIn,
    ReceiverOut,
    ShelfPage,
    StockIn,
    Taken,
)

Cursor = Annotated[str, Meta(description="`next` of the page before.")]
Limit = Annotated[int, Meta(ge=1, le=ROWS_MOST)]


class _Orders(msgspec.Struct):
    shop: str = ""
    status: str = ""
    number: str = ""
    ext_id: str = ""
    after: Cursor = ""
    limit: Limit = 50


class _Parcels(msgspec.Struct):
    order: str = ""
    after: Cursor = ""
    limit: Limit = 50


class _Shelves(msgspec.Struct):
    warehouse: str = ""
    sku: str = ""
    after: Cursor = ""
    limit: Limit = 50


class _Events(msgspec.Struct):
    kinds: Annotated[str, Meta(description="Some kinds of news, with commas; none: all.")] = ""
    after: Cursor = ""
    limit: Limit = 50


def _way(method: str, path: str, right: str, about: str, says: Any, asks: Any = None, **more: Any) -> Way:
    return Way(method, f"/api/v1{path}", about, says, asks, right=right, is_system=True, **more)


SYSTEM_WAYS: tuple[Way, ...] = (
    _way("GET", "/openapi.json", "", "This description.", dict[str, Any]),
    _way("GET", "/orders", "orders:read", "Orders by id, nothing personal.", OrderPage, query=_Orders),
    _way("POST", "/orders", "orders:write", "Bring an order, or news of one.", Taken, OrderIn,
         most=ORDER_BYTES, status=201),
    _way("GET", "/orders/{id}", "orders:read", "One order; its ETag is its version.", OrderOut),
    _way("GET", "/orders/{id}/receiver", "orders:personal", "Its buyer in full; who read it is written down.",
         ReceiverOut),
    _way("POST", "/orders/{id}/parcel", "shipments:write", "A parcel left; picking and packing come with it.",
         Booked, ParcelIn, most=ASK_BYTES),
    _way("GET", "/parcels", "shipments:read", "Parcels that left, by order.", ParcelPage, query=_Parcels),
    _way("GET", "/stock", "stock:read", "How much lies where.", ShelfPage, query=_Shelves),
    _way("PUT", "/stock/{warehouse}/{sku}", "stock:write", "How much lies there now.", Booked, StockIn,
         most=ASK_BYTES),
    _way("PUT", "/carts/{shop}/{ext_id}", "carts:write",
         "Hold goods for an order that is about to be paid.", CartOut, CartIn, most=ORDER_BYTES),
    _way("POST", "/receipts", "stock:write", "Goods came in.", Booked, ReceiptIn, most=ASK_BYTES),
    _way("PUT", "/arrivals/{warehouse}/{sku}/{reference}", "stock:write",
         "Goods a purchase will bring; again with another day or number where that changes.", Booked,
         ArrivalIn, most=ASK_BYTES),
    _way("PUT", "/customers/{code}/credit", "customers:write", "What a customer may owe, where you keep it.",
         Booked, CreditIn, most=ASK_BYTES),
    _way("GET", "/events", "events:read", "News, the oldest first; come back with `next`.", EventPage,
         query=_Events),
)  # fmt: skip
