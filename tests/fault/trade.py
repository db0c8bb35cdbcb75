"""What was promised to buyers and to the world outside, from the rows and papers alone.

A sale confirmed without the network is covered, or somebody is told; a paper says which copy it is; what is
typed, split and merged keeps its money and its pieces; and outside nothing happens twice by itself.
Source: sync.md sections 1 and 10; DECISIONS on merging and splitting.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from abroad import figures_told, times_told
from sqlalchemy import Connection, text

from app.domain.spreadsheet import neutral
from sync.hub.finding import Finding
from sync.hub.outgoing import WRITTEN, file_name

MONEY = ("total_minor", "payable_minor", "paid_minor", "refunded_minor")
CHANGEABLE = {"received", "to_check", "gated", "released"}
Doc = dict[str, Any]


class Done(NamedTuple):
    """A command that was applied: the number it stands under, and what it asked for."""

    seq: int
    name: str
    args: str


Applied = Mapping[tuple[str, int], Done]
"""By replica and number."""


def trade_breaks(
    db: Connection, feed_id: int, applied: Applied, promised: Iterable[Doc], outgoing: Path | None
) -> Iterator[Finding]:
    """Find every broken promise. `promised`: the papers of all desks."""
    orders = {order: json.loads(doc) for order, doc in _rows(db, feed_id, "SELECT id, doc FROM orders")}
    promises = [(one, done) for one in promised if (done := applied.get((one["replica"], one["n"])))]
    yield from _leases_differ(db, feed_id)
    yield from _sales_uncovered(db, feed_id, applied, promises)
    yield from _silent_about(orders)
    yield from _papers_differ(db, feed_id, applied, orders)
    yield from _copies_unsaid(promises)
    yield from _typed_differ(applied, orders)
    yield from _money_differs(applied, orders)
    yield from _shares_differ(orders)
    if outgoing is not None:
        yield from _told_otherwise(db, feed_id, applied, orders, outgoing)
        yield from _figures_differ(db, feed_id, outgoing)


# --- leases -----------------------------------------------------------------------------------------


def _leases_differ(db: Connection, feed_id: int) -> Iterator[Finding]:
    """What a shelf says desks and carts hold is what is reserved for them."""
    held: Counter[tuple[str, str, str]] = Counter()
    asked = (
        "SELECT warehouse, sku, owner, qty FROM reservation "
        "WHERE kind IN ('lease', 'cart') AND state = 'open'"
    )
    for warehouse, sku, owner, qty in _rows(db, feed_id, asked):
        held[warehouse, sku, owner] += qty
    for warehouse, sku, leases in _rows(db, feed_id, "SELECT warehouse, sku, leases FROM stock"):
        for lease in json.loads(leases):
            held[warehouse, sku, lease["desk"]] -= lease["qty"]
    for key, left in held.items():
        if left:
            yield Finding("lease", "/".join(key), f"{left} more reserved than the shelf says")


class _Sale(NamedTuple):
    order: str
    warehouse: str
    sku: str
    qty: int
    replica: str
    seq: int


def _sales_uncovered(
    db: Connection, feed_id: int, applied: Applied, promises: list[tuple[Doc, Done]]
) -> Iterator[Finding]:
    """A sale a desk confirmed holds its goods at the hub; where its lease was over, a person is told.

    Looked at in the image that the batch of the sale published: what others did later is their business.
    """
    sales = [
        _Sale(*sold, one["replica"], done.seq)
        for one, done in promises
        if done.name == "new_order"
        for sold in one.get("sold", ())
    ]
    if not sales:
        return
    at = {(sale.order, sale.seq) for sale in sales}
    shelves = {f"{sale.warehouse}/{sale.sku}" for sale in sales}
    images: dict[tuple[str, int], Doc] = {}
    leases: dict[str, list[tuple[int, Counter[str]]]] = defaultdict(list)
    asked = "SELECT seq, tbl, pk, row FROM change WHERE op = 'U' AND tbl IN ('order', 'stock')"
    for seq, tbl, pk, row in _rows(db, feed_id, asked, " ORDER BY seq, i"):
        if tbl == "order" and (pk, seq) in at:
            images[pk, seq] = json.loads(row)
        elif tbl == "stock" and pk in shelves:
            held = {one["desk"]: one["qty"] for one in json.loads(row).get("leases", ())}
            leases[pk].append((seq, Counter(held)))
    wanted: Counter[tuple[str, str, int]] = Counter()
    for sale in sales:
        wanted[f"{sale.warehouse}/{sale.sku}", sale.replica, sale.seq] += sale.qty
    counted = _counted(applied)
    for sale in sales:
        image, shelf = images.get((sale.order, sale.seq), {}), f"{sale.warehouse}/{sale.sku}"
        if image.get("status", "received") not in CHANGEABLE or image.get("reserved"):
            continue
        if not image.get("is_overpromised") and _named_in(sale, applied) == ["new_order"]:
            said = f"confirmed to its buyer, holds nothing, and nobody is told: {_met(image)}"
            yield Finding("lease", sale.order, said)
        before = next((held for seq, held in reversed(leases[shelf]) if seq < sale.seq), Counter[str]())
        stood = before[sale.replica] >= wanted[shelf, sale.replica, sale.seq]
        if stood and (shelf, sale.seq) not in counted:
            yield Finding("lease", sale.order, f"short, although its desk held {before[sale.replica]}")


def _named_in(sale: _Sale, applied: Applied) -> list[str]:
    """Return the verbs of the batch of a sale that name the order: who changed it, promised anew or not."""
    return [one.name for one in applied.values() if one.seq == sale.seq and sale.order in one.args]


def _met(image: Doc) -> str:
    """Say what the batch of a sale made of it."""
    if not image:
        return "its batch published no image"
    snags = [snag["kind"] for snag in image.get("snags", ())]
    lines = [line.get("sku", "") for line in image["lines"]]
    return f"{image.get('status', 'received')}, paid {image.get('paid_minor', 0)}, {snags}, {lines}"


def _counted(applied: Applied) -> set[tuple[str, int]]:
    """Return where fewer pieces were found, and when: a lease gives way to that."""
    counts = ((one.seq, json.loads(one.args)) for one in applied.values() if one.name == "adjust_stock")
    return {(f"{args['warehouse']}/{args['sku']}", seq) for seq, args in counts}


def _silent_about(orders: Mapping[str, Doc]) -> Iterator[Finding]:
    """Whoever was promised goods that are not there stands in the inbox."""
    for name, order in orders.items():
        is_open = order.get("status", "received") in CHANGEABLE
        is_told = any(snag["kind"] == "lease_exceeded" for snag in order.get("snags", ()))
        if is_open and order.get("is_overpromised") and not order.get("reserved") and not is_told:
            yield Finding("lease", name, "promised, short, and in nobody's inbox")


# --- paper ------------------------------------------------------------------------------------------


def _papers_differ(
    db: Connection, feed_id: int, applied: Applied, orders: Mapping[str, Doc]
) -> Iterator[Finding]:
    """Prints of a paper are counted 0, 1, 2 … without a gap, one for each that was asked for."""
    asked_for = Counter(
        json.loads(one.args)["order"] for one in applied.values() if one.name == "print_paper"
    )
    void = {json.loads(one.args)["order"] for one in applied.values() if one.name == "take_address"}
    copies: dict[str, Counter[str]] = defaultdict(Counter)
    asked = "SELECT order_id, body FROM event WHERE command = 'print_paper'"
    for order, body in _rows(db, feed_id, asked, " ORDER BY order_id, seq, i"):
        for said in json.loads(body)["texts"]:
            if "printed" not in said["message"]:
                continue
            paper = said["params"]["paper"]["message"]
            copy = said["params"].get("n", 0)
            if copy != copies[order][paper] and order not in void:
                yield Finding("print", order, f"{paper}: copy {copy} after {copies[order][paper]} prints")
            copies[order][paper] += 1
    for name in asked_for.keys() | copies.keys():
        counted = sum(orders[name].get("prints", {}).values()) if name in orders else 0
        noted = copies[name].total()
        if name not in void and not counted == noted == asked_for[name]:
            yield Finding("print", name, f"{asked_for[name]} asked for, {noted} noted, {counted} counted")


def _copies_unsaid(promises: list[tuple[Doc, Done]]) -> Iterator[Finding]:
    """No desk prints a paper twice with the same word on it: a reprint says COPY, and which."""
    last: dict[tuple[str, str, str], int] = {}
    for one, _ in promises:
        if "print" in one:
            order, paper, copy = one["print"]
            key = one["replica"], order, paper
            if copy <= last.get(key, -1):
                yield Finding("print", order, f"{paper} {copy} left the printer after {last[key]}")
            last[key] = copy


# --- money and pieces -------------------------------------------------------------------------------


def _typed_differ(applied: Applied, orders: Mapping[str, Doc]) -> Iterator[Finding]:
    """Every order that was typed is there once, and no other one."""
    typed = _named(applied, "new_order")
    here = {
        name
        for name, order in orders.items()
        if not (order["ext_id"] or order.get("made_from") or order.get("makes_good"))
    }
    for name in sorted(typed.keys() ^ here):
        yield Finding("typed", name, "was typed and is not there" if name in typed else "nobody typed it")
    for name, times in typed.items():
        if times > 1:
            yield Finding("typed", name, f"was begun {times} times")


def _named(applied: Applied, name: str) -> Counter[str]:
    """Count how often each order was named by one verb."""
    return Counter(json.loads(one.args)["order"] for one in applied.values() if one.name == name)


def _money_differs(applied: Applied, orders: Mapping[str, Doc]) -> Iterator[Finding]:
    """What is paid is what was paid at first, or what came from elsewhere, and every payment since."""
    came: Counter[str] = Counter()
    first: dict[str, int] = {}
    for one in applied.values():
        if one.name == "receive_payment":
            args = json.loads(one.args)
            came[args["order"]] += args["amount_minor"]
        elif one.name == "new_order":
            args = json.loads(one.args)
            first[args["order"]] = args.get("paid_minor", 0)
    for name, order in orders.items():
        sources = order.get("made_from", ())
        if sources:
            first[name] = sum(source.get("paid_minor", 0) for source in sources)
        if name in first and order.get("paid_minor", 0) != first[name] + came[name]:
            paid = order.get("paid_minor", 0)
            yield Finding("money", name, f"{paid} paid, {first[name]} at first and {came[name]} since")


def _shares_differ(orders: Mapping[str, Doc]) -> Iterator[Finding]:
    """What stands in the place of an order has all of its money and all of its pieces, no more."""
    for name, order in orders.items():
        made = [orders[one] for one in order.get("replaced_by", ()) if one in orders]
        if order.get("status") != "replaced" and not made:
            continue
        sources = [(one, source) for one in made for source in one["made_from"] if source["order"] == name]
        if any(_said(source) != _said(order) for _, source in sources):
            continue  # its channel has spoken since: a person is asked about the difference
        for field in MONEY:
            got, whole = sum(source.get(field, 0) for _, source in sources), order.get(field, 0)
            if got != whole:
                yield Finding("money", name, f"{field}: {got} in its parts, {whole} as a whole")
        pieces: Counter[str] = Counter()
        for one, source in sources:
            own = {line["id"]: line["qty"] for line in one["lines"]}
            for line, as_line in source["lines"]:
                pieces[line] += own.get(as_line, 0)
        for line in order["lines"]:
            if pieces[line["id"]] != line["qty"]:
                yield Finding(
                    "pieces", f"{name}/{line['id']}", f"{pieces[line['id']]} of {line['qty']} go on"
                )


def _said(one: Doc) -> Doc:
    """Return what its channel said; of nothing, nothing, written out or not."""
    return {what: word for what, word in one.get("said", {}).items() if word}


# --- the world outside ------------------------------------------------------------------------------


def _told_otherwise(
    db: Connection, feed_id: int, applied: Applied, orders: Mapping[str, Doc], outgoing: Path
) -> Iterator[Finding]:
    """Everything happened once outside, at most once more for each time a person asked for it again."""
    again = Counter(json.loads(one.args)["key"] for one in applied.values() if one.name == "redo_effect")
    names = set()
    effects = "SELECT effect_key, order_id, state FROM effect WHERE kind = 'confirm'"
    for key, order, state in _rows(db, feed_id, effects):
        times = times_told(outgoing, key)
        names.add(file_name(key))
        outcomes = orders.get(order, {}).get("effects", ())
        by_hand = any(one["key"] == key and one.get("by") for one in outcomes)
        if times > 1 + again[key]:
            yield Finding("outside", key, f"happened {times} times, asked for {1 + again[key]}")
        if state == "done" and not by_hand and not times:
            yield Finding("outside", key, "is done, and nobody outside knows of it")
        if state in {"todo", "rejected"} and times and not again[key]:
            yield Finding("outside", key, f"is {state}, and has happened")
    index = outgoing / WRITTEN
    told = set(index.read_text(encoding="utf-8").splitlines()) if index.exists() else set()
    for name in sorted(told - names):
        yield Finding("outside", name, "nobody decided this")


def _figures_differ(db: Connection, feed_id: int, outgoing: Path) -> Iterator[Finding]:
    """Of stock a shop reads the newest figure that was sent."""
    told: dict[str, dict[str, str]] = {}
    figures = "SELECT effect_key, payload FROM effect WHERE kind = 'stock' AND state = 'done'"
    for key, payload in _rows(db, feed_id, figures):
        sent = json.loads(payload)
        shop = told.setdefault(sent["shop"], figures_told(outgoing, sent["shop"]))
        if shop.get(neutral(sent["ext_sku"])) != sent["quantity"]:
            yield Finding("outside", key, f"reads {shop.get(sent['ext_sku'])}, sent {sent['quantity']}")


def _rows(db: Connection, feed_id: int, asked: str, rest: str = "") -> Iterable[Any]:
    where = "AND" if "WHERE" in asked else "WHERE"
    return db.execute(text(f"{asked} {where} feed_id = :feed{rest}"), {"feed": feed_id})
