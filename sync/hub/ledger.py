"""From what changed in memory to rows: orders and what is read off them, stock, references, blocks, cases.

Only what differs is written: an order nobody needs to touch costs one row, its reservations and its keys.
Source: DECISIONS 1, snags and holds live in the order and are written as rows beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.command import Facts
from app.domain import review
from app.domain.company import Grants
from app.domain.drill import Mistake
from app.domain.duplicate import Block
from app.domain.events import (
    SnagCleared,
)
from app.domain.evolve import Case
from app.domain.goods import StockDoc
from app.domain.handover import Handover
from app.domain.news import news_of
from app.domain.order import Order, Snag
from app.domain.scopes import scope_of, small_scope
from app.domain.stock import Reservation, Stock
from app.domain.values import Key
from app.domain.visiting import awaited
from app.domain.vouching import Ballot
from sync import tables
from sync.hub.bulk import Into, Of
from sync.hub.feed import Edition
from sync.hub.outside import Outside
from sync.hub.seal import ERASED, Seal, seal_document
from sync.hub.shelves import WRITTEN, lease_rows, reservation_row, shelf_row
from sync.hub.verdicts import HANDOVER_COLUMNS, VOTE_COLUMNS, fresh_rows, handover_row
from sync.hub.working_set import WorkingSet
from sync.tables import micros

_ORDER_COLUMNS = (
    "id", "seq", "ver", "number", "status", "channel_state", "shop", "ext_id", "maker", "signatures_needed",
    "content_hash", "approved_hash", "currency", "payable_minor", "warehouse", "ordered_at", "received_at",
    "released_at", "touched", "doc",
)  # fmt: skip
_SNAG_COLUMNS = (
    "id", "subject", "subject_id", "kind", "severity", "state", "owner", "opened_at", "due_at", "closed_at",
    "doc", "seq", "claimed", "asleep", "why",
)  # fmt: skip
_HOLD_COLUMNS = ("order_id", "gate", "state", "text", "opened_at", "closed_at")
_DOC_COLUMNS = ("id", "kind", "state", "warehouse", "sku", "target", "doc", "seq")
_STOCK_COLUMNS = (*WRITTEN, "adjusted", "seq")

INTO = {
    "orders": Into(tables.orders, _ORDER_COLUMNS, replaces=_ORDER_COLUMNS[1:]),
    "snag": Into(tables.snag, _SNAG_COLUMNS, replaces=_SNAG_COLUMNS[1:]),
    "hold": Into(tables.hold, _HOLD_COLUMNS, replaces=_HOLD_COLUMNS[2:]),
    "signature": Into(
        tables.signature, ("order_id", "slot", "user_code", "content_hash", "maker", "signed_at")
    ),
    "verdict": Into(tables.verdict, ("order_id", "slot", *VOTE_COLUMNS)),
    "handover": Into(tables.handover, HANDOVER_COLUMNS, replaces=HANDOVER_COLUMNS[5:]),
    "mistake": Into(tables.mistake, ("id", "fault", "doc", "kept_at"), skips=True),
    "wait": Into(tables.wait, ("key", "order_id"), skips=True),
    "recheck": Into(tables.recheck, ("order_id", "cause", "not_before"), replaces=("not_before",)),
    "stock": Into(tables.stock, _STOCK_COLUMNS, replaces=_STOCK_COLUMNS[2:]),
    "stock_doc": Into(tables.stock_doc, _DOC_COLUMNS, replaces=_DOC_COLUMNS[1:]),
    "reservation": Into(
        tables.reservation,
        ("kind", "owner", "line", "warehouse", "sku", "qty", "state", "expires_at"),
        replaces=("warehouse", "sku", "qty", "state", "expires_at"),
    ),
    "block": Into(tables.block, ("key_hash", "doc"), replaces=("doc",)),
    "ref": Into(tables.ref, ("tbl", "pk", "doc", "seq"), replaces=("doc", "seq")),
    "user_grant": Into(tables.user_grant, ("user_code", "code", "allowed")),
    "subject_key": Into(tables.subject_key, ("subject_id", "wrapped")),
    "event": Into(tables.event, ("order_id", "seq", "i", "command", "by", "at", "body")),
    "effect": Into(
        tables.effect, ("effect_key", "kind", "order_id", "payload", "state", "not_before", "seq"), skips=True
    ),
    "news": Into(tables.news, ("seq", "i", "kind", "subject", "about", "at")),
    "shipment": Into(
        tables.shipment,
        ("order_id", "parcel", "carrier", "tracking_no", "shipped_at"),
        replaces=("carrier", "tracking_no"),
    ),
}
"""Written in this order: stock after orders, as everybody locks them."""
_OF = {
    "signature": Of(tables.signature, ("slot",), ("order_id",)),
    "user_grant": Of(tables.user_grant, ("code",), ("user_code",)),
    "wait": Of(tables.wait, ("key",), ("key", "order_id")),
    "subject_key": Of(tables.subject_key, ("subject_id", "wrapped"), ("subject_id",)),
}
_encode = msgspec.json.encode


class Ledger:
    """The rows one batch will write, by table."""

    def __init__(self, work: WorkingSet, seal: Seal, edition: Edition) -> None:
        self._work, self._seal, self._edition = work, seal, edition
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in INTO}
        self._gone: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _OF}
        self._sealed: dict[tuple[str, bytes], str] = {}
        self._ended: dict[tuple[str, str], Snag] = {}
        self.moved: dict[str, str] = {}
        """Orders that stand in another scope now, and in which: their history goes with them."""
        self.outside = Outside(work, edition, self.rows)

    def write(self, db: Connection, feed_id: int) -> None:
        """Write everything: what is gone first."""
        self.outside.forget(db, feed_id)
        for name, keys in self._gone.items():
            _OF[name].delete(db, feed_id, sorted(keys))
        for name, into in INTO.items():
            into.write(db, feed_id, self.rows[name])

    # --- sealing --------------------------------------------------------------------------------

    def find_keys(self, db: Connection, feed_id: int, subjects: Iterable[str]) -> None:
        """Make the keys of new subjects; one may be here from a refused command."""
        keys = self._work.keys
        missing = [subject for subject in dict.fromkeys(subjects) if subject not in keys]
        for subject_id, wrapped in _OF["subject_key"].read(db, feed_id, [(subject,) for subject in missing]):
            keys[subject_id] = self._seal.unwrap(subject_id, bytes(wrapped))
        for subject in missing:
            if subject not in keys:
                keys[subject] = self._seal.new_key(subject)
                self.rows["subject_key"].append((subject, keys[subject].wrapped))

    def sealed(self, document: bytes, subject: str) -> str:
        """Seal a document's receiver: equal ones once per batch, those of an erased subject to nothing."""

        def seal(plain: bytes) -> str:
            found = self._sealed.get((subject, plain))
            if found is None:
                key = self._work.keys.get(subject)
                found = self._sealed[subject, plain] = key.seal(plain) if key else ERASED
            return found

        return seal_document(document, seal).decode()

    # --- rows -----------------------------------------------------------------------------------

    def note(self, key: Key, before: Any, after: Any) -> None:  # noqa: C901 - one arm per table
        """Take down one row that changed."""
        if self._work.is_heard:
            self._tell(before, after)
        match after:
            case Order():
                self._order(before, after)
            case Reservation():
                self.rows["reservation"].append(reservation_row(after))
            case Stock():
                self._stock(key, before, after)
            case StockDoc():
                self._stock_doc(key, after)
            case Block():
                self.rows["block"].append((self._seal.blind(key[1]), _encode(after).decode()))
            case Ballot():
                self.rows["verdict"] += fresh_rows(key[1], before, after)
            case Mistake():
                kept_at, doc = micros(self._edition.hub_at), _encode(after).decode()
                self.rows["mistake"].append((after.id, after.fault, doc, kept_at))
            case Handover():
                self.rows["handover"].append(handover_row(after))
                self.ref(key, after)
            case Case():
                self._case(key, before, after)
            case Grants():
                self._grants(after)
                self.ref(key, after)
            case _:
                self.ref(key, after)

    def _tell(self, before: Any, after: Any) -> None:
        """Write down what other systems are told of it."""
        seq, at, rows = self._edition.seq, micros(self._edition.hub_at), self.rows["news"]
        for kind, subject, about in news_of(before, after):
            rows.append((seq, len(rows), kind, subject, _encode(about).decode(), at))

    def ref(self, key: Key, row: msgspec.Struct) -> None:
        """Take down a shop, warehouse, article, mapping, colleague, hint, habit or the rules."""
        doc, edition = _encode(row).decode(), self._edition
        edition.put(small_scope(*key), key[0], key[1], doc, self._work.seqs.get(key, 0))
        edition.ref_rev += 1
        self._work.seqs[key] = edition.seq
        self.rows["ref"].append((*key, doc, edition.seq))

    def _grants(self, grants: Grants) -> None:
        """Take down single rights where sign-in and every batch read them."""
        self._gone["user_grant"].append((grants.user,))
        self.rows["user_grant"] += [(grants.user, code, True) for code in grants.more]
        self.rows["user_grant"] += [(grants.user, code, False) for code in grants.fewer]

    def cleared(self, event: SnagCleared, facts: Facts) -> None:
        """Remember an exception as it was when it ended; who ended what nobody had, did the work.

        What was done to it earlier in the same batch would be forgotten otherwise.
        """
        order = facts.rows.get(("order", event.order))
        snag = order.snag(event.kind) if isinstance(order, Order) else None
        if snag is not None:
            owner = snag.owner or (facts.by.user if facts.by.role.person else "")
            self._ended[event.order, event.kind] = msgspec.structs.replace(snag, owner=owner)

    def _stock(self, key: Key, before: Stock | None, stock: Stock) -> None:
        seqs, seq = self._work.seqs, self._edition.seq
        self._edition.put(scope_of(key[0], stock), *key, _encode(stock).decode(), seqs.get(key, 0))
        seqs[key] = seq
        self.rows["stock"].append((*shelf_row(stock), self._work.adjusted.get(key, 0), seq))
        if stock.leases or (before is not None and before.leases):
            self.rows["reservation"] += lease_rows(before, stock)

    def _stock_doc(self, key: Key, doc: StockDoc) -> None:
        seqs, seq, text = self._work.seqs, self._edition.seq, _encode(doc).decode()
        self._edition.put(scope_of(key[0], doc), *key, text, seqs.get(key, 0))
        seqs[key] = seq
        about = (doc.id, doc.kind.value, doc.state.value, doc.warehouse, doc.sku, doc.target)
        self.rows["stock_doc"].append((*about, text, seq))

    def _case(self, key: Key, before: Case | None, case: Case) -> None:
        edition, was, doc = self._edition, self._work.seqs.get(key, 0), _encode(case).decode()
        scope, left = scope_of(key[0], case), scope_of(key[0], before or case)
        if case.is_open:
            edition.put(scope, *key, doc, was, left)
        else:
            edition.drop(scope, *key, was)
        self._work.seqs[key] = edition.seq
        about = (case.id, case.subject, case.subject_id, case.snag.owner or case.owner)
        self._snag(about, case.snag, is_open=case.is_open, doc=doc)

    def _order(self, before: Order | None, after: Order) -> None:
        edition, work = self._edition, self._work
        kept, text = work.receivers.get(after.id, (None, ""))
        if text and kept == after.receiver:
            self._sealed[after.id, _encode(after.receiver)] = text
        doc = self.sealed(_encode(after), after.id)
        was, scope = work.seqs.get(("order", after.id), 0), scope_of("order", after)
        left = scope_of("order", before) if was else scope
        edition.put(scope, "order", after.id, doc, was, left)
        if left != scope:
            self.moved[after.id] = scope
        self.rows["orders"].append(_order_row(after, edition.seq, doc))
        if after.snags or (before is not None and before.snags):
            self._order_snags(before, after)
        self._order_waits(before, after)
        if after.holds or (before is not None and before.holds):
            self._order_holds(before, after)
        if before is not None and before.signatures != after.signatures:
            self._gone["signature"].append((after.id,))
        if after.signatures and (before is None or before.signatures != after.signatures):
            self.rows["signature"] += [
                (after.id, slot, s.user, s.content_hash, s.maker, micros(s.at))
                for slot, s in enumerate(after.signatures, start=1)
            ]

    def _order_snags(self, before: Order | None, after: Order) -> None:
        was = {snag.kind: snag for snag in before.snags} if before else {}
        now = {snag.kind: snag for snag in after.snags}
        ended = {kind: self._ended.get((after.id, kind), snag) for kind, snag in was.items()}
        for kind, snag in {**ended, **now}.items():
            is_open = kind in now
            if not is_open or was.get(kind) != snag:
                about = (f"{after.id}:{kind}", "order", after.id, snag.owner)
                self._snag(about, snag, is_open=is_open, doc=_encode(snag).decode())

    def _order_waits(self, before: Order | None, after: Order) -> None:
        waited, waits = awaited(before) if before is not None else frozenset[str](), awaited(after)
        self._gone["wait"] += [(key, after.id) for key in waited - waits]
        self.rows["wait"] += [(key, after.id) for key in sorted(waits - waited)]

    def _order_holds(self, before: Order | None, after: Order) -> None:
        was = {hold.gate: hold for hold in before.holds} if before else {}
        now = {hold.gate: hold for hold in after.holds}
        for gate, hold in {**was, **now}.items():
            is_open = gate in now
            if not is_open or was.get(gate) != hold:
                state, closed_at = (hold.state, None) if is_open else ("closed", micros(self._edition.hub_at))
                text, opened_at = _encode(hold.text).decode(), micros(hold.opened_at)
                self.rows["hold"].append((after.id, gate, state, text, opened_at, closed_at))

    def _snag(self, about: tuple[str, str, str, str], snag: Snag, *, is_open: bool, doc: str) -> None:
        state = "open" if is_open else "closed"
        closed_at = None if is_open else micros(self._edition.hub_at)
        times = (micros(snag.opened_at), micros(snag.due_at), closed_at)
        why = snag.escalation.why if snag.escalation is not None else ""
        duty = snag.claimed_at is not None, snag.snooze is not None, why
        self.rows["snag"].append(
            (*about[:3], snag.kind, snag.severity, state, about[3], *times, doc, self._edition.seq, *duty)
        )


def _order_row(order: Order, seq: int, doc: str) -> tuple[Any, ...]:
    is_approved = order.signatures_needed > 0 and review.is_approved(order)
    released_at = order.released_at
    return (
        order.id, seq, order.ver, order.number, order.status.value, order.channel_state.value, order.shop,
        order.ext_id, order.maker, order.signatures_needed, order.content_hash,
        order.content_hash if is_approved else "", order.currency, order.payable_minor, order.warehouse,
        micros(order.ordered_at), micros(order.received_at),
        micros(released_at) if released_at is not None else None, order.touched, doc,
    )  # fmt: skip
