"""A record of a channel becomes an order of ours: the block `map` carried out.

Nothing is guessed: a state no rule knows holds the order, an amount in the wrong unit refuses it.
Source: channels.md sections 1 and 5; capabilities 1, hand-over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from app.commands.receive import Receive
from app.domain.beside import beside_of
from app.domain.company import Shop
from app.domain.order import DEAD, ChannelState, Line
from app.domain.told import OF_LINE, ChannelCase
from app.domain.values import Receiver, Region
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import NAME_LIMIT, Unreadable, check_code, country_of
from sync.manifest.beside_fields import extras_in
from sync.manifest.blocks import Manifest
from sync.manifest.cases import case_state, cases_in, gathered, paid_back
from sync.manifest.map_block import Check, Map
from sync.manifest.paths import BadPath, compute, get, holds, number
from sync.manifest.plugin import NOTHING, Plugin, called
from sync.manifest.values import Terms, money, read, version

MOST_LINES = 2000
MOST_ORDERS = 5000
TITLE_MOST = 200
NEEDS_MONEY = frozenset({ChannelState.TO_SHIP, ChannelState.PARTLY_SHIPPED, ChannelState.ON_HOLD})


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """One order as its manifest reads it, with everything that looked odd.

    `parent`: the order it was split from, there.
    Units: `*_minor` in its currency, None where the channel does not say.
    """

    receive: Receive
    parent: str = ""
    receivable_minor: int | None = None
    discount_seller_minor: int | None = None
    discount_platform_minor: int | None = None
    warnings: tuple[Text, ...] = ()
    listings: tuple[tuple[str, str, str], ...] = ()
    """Of each line: the code of its article, its own number at the channel, and that of its goods."""


def found_in(roots: tuple[str, ...], payload: Any) -> list[Any]:
    """Return the records in a payload: those of the first root that is there."""
    for root in roots:
        found = get(payload, root)
        if found is not None:
            return found[:MOST_ORDERS] if isinstance(found, list) else [found]
    return []


def orders_in(manifest: Manifest, payload: Any) -> list[Any]:
    """Return the orders in a payload."""
    return found_in(manifest.map.roots, payload)


def state_of(mapping: Map, record: Any) -> tuple[ChannelState, str]:
    """Return the state by the first rule that fits, and why the channel holds it; never a default."""
    for rule in mapping.status:
        if holds(record, rule.when):
            return rule.then, rule.lock
    return ChannelState.UNKNOWN, ""


def mapped(manifest: Manifest, record: Any, shop: Shop, now: datetime, plugin: Plugin = NOTHING) -> Mapped:
    """Read one record as an order, still without our id and number; a plugin may change what was read.

    Raises:
        Unreadable: a field is missing or not what the manifest says; the text names it, never its content.
    """
    found = _Reading(manifest, record, shop, now).order()
    if plugin.map_order is None:
        return found
    try:
        changed = called(manifest.id, plugin.map_order, record, found)
    except Trouble as wrong:
        raise Unreadable(wrong.hint) from wrong
    if not isinstance(changed, Mapped):
        raise Unreadable(Text(N_("The plugin {name} must return a Mapped."), {"name": f"{manifest.id}.py"}))
    return changed


def uneven(check: Check, record: Any, tolerance: str) -> bool:
    """Tell whether two ways to an amount do not meet.

    Raises:
        BadPath: one of them leads to no amount.
    """
    if not holds(record, check.when):
        return False
    return abs(compute(check.expr, record) - compute(check.equals, record)) > number(tolerance)


def number_in(manifest: Manifest, record: Any) -> str:
    """Return the number a record has at its channel; empty where not even that can be read."""
    asked = manifest.map.order.get("ext_id")
    if asked is None:
        return ""
    try:
        found = read("ext_id", asked, record, Terms(manifest.map.money.type, "", manifest.map.tz))
        return check_code(str(found or ""), "ext_id")
    except Unreadable:
        return ""


def _article(found: dict[str, Any]) -> str:
    """Return the channel's own code of an article, where the seller gave it none; 0 is nobody's code."""
    return next((code for code in (found.get("item"), found.get("product")) if code and code != "0"), "")


def _number(id: Any) -> str:
    """Return the number of a line; where it is an address, its last step, as pushes name it."""
    return str(id or "").rpartition("/")[2]


def _listing(ext_sku: str, found: dict[str, Any]) -> tuple[str, str, str]:
    """Return by which numbers the channel sells an article; goods without kinds have one number only."""
    is_named = "listing" in found
    item, goods = (str(found.get(name) or "").strip("0") and str(found[name]) for name in ("item", "product"))
    if is_named:
        return ext_sku, str(found["listing"] or ""), goods
    return (ext_sku, item, goods) if item and item != goods else (ext_sku, goods, "")


def _line_case(line: str, state: str, id: str) -> ChannelCase:
    return ChannelCase(id=(id or f"{OF_LINE}{line}")[:NAME_LIMIT], state=case_state(state), line=line)


class _Reading:
    """One record being read."""

    def __init__(self, manifest: Manifest, record: Any, shop: Shop, now: datetime) -> None:
        self._map, self._record, self._shop, self._now = manifest.map, record, shop, now
        self._guards = manifest.guards
        self._warnings: list[Text] = []
        currency = shop.currency
        asked = self._map.order.get("currency")
        if asked is not None:
            currency = read("currency", asked, record, Terms("decimal", currency, "UTC")) or currency
        self._currency = str(currency)[:3]
        self._terms = Terms(self._map.money.type, self._currency, self._map.tz, self._map.null_times)
        self._fields = {
            name: read(name, value, record, self._terms)
            for name, value in self._map.order.items()
            if name not in ("currency", "refunds")
        }

    def order(self) -> Mapped:
        lines, cases, listings = self._lines()
        inside = self._inside()
        state, lock = state_of(self._map, self._record)
        if state is ChannelState.UNKNOWN:
            self._warn(N_("The channel sent a state no rule knows: the order is held."))
        payable = self._fields.get("payable")
        if payable is None:
            payable = 0 if self._map.order.get("payable") is None else self._sum_of_lines()
            if not payable and state in NEEDS_MONEY:
                self._warn(N_("The channel does not say what it costs: the order is held."))
                state, lock = ChannelState.UNKNOWN, ""
        if not self._adds_up() and self._guards.totals == "hold":
            state, lock = ChannelState.UNKNOWN, ""
        extras = tuple(extras_in(self._map, self._record, self._terms))
        receive = Receive(
            order="",
            number="",
            shop=self._shop.code,
            ext_id=self._id("ext_id"),
            ext_version=version(self._fields.get("version"), self._terms),
            channel_state=state,
            currency=self._currency,
            total_minor=sum(line.qty * line.unit_price_minor for line in lines) + self._amount("shipping"),
            payable_minor=payable,
            paid_minor=(paid := self._paid(state, payable)),
            refunded_minor=self._refunded(state, paid, inside),
            receiver=self._receiver(),
            region=self._region(),
            lines=lines,
            ordered_at=self._ordered_at(),
            ship_by_at=self._fields.get("ship_by"),
            lock=lock,
            cases=cases + gathered(inside),
            beside=beside_of(extras) if extras else None,
        )
        return Mapped(
            receive=receive,
            parent=self._parent(),
            receivable_minor=self._fields.get("receivable"),
            discount_seller_minor=self._fields.get("discount_seller"),
            discount_platform_minor=self._fields.get("discount_platform"),
            warnings=tuple(self._warnings),
            listings=listings,
        )

    def _warn(self, message: str, **params: str | int | Text) -> None:
        self._warnings.append(Text(message, params))

    def _id(self, name: str) -> str:
        found = check_code(self._fields.get(name) or "", name)
        if not found:
            raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": name}))
        return found

    def _parent(self) -> str:
        found = self._text("parent")
        return "" if found.strip("0") == "" else check_code(found, "parent")

    def _text(self, *names: str) -> str:
        return " ".join(filter(None, (str(self._fields.get(name) or "") for name in names)))

    def _amount(self, name: str) -> int:
        return self._fields.get(name) or 0

    def _ordered_at(self) -> datetime:
        found = self._fields.get("created_at") or self._fields.get("paid_at")
        if found is None:
            self._warn(N_("The channel does not say when it was ordered."))
        return found or self._now

    def _paid(self, state: ChannelState, payable: int) -> int:
        said = self._fields.get("paid")
        if said is not None:
            paid = max(0, min(int(said), payable))
            return 0 if state is ChannelState.AWAITING_PAYMENT and paid == payable else paid
        if state is ChannelState.AWAITING_PAYMENT:
            return 0
        is_silent = state in DEAD or state is ChannelState.UNKNOWN
        return 0 if is_silent and self._fields.get("paid_at") is None else payable

    def _refunded(self, state: ChannelState, paid: int, inside: list[ChannelCase]) -> int:
        refunded = self._fields.get("refunded")
        asked = self._map.order.get("refunds")
        if refunded is None and asked is not None:
            try:
                amount = number(get(self._record, asked.path))
            except BadPath as wrong:
                raise Unreadable(
                    Text(N_("{column}: {what}"), {"column": "refunds", "what": wrong.text})
                ) from None
            refunded = money("refunds", abs(amount), asked.unit or self._terms.unit, self._currency)
        if refunded is None:
            refunded = paid_back(inside)
        if state is ChannelState.CLOSED_REFUNDED:
            return paid
        return min(refunded or 0, paid)

    def _receiver(self) -> Receiver:
        return Receiver(
            name=self._text("name", "name2"),
            phone=self._text("phone"),
            street=self._text("town", "street", "street2"),
            raw=self._text("address"),
            note=self._text("buyer_note"),
            account=self._text("account"),
            place=self._text("place"),
            memo=self._text("seller_note"),
        )

    def _region(self) -> Region:
        return Region(
            country=country_of(land) if (land := self._text("country")) else self._shop.country,
            province=self._text("province"),
            city=self._text("city"),
            district=self._text("district"),
            postcode=self._text("postcode"),
        )

    def _lines(self) -> tuple[tuple[Line, ...], tuple[ChannelCase, ...], tuple[tuple[str, str, str], ...]]:
        lines: list[Line] = []
        listings: list[tuple[str, str, str]] = []
        cases: list[ChannelCase] = []
        missing = 0
        for path, item in self._items():
            found = {name: read(name, value, item, self._terms) for name, value in self._map.line.items()}
            taken = {line.id for line in lines}
            line_id = check_code(_number(found.get("id")) or str(len(lines) + 1), "id")
            if line_id in taken:
                line_id = f"{line_id}#{len(lines) + 1}"
            sku = found.get("sku") or ""
            missing += not sku
            is_gift = path in self._map.gifts or found.get("is_gift") is True
            unit_price = 0 if is_gift else max(0, found.get("unit_price") or 0)
            lines.append(
                Line(
                    id=line_id,
                    ext_sku=check_code(sku or _article(found), "sku"),
                    title=(found.get("title") or "")[:TITLE_MOST],
                    qty=found.get("qty") or 0,
                    unit_price_minor=unit_price,
                )
            )
            listings.append(_listing(lines[-1].ext_sku, found))
            if found.get("refund"):
                cases.append(_line_case(line_id, str(found["refund"]), found.get("case") or ""))
        if missing:
            self._warn(N_("{count} lines have no seller's code of their article."), count=missing)
        return tuple(lines), tuple(cases), tuple(listings)

    def _inside(self) -> list[ChannelCase]:
        """Return the refunds the order lists itself."""
        found: list[ChannelCase] = []
        for block in self._map.within:
            reads = block if block.fields else self._map.refunds
            if reads is not None:
                for record in found_in(block.roots, self._record):
                    found += cases_in(reads, record, self._terms)
        return found

    def _items(self) -> Iterator[tuple[str, Any]]:
        count = 0
        for path in self._map.lists:
            found = get(self._record, path)
            for item in found if isinstance(found, list) else []:
                count += 1
                if count > MOST_LINES:
                    raise Unreadable(
                        Text(N_("An order has at most {most} lines. Split it."), {"most": MOST_LINES})
                    )
                yield path, item

    def _sum_of_lines(self) -> int:
        asked = self._map.line.get("total")
        if asked is None:
            return 0
        return sum(read("total", asked, item, self._terms) or 0 for _, item in self._items())

    def _adds_up(self) -> bool:
        """Compare what must be equal; one that is not shows a mix-up of units at once."""
        before = len(self._warnings)
        for check in self._map.checks if self._guards.totals != "off" else ():
            try:
                is_uneven = uneven(check, self._record, self._guards.tolerance)
            except BadPath as wrong:
                self._warnings.append(wrong.text)
                continue
            if is_uneven:
                self._warn(N_("{expr} is not {equals}."), expr=check.expr, equals=check.equals)
        return len(self._warnings) == before
