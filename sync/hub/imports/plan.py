"""How files are understood: which column fills which field and how it is written. Kept by header, as JSON.

Units: files count from 0 in the order they were given; the first is not always the one with the orders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from app.text import N_
from sync.hub.imports.cells import MONEY, SHARES, TIMES
from sync.hub.imports.sheets import plain_name


class Field(msgspec.Struct, frozen=True):
    """One thing an order can take from a column. `kind`: text | money | count | share | time | part | state.

    `of`: order | line. `part` is one piece of a time that stands in columns of its own.
    """

    code: str
    title: str
    kind: str
    of: str = "order"

    @property
    def readings(self) -> dict[str, str]:
        """The ways its values may be written."""
        return {"money": MONEY, "time": TIMES, "share": SHARES}.get(self.kind, {})


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field("number", N_("Order number"), "text"),
        Field("ordered_at", N_("Ordered at"), "time"),
        Field("ordered_year", N_("Ordered: year"), "part"),
        Field("ordered_month", N_("Ordered: month"), "part"),
        Field("ordered_day", N_("Ordered: day"), "part"),
        Field("ordered_time", N_("Ordered: time of day"), "part"),
        Field("version", N_("Changed at"), "time"),
        Field("state", N_("State"), "state"),
        Field("paid_at", N_("Paid at"), "time"),
        Field("payment", N_("Way of paying"), "text"),
        Field("shipped_at", N_("Shipped at"), "time"),
        Field("ship_by_at", N_("Ship by"), "time"),
        Field("total", N_("Order total"), "money"),
        Field("paid", N_("Amount paid"), "money"),
        Field("refunded", N_("Amount refunded"), "money"),
        Field("freight", N_("Freight"), "money"),
        Field("customer", N_("Customer code"), "text"),
        Field("customer_title", N_("Customer name"), "text"),
        Field("receiver", N_("Receiver"), "text"),
        Field("phone", N_("Phone"), "text"),
        Field("address", N_("Whole address"), "text"),
        Field("street", N_("Street"), "text"),
        Field("country", N_("Country"), "text"),
        Field("province", N_("Province"), "text"),
        Field("city", N_("City"), "text"),
        Field("district", N_("District"), "text"),
        Field("postcode", N_("Postcode"), "text"),
        Field("note", N_("Buyer's note"), "text"),
        Field("account", N_("Buyer account"), "text"),
        Field("line", N_("Line number"), "text", "line"),
        Field("sku", N_("Article code"), "text", "line"),
        Field("title", N_("Article name"), "text", "line"),
        Field("qty", N_("Quantity"), "count", "line"),
        Field("price", N_("Price of one"), "money", "line"),
        Field("amount", N_("Amount of the line"), "money", "line"),
        Field("line_freight", N_("Freight of the line"), "money", "line"),
        Field("discount", N_("Discount share"), "share", "line"),
    )
}
"""In the order a person reads them. The time of an order may come in parts instead."""
PARTS = ("ordered_year", "ordered_month", "ordered_day")
STATES: dict[str, str] = {
    "to_ship": N_("To be shipped"),
    "shipped": N_("Shipped already"),
    "completed": N_("Completed already"),
    "awaiting_payment": N_("Not paid yet"),
}
"""What orders are taken for when their file names no state."""

Index = Annotated[int, Meta(ge=0, lt=12)]
Short = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(max_length=400)]


class Binding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where one field comes from. `trust`: sure | likely | guess | manual; a manual one is never replaced."""

    field: Short
    file: Index = 0
    column: Name
    reading: Short = ""
    trust: Short = "manual"


class Join(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """File `file` belongs to file `to` where their keys are equal. `many`: several of its rows to one."""

    file: Index
    column: Name
    to: Index
    to_column: Name
    many: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How files are understood. With a `reader` the program knows this report and needs no bindings.

    `main` holds the orders, `lines` their lines. `cancels`: numbers that begin so take back lines of an
    earlier order. `fill_down`: order columns stand only in the first row of an order.
    """

    reader: Short = ""
    bindings: tuple[Binding, ...] = ()
    joins: tuple[Join, ...] = ()
    main: Index = 0
    lines: Index = 0
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    zone: Short = "Asia/Shanghai"
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "CN"
    state: Short = "to_ship"
    states: dict[Name, Short] = {}
    cancels: Short = ""
    fill_down: bool = False

    def binding(self, field: str) -> Binding | None:
        """Return where a field comes from, if anywhere."""
        return next((one for one in self.bindings if one.field == field), None)

    def missing(self) -> tuple[str, ...]:
        """Name the fields without which there is no order, by code."""
        if self.reader:
            return ()
        has = {one.field for one in self.bindings}
        lacking = [] if "number" in has else ["number"]
        if "ordered_at" not in has and not has.issuperset(PARTS):
            lacking.append("ordered_at")
        return tuple(lacking)

    def unclear(self) -> tuple[Binding, ...]:
        """Return times whose order of day and month nobody knows."""
        return tuple(one for one in self.bindings if FIELDS[one.field].kind == "time" and not one.reading)


def fingerprint(headers: Iterable[Iterable[str]]) -> str:
    """Name a set of headers: the same whatever the order of columns and of files."""
    names = sorted("\x1f".join(sorted(map(plain_name, header))) for header in headers)
    return hashlib.sha256("\x1e".join(names).encode()).hexdigest()[:32]
