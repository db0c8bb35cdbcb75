"""What a service sends by itself: its signature is worked out anew, then it is booked under our own names.

Scans of a parcel become scans of its order; a parcel that left a warehouse picks, packs and ships its order.
What is sent again finds itself known. Nothing they wrote is repeated but where a parcel is, and its number.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from sqlalchemy import select

from app.command import OVERTAKEN, Command
from app.commands.correct_number import TOLD, CorrectNumber
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.record_scan import RecordScan
from app.commands.refuse_order import RefuseOrder
from app.commands.ship import Ship
from app.commands.split import Split
from app.domain.making import Part, why_not_split
from app.domain.order import OPEN, Order, Status
from app.domain.scan import Scan, ScanKind
from app.domain.values import digest
from app.domain.waybill import is_number
from app.text import N_, Text
from sync.channel import Unreadable
from sync.hub.asking import Worker
from sync.hub.database import reading, writing
from sync.hub.outward.errand_rows import (
    LEFT,
    REFUSED,
    end_delivery,
    is_former,
    note_former,
    order_of,
    refused_codes,
)
from sync.hub.outward.problems import said
from sync.hub.seal import open_document
from sync.manifest.errands import Hears, Parcels, Scans
from sync.manifest.paths import fill, get, holds, written
from sync.manifest.sign import signature
from sync.manifest.values import Terms, document, instant
from sync.manifest.xml_tree import xml_document
from sync.tables import effect, orders, shipment

HEARD = "worker:heard"
SCANS_MOST = 200
FIELDS_MOST = 50
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
UNKNOWN_ORDER = Text(N_("No order here has this code"))
NO_NUMBER = Text(N_("There is no tracking number in it"))
NOT_NOW = Text(N_("The order cannot leave now. Look at it in Docket."))
BUSY = Text(N_("The hub is busy. Try again."))
BUSY_TRIES = 20


class Unproven(Exception):
    """Nobody proved to be the service: neither what was sent nor its name is ours."""


@dataclass(frozen=True, slots=True)
class Ear:
    """One service that sends by itself; `carriers` are our codes by theirs."""

    name: str
    hears: Hears
    settings: Mapping[str, str]
    carriers: Mapping[str, str]
    worker: Worker
    clock: Callable[[], datetime]

    def take(self, body: bytes, query: Mapping[str, str]) -> tuple[bytes, str]:
        """Book what was sent; return what is answered, and of which kind that is.

        Raises:
            Unproven: its signature is wrong, or it cannot be read at all.
        """
        said_by_them = self._proven(body, query)
        if not holds({"query": dict(query)}, self.hears.only):
            return self._answer(None)
        if self.hears.scans is not None:
            return self._answer(self._scanned(self.hears.scans, said_by_them))
        if self.hears.parcels is not None:
            return self._answer(self._left(self.hears.parcels, said_by_them))
        return self._answer(None)

    def _answer(self, why: Text | None) -> tuple[bytes, str]:
        plain = "".join(sign for sign in said(why) if sign not in '<>&"\\') if why is not None else ""
        words = self.hears.taken if why is None else fill(self.hears.refused, {"why": plain})
        return words.encode(), "application/json" if words.startswith("{") else "text/xml"

    def _proven(self, body: bytes, query: Mapping[str, str]) -> Any:
        """Verify the very bytes, then read them."""
        hears = self.hears
        try:
            text = body.decode()
            form = dict(parse_qsl(text, max_num_fields=FIELDS_MOST)) if hears.body == "form" else {}
            # What bears the name of a setting is ours: nobody signs with a secret they brought along.
            sent = {name: self.settings.get(name, word) for name, word in {**query, **form}.items()}
            made = signature(hears.sign, sent, self.settings, b"" if form else body)
            if not hmac.compare_digest(made.encode(), sent.get(hears.sign.param, "").encode()):
                raise Unproven
            if hears.body == "xml":
                return xml_document(body)
            return document(form.get(hears.inner, "").encode())
        except (ValueError, Unreadable) as fault:
            raise Unproven from fault

    # --- scans --------------------------------------------------------------------------------------

    def _scanned(self, scans: Scans, tree: Any) -> Text | None:
        number, rows = written(get(tree, scans.number)), listed(get(tree, scans.each))
        s = shipment.c
        found = select(s.order_id).where(s.feed_id == self.worker.feed_id, s.tracking_no == number)
        with reading(self.worker.engine) as db:
            order = db.execute(found).scalar_one_or_none()
        if order is None:
            return None  # nobody asks for it any more: it is not sent again
        read = [scan for scan in (scan_of(scans, row) for row in rows[:SCANS_MOST]) if scan is not None]
        asked = [RecordScan(order=order, scan=scan) for scan in sorted(read, key=lambda one: one.at)]
        return None if not asked or self._asked(asked) is not None else BUSY

    # --- parcels ------------------------------------------------------------------------------------

    def _left(self, parcels: Parcels, tree: Any) -> Text | None:
        code = written(get(tree, parcels.code))
        known = self._order(order_of(code))
        if known is None:
            return UNKNOWN_ORDER
        has_left, is_refused = holds(tree, parcels.left), holds(tree, parcels.refused)
        if known.status in (Status.SHIPPED, Status.COMPLETED, Status.RETURNED):
            return self._renumbered(parcels, tree, known) if has_left else None
        if is_refused and self._is_taken_back(known, code):
            return None
        if is_refused:
            return self._refused(known, code)
        if not has_left:
            return None
        if is_whole(parcels, tree, known):
            return self._shipped(parcels, tree, known)
        parts = parts_of(parcels, tree, known, code)
        return self._part_left(parcels, tree, code, parts) if parts else self._refused(known, code)

    def _refused(self, known: Order, code: str) -> Text | None:
        """Book that a warehouse does not send what this code stands for: once, however often it says so."""
        if known.status not in OPEN or self._was_told(known, code):
            why = None
        else:
            why = self._booked([RefuseOrder(order=known.id, why="missing")])
        if why is None:
            self._end(code, REFUSED)
        return why

    def _was_told(self, known: Order, code: str) -> bool:
        """Tell whether it was booked: who died before it was noted too left one more refusal than notes."""
        worker = self.worker
        with reading(worker.engine) as db:
            noted = refused_codes(db, worker.feed_id, known.id)
        ours = sum(refusal.by == worker.info.owner for refusal in known.refusals)
        return code in noted or ours > len(noted)

    def _part_left(self, parcels: Parcels, tree: Any, code: str, parts: tuple[Part, Part]) -> Text | None:
        """Book what left as an order of its own; what did not stays with somebody, as refused."""
        there = self._order(parts[0].id)
        if there is not None:
            return None if there.status not in OPEN else self._shipped(parcels, tree, there)
        known = self._order(order_of(code))
        for ended in (code, f"{parts[0].id}-0"):
            self._end(ended, LEFT)
        lines = parts[0].lines
        before: list[Command] = [
            Split(order=order_of(code), parts=parts),
            RefuseOrder(order=parts[1].id, why="missing"),
            *(Pick(order=parts[0].id, line=line, qty=qty) for line, qty in lines),
            Pack(order=parts[0].id),
        ]
        return self._parcel(parcels, tree, parts[0].id, before) if known is not None else UNKNOWN_ORDER

    def _shipped(self, parcels: Parcels, tree: Any, known: Order) -> Text | None:
        left = [(line.id, line.qty - line.picked) for line in known.lines]
        before: list[Command] = []
        if known.status in (Status.RELEASED, Status.PICKING):
            before = [Pick(order=known.id, line=line, qty=qty) for line, qty in left if qty]
            before.append(Pack(order=known.id))
        return self._parcel(parcels, tree, known.id, before)

    def _renumbered(self, parcels: Parcels, tree: Any, known: Order) -> Text | None:
        """Follow a number they correct; one the parcel bore before is an old message that comes again."""
        number, _ = self._named(parcels, tree)
        if known.told_by != self.name or number == known.tracking_no or not is_number(number):
            return None
        with writing(self.worker.engine) as db:
            if is_former(db, self.worker.feed_id, known.id, number):
                return None
            note_former(db, self.worker.feed_id, known.id, known.tracking_no)
        return self._booked([CorrectNumber(order=known.id, tracking_no=number, why=TOLD)])

    def _named(self, parcels: Parcels, tree: Any) -> tuple[str, str]:
        """Return their number of a parcel and who carries it."""
        package = next(iter(listed(get(tree, parcels.packages))), None)
        return written(get(package, parcels.number)), written(get(package, parcels.carrier))

    def _parcel(self, parcels: Parcels, tree: Any, order: str, before: Sequence[Command]) -> Text | None:
        number, carrier = self._named(parcels, tree)
        if not is_number(number):
            return NO_NUMBER
        ours = self.carriers.get(carrier, carrier)[:32]
        ship = Ship(order=order, carrier=ours, tracking_no=number, told_by=self.name)
        return self._booked([*before, ship])

    def _end(self, code: str, how: str) -> None:
        with writing(self.worker.engine) as db:
            end_delivery(db, self.worker.feed_id, code, how)

    def _is_taken_back(self, order: Order, code: str) -> bool:
        """Tell whether we asked for the end of a delivery order ourselves: that it ends says nothing new."""
        x, key = effect.c, f"recall:{order.id}:{code.rpartition('-')[2]}"
        found = select(x.effect_key).where(x.feed_id == self.worker.feed_id, x.effect_key == key)
        with reading(self.worker.engine) as db:
            return db.execute(found).scalar() is not None

    def _order(self, id: str) -> Order | None:
        o = orders.c
        found = select(o.doc).where(o.feed_id == self.worker.feed_id, o.id == id)
        with reading(self.worker.engine) as db:
            doc = db.execute(found).scalar_one_or_none()
        return msgspec.json.decode(open_document(doc.encode(), None), type=Order) if doc else None

    def _booked(self, commands: Sequence[Command]) -> Text | None:
        """Ask for commands; return why not, where the last one was refused."""
        answers = self._asked(commands)
        if answers is None:
            return BUSY
        refusal = answers[-1].refusal
        return None if refusal is None or refusal.code in OVERTAKEN else NOT_NOW

    def _asked(self, commands: Sequence[Command]) -> list[Any] | None:
        for _ in range(BUSY_TRIES):
            answers = self.worker.ask(commands, self.clock(), "heard")
            if answers:
                return answers
        return None


def scan_of(scans: Scans, row: Any) -> Scan | None:
    """Read one scan; None for a word nobody knows, or without a time."""
    word = next((word for word in scans.words if holds(row, word.when)), None)
    at = _moment(written(get(row, scans.at)), scans.tz)
    if word is None or at is None:
        return None
    return Scan(kind=ScanKind(word.then), at=at, reason=word.reason)


def listed(value: Any) -> list[Any]:
    """Return what stands there as a list: XML does not tell one from the only one of many."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def is_whole(parcels: Parcels, tree: Any, order: Order) -> bool:
    """Tell whether all pieces of every article left; who names no lines says so."""
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.qty
    sent = sent_of(parcels, tree)
    return sent is None or sent == {sku: qty for sku, qty in wanted.items() if qty}


def sent_of(parcels: Parcels, tree: Any) -> dict[str, int] | None:
    """Return how many pieces of each article left; None where no lines are named."""
    rows = listed(get(tree, parcels.lines))
    sent: dict[str, int] = {}
    for row in rows:
        pieces, sku = written(get(row, parcels.qty)), written(get(row, parcels.sku))
        sent[sku] = sent.get(sku, 0) + (int(pieces) if pieces.isascii() and pieces.isdigit() else 0)
    return {sku: qty for sku, qty in sent.items() if qty} if rows else None


def parts_of(parcels: Parcels, tree: Any, order: Order, code: str) -> tuple[Part, Part] | tuple[()]:
    """Return what left and what did not, under ids of their own; none where nothing fits that."""
    sent = sent_of(parcels, tree) or {}
    gone: list[tuple[str, int]] = []
    kept: list[tuple[str, int]] = []
    for line in order.lines:
        takes = min(line.qty, sent.get(line.sku, 0))
        sent[line.sku] = sent.get(line.sku, 0) - takes
        gone += [(line.id, takes)] if takes else []
        kept += [(line.id, line.qty - takes)] if line.qty > takes else []
    if not gone or not kept or any(sent.values()):
        return ()
    name = digest(code)
    parts = Part(id=f"s-{name}-1", lines=tuple(gone)), Part(id=f"s-{name}-2", lines=tuple(kept))
    return parts if order.status not in OPEN or why_not_split(order, parts) is None else ()


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return instant("", text, Terms(unit="", currency="", tz=zone), TIMES)
    except Unreadable:
        return None
