"""The rows one batch works on: loaded round by round until every command has what it needs.

Whoever holds the feed row is the only writer of these tables, so stock, articles and mappings are remembered
from batch to batch for as long as nobody else moved the head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.command import Command, Refs, with_settings
from app.domain.attempt import Attempt
from app.domain.bell import Bell
from app.domain.catalogue import Sku, SkuMap
from app.domain.counting import COUNTING
from app.domain.drift import KIND as DRIFT
from app.domain.drift import shelf_of_case
from app.domain.drill import Drill, Mistake
from app.domain.duplicate import Block
from app.domain.effect import Effect, EffectState
from app.domain.evolve import Case
from app.domain.gazetteer import Gazetteer
from app.domain.goods import StockDoc
from app.domain.habit import Habit
from app.domain.handover import Handover
from app.domain.order import Order
from app.domain.revision import TYPES as SETTINGS
from app.domain.rules import Rules
from app.domain.values import Key, Receiver
from app.domain.vouching import Ballot, Vote
from app.engine import follow
from app.sourcing.ways import Ways
from sync import tables
from sync.hub.bulk import Of
from sync.hub.seal import Seal, SubjectKey, open_document, sealed_receiver
from sync.hub.shelves import FIELDS, shelf_of
from sync.hub.verdicts import VOTE_COLUMNS, vote_of
from sync.hub.verify_goods import shelves_by_papers

REMEMBERED = frozenset({"stock", "sku", "sku_map", *SETTINGS})
REMEMBERED_ROWS = 200_000
_REF_TYPES: Mapping[str, type[Any]] = {
    "sku": Sku,
    "sku_map": SkuMap,
    "attempt": Attempt,
    "habit": Habit,
    "bell": Bell,
    "drill": Drill,
    "handover": Handover,
    **COUNTING,
    **SETTINGS,
}
_ORDERS = Of(tables.orders, ("id", "seq", "doc"), ("id",))
_KEYS = Of(tables.subject_key, ("subject_id", "wrapped"), ("subject_id",))
_STOCK = Of(
    tables.stock,
    (*FIELDS, "adjusted", "seq"),
    ("warehouse", "sku"),
)
_DOCS = Of(tables.stock_doc, ("id", "doc", "seq"), ("id",))
_REFS = Of(tables.ref, ("tbl", "pk", "doc", "seq"), ("tbl", "pk"))
_ALL_REFS = Of(tables.ref, ("tbl", "pk", "doc", "seq"), ("tbl",))
_BLOCKS = Of(tables.block, ("key_hash", "doc"), ("key_hash",))
_DRIFTS = Of(tables.snag, ("subject_id", "id"), ("kind", "state", "subject_id"))
_CASES = Of(tables.snag, ("id", "doc", "seq"), ("id",))
_BALLOTS = Of(
    tables.verdict,
    ("order_id", "slot", *VOTE_COLUMNS),
    ("order_id",),
)
_MISTAKES = Of(tables.mistake, ("id", "doc"), ("id",))
_EFFECTS = Of(tables.effect, ("effect_key", "kind", "order_id", "state", "fence"), ("effect_key",))
_HEARERS = tuple(
    select(one.c.code).where(one.c.feed_id == bindparam("feed")).limit(1)
    for one in (tables.api_key, tables.hook)
)
_orders = msgspec.json.Decoder(Order)
_blocks = msgspec.json.Decoder(Block)
_cases = msgspec.json.Decoder(Case)
_docs = msgspec.json.Decoder(StockDoc)


class WorkingSet:
    """Rows by key as the engine sees them, with what the engine need not know: when they were last published.

    `seqs`: under which number a row stands in the feed. `adjusted`: pieces stock got beside its opening.
    `receivers`: the sealed text of an order's receiver, reused while the receiver stays the same.
    """

    def __init__(
        self, feed_id: int, seal: Seal, gazetteer: Gazetteer | None, ways: Ways | None = None
    ) -> None:
        self.rows: dict[Key, Any] = {}
        self.seqs: dict[Key, int] = {}
        self.adjusted: dict[Key, int] = {}
        self.receivers: dict[str, tuple[Receiver, str]] = {}
        self.keys: dict[str, SubjectKey] = {}
        self.refs = Refs({}, {}, Rules(), gazetteer, ways=ways or Ways())
        self.is_heard = False
        """Some other system was ever let in, or told news: what happens is written down for it."""
        self._feed_id = feed_id
        self._seal = seal
        self._head = -1
        self._ref_rev = -1
        self._passing: list[Key] = []
        self._loaders: Mapping[str, Callable[[Connection, list[str]], None]] = {
            "order": self._load_orders,
            "stock": self._load_stock,
            "stock_doc": self._load_docs,
            "block": self._load_blocks,
            "snag": self._load_cases,
            "ballot": self._load_ballots,
            "mistake": self._load_mistakes,
            "effect": self._load_effects,
            "drift": self._load_drifts,
        }

    def begin(self, db: Connection, head: int, ref_rev: int) -> None:
        """Forget whatever another process may have changed."""
        if head != self._head or len(self.rows) > REMEMBERED_ROWS:
            self.forget()
        if ref_rev != self._ref_rev:
            self._load_refs(db)
            self.is_heard = any(db.execute(asked, {"feed": self._feed_id}).first() for asked in _HEARERS)
            self._ref_rev = ref_rev
        self._head = head

    def forget(self) -> None:
        """Forget all rows: the next batch reads them again."""
        self.rows.clear()
        self.seqs.clear()
        self.adjusted.clear()
        self.receivers.clear()
        self.keys.clear()
        self._passing.clear()
        self._head = self._ref_rev = -1

    def end(self, head: int, ref_rev: int) -> None:
        """Keep what the next batch will want; the batch is committed under `head`."""
        for key in self._passing:
            self.rows.pop(key, None)
            self.seqs.pop(key, None)
        self._passing.clear()
        self.receivers.clear()
        self.keys.clear()
        self._head, self._ref_rev = head, ref_rev

    def complete(self, db: Connection, commands: Iterable[Command]) -> None:
        """Load until no command points to a row that is not here."""
        rows, refs = self.rows, self.refs
        todo = list(commands)
        while todo:
            lacking = [
                (command, [key for key in follow(command, rows, refs, at_hub=True) if key not in rows])
                for command in todo
            ]
            self.load(db, {key for _, missing in lacking for key in missing})
            # what does not exist points nowhere
            todo = [command for command, missing in lacking if any(rows[key] is not None for key in missing)]

    def load(self, db: Connection, keys: Iterable[Key]) -> None:
        """Load rows by key; what does not exist is remembered as None."""
        by_table: dict[str, list[str]] = {}
        for key in sorted(keys):
            self.rows[key] = None
            if key[0] not in REMEMBERED:
                self._passing.append(key)
            by_table.setdefault(key[0] if key[0] in self._loaders else "ref", []).append(key[1])
        refs = [(key[0], key[1]) for key in keys if key[0] not in self._loaders]
        for table, names in by_table.items():
            if table == "ref":
                self._load_refs_of(db, refs)
            else:
                self._loaders[table](db, names)

    def change(self, changed: Mapping[Key, Any]) -> None:
        """Take over what a command changed."""
        self.rows.update(changed)
        self._passing.extend(key for key in changed if key[0] not in REMEMBERED)
        published = {key: row for key, row in changed.items() if key[0] in SETTINGS}
        if published:
            self.refs = with_settings(self.refs, published)

    def key_of(self, subject_id: str) -> SubjectKey | None:
        """Return the key of a subject whose order is loaded; None when it was erased or never was."""
        return self.keys.get(subject_id)

    def _load_orders(self, db: Connection, ids: list[str]) -> None:
        found = _ORDERS.read(db, self._feed_id, [(order_id,) for order_id in ids])
        for subject_id, wrapped in _KEYS.read(db, self._feed_id, [(row[0],) for row in found]):
            self.keys[subject_id] = self._seal.unwrap(subject_id, bytes(wrapped))
        for order_id, seq, doc in found:
            document = doc.encode()
            order = _orders.decode(open_document(document, self.keys.get(order_id)))
            self.rows["order", order_id] = order
            self.seqs["order", order_id] = seq
            # Of an order without a receiver the first that is sealed is another one.
            text = sealed_receiver(document) if order.receiver != Receiver() else ""
            self.receivers[order_id] = (order.receiver, text)

    def _load_stock(self, db: Connection, names: list[str]) -> None:
        pairs = [(warehouse, sku) for warehouse, _, sku in (name.partition("/") for name in names)]
        for *row, adjusted, seq in _STOCK.read(db, self._feed_id, pairs):
            stock = shelf_of(row)
            key = ("stock", f"{stock.warehouse}/{stock.sku}")
            self.rows[key], self.adjusted[key], self.seqs[key] = stock, adjusted, seq

    def _load_docs(self, db: Connection, ids: list[str]) -> None:
        for doc_id, doc, seq in _DOCS.read(db, self._feed_id, [(doc_id,) for doc_id in ids]):
            self.rows["stock_doc", doc_id] = _docs.decode(doc)
            self.seqs["stock_doc", doc_id] = seq

    def _load_blocks(self, db: Connection, names: list[str]) -> None:
        by_hash = {self._seal.blind(name): name for name in names}
        for key_hash, doc in _BLOCKS.read(db, self._feed_id, [(one,) for one in by_hash]):
            self.rows["block", by_hash[key_hash]] = _blocks.decode(doc)

    def _load_cases(self, db: Connection, ids: list[str]) -> None:
        for case_id, doc, seq in _CASES.read(db, self._feed_id, [(case_id,) for case_id in ids]):
            self.rows["snag", case_id] = _cases.decode(doc)
            self.seqs["snag", case_id] = seq

    def _load_effects(self, db: Connection, keys: list[str]) -> None:
        for key, kind, order, state, fence in _EFFECTS.read(db, self._feed_id, [(key,) for key in keys]):
            effect = Effect(key=key, kind=kind, order=order, state=EffectState(state), fence=fence)
            self.rows["effect", key] = effect

    def _load_ballots(self, db: Connection, orders: list[str]) -> None:
        votes: dict[str, list[tuple[int, Vote]]] = {}
        for order, slot, *row in _BALLOTS.read(db, self._feed_id, [(one,) for one in orders]):
            votes.setdefault(order, []).append((slot, vote_of(row)))
        for order, said in votes.items():
            self.rows["ballot", order] = Ballot(
                votes=tuple(vote for _, vote in sorted(said, key=itemgetter(0)))
            )

    def _load_mistakes(self, db: Connection, ids: list[str]) -> None:
        for id_, doc in _MISTAKES.read(db, self._feed_id, [(one,) for one in ids]):
            self.rows["mistake", id_] = msgspec.json.decode(doc, type=Mistake)

    def _load_drifts(self, db: Connection, shelves: list[str]) -> None:
        """Compare shelves of open cases with their papers, both read anew: somebody was there behind us."""
        cases = dict(_DRIFTS.read(db, self._feed_id, [(DRIFT, "open", name) for name in shelves]))
        self._load_stock(db, sorted(cases))
        for name, case in cases.items():
            for _, (kept, papers) in shelves_by_papers(db, self._feed_id, shelf_of_case(case)):
                self.rows["drift", name] = kept.drift(case, papers)

    def _load_refs_of(self, db: Connection, pairs: list[tuple[str, str]]) -> None:
        for tbl, pk, doc, seq in _REFS.read(db, self._feed_id, pairs):
            self.rows[tbl, pk] = msgspec.json.decode(doc, type=_REF_TYPES[tbl])
            self.seqs[tbl, pk] = seq

    def _load_refs(self, db: Connection) -> None:
        found: dict[Key, Any] = {}
        for tbl, pk, doc, seq in _ALL_REFS.read(db, self._feed_id, [(tbl,) for tbl in SETTINGS]):
            found[tbl, pk] = self.rows[tbl, pk] = msgspec.json.decode(doc, type=_REF_TYPES[tbl])
            self.seqs[tbl, pk] = seq
        self.refs = with_settings(Refs({}, {}, Rules(), self.refs.gazetteer, ways=self.refs.ways), found)
