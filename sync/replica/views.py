"""What a screen may ask of the replica, on the `read` lane, over connections of its own that never write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from typing_extensions import override

from app import engine
from app.command import Command, Facts, Refs
from app.domain.company import User
from app.domain.evidence import Place
from app.domain.gazetteer import Gazetteer
from app.domain.goods import StockDoc
from app.domain.leasing import Ask, Shelf
from app.domain.order import Order
from app.domain.order_class import OrderClass
from app.domain.revision import Revision
from app.domain.snag_rule import SnagRule
from app.domain.usual import Usual
from app.domain.values import Actor, Keys
from app.ports import (
    NO_TITLES,
    Again,
    Batches,
    HistoryRow,
    Holder,
    Login,
    OrderQuery,
    OrderRow,
    OutboxRow,
    SnagRow,
    StockRow,
    Waiting,
)
from app.sourcing.ways import Ways
from app.text import Text
from sync.instants import instant
from sync.replica import demand, figures, former, lists, open_snags
from sync.replica.asked import asked_for
from sync.replica.authors import author
from sync.replica.batches import batches
from sync.replica.clocks import Clocks
from sync.replica.day_views import DayViews
from sync.replica.delivered import delivered
from sync.replica.drills import to_review
from sync.replica.entries import ACCEPTED, Entry, pending_entries
from sync.replica.files import open_file
from sync.replica.mine import Mine
from sync.replica.open_snags import Looking, told
from sync.replica.overtaking import Overtaking
from sync.replica.rows import RefsCache, decode, load, mark_of
from sync.replica.scans import by_scan
from sync.replica.shelves import articles, holders, papers, stock_rows
from sync.replica.steps import Steps
from sync.replica.store import Store
from sync.replica.usual import Usuals

_texts = msgspec.json.Decoder(tuple[Text, ...]).decode


class Views(DayViews):
    """Implements `app.ports.Views`; follows the store when it builds its replica anew."""

    def __init__(
        self,
        store: Store,
        *,
        gazetteer: Callable[[], Gazetteer | None] = lambda: None,
        key: bytes = b"",
        ways: Ways | None = None,
    ) -> None:
        self._store, self._key = store, key
        self._refs = RefsCache(gazetteer, ways)
        self._path: Path | None = None
        self._replica: sqlite3.Connection | None = None
        self._work: sqlite3.Connection | None = None
        self._hits: tuple[OrderQuery, object, list[int]] | None = None
        self._steps = Steps()
        self._overtaking = Overtaking()
        self._usuals = Usuals()

    def close(self) -> None:
        """Close both connections."""
        for db in (self._replica, self._work):
            if db is not None:
                db.close()
        self._path = self._replica = self._work = None

    def interrupt(self) -> None:
        """Break off the list of orders that is being read, and nothing else; from any thread."""
        self._overtaking.interrupt()

    # --- small tables and facts ---------------------------------------------------------------------

    @override
    def refs(self) -> Refs:
        """Return shops, warehouses, rules and articles; facts hold the gazetteer beside them."""
        return self._refs.small(self._db())

    @override
    def now(self) -> datetime:
        """Return the hub's time as this desk estimates it."""
        return self._store.clock.now()

    def order(self, id: str, login: Login) -> tuple[Order, Facts] | None:
        """Return an order and everything its exceptions and gates look at."""
        facts = self.facts(engine.SPECS["recheck"].type(order=id), login)
        order = facts.order(id)
        return (order, facts) if order is not None else None

    def facts(self, command: Command, login: Login) -> Facts:
        """Return what `command` would be decided on."""
        db, by = self._db(), self._actor(login)
        return former.facts_of(db, command, self._refs.get(db), by, self.now())

    def known(self, keys: Keys, login: Login) -> Facts:
        """Return facts that hold just these rows; a guide asks for what its answers point to."""
        refs = self._refs.get(self._db())
        return Facts(load(self._db(), keys), refs, self._actor(login), self.now(), at_hub=False)

    def _actor(self, login: Login) -> Actor:
        return Actor(login.user.code, login.user.role, login.grants, self._store.desk)

    def people(self) -> Sequence[User]:
        """Return the colleagues who may sign in."""
        users = [decode("user", doc) for (doc,) in self._docs("user")]
        return [user for user in users if user.active]

    # --- exceptions ---------------------------------------------------------------------------------

    def snags(
        self,
        *,
        kind: str = "",
        text: str = "",
        limit: int = 500,
        is_masked: bool = False,
        split: str = "",
        login: Login | None = None,
        start: int = 0,
        titles: Mapping[str, str] = NO_TITLES,
    ) -> Sequence[SnagRow]:
        """Return open exceptions of orders, deliveries and refused commands, the one due first on top.

        `titles` is what the types are called on the screen: words are looked for there too.
        """
        looking = Looking(kind, text, split, login, is_masked, titles)
        found = open_snags.snags(self._db(), self._frame(), self._clocks(), looking, start, limit)
        own = self._mine()
        mine = {case: self._refused_row(case, entry) for case, entry in own.refused()}
        rows = [told(mine.pop(row.id), row) if row.id in mine else row for row in found]
        if kind in {"", "refused_command"} and split in {"", "mine", "group"} and not (text or start):
            rows += [row for row in mine.values() if own.is_news(row.id)]
            rows.sort(key=lambda row: (row.due_at, row.severity, row.id, row.kind))
        return rows[:limit]

    def snag_counts(
        self, login: Login, *, text: str = "", is_masked: bool = False, titles: Mapping[str, str] = NO_TITLES
    ) -> dict[str, int]:
        """Count the open exceptions of each split."""
        looking = Looking(text=text, login=login, is_masked=is_masked, titles=titles)
        found = open_snags.counts(self._db(), self._frame(), self._clocks(), looking)
        own = self._mine()
        news = 0 if text else sum(own.is_news(case) for case, _ in own.refused())
        return found | {"mine": found["mine"] + news, "group": found["group"] + news}

    def snag(self, id: str, kind: str) -> SnagRow | None:
        """Return one exception of an order, a delivery or a command; None where it is not open here."""
        return open_snags.snag_of(self._db(), self._frame(), self._clocks(), id, kind)

    def case(self, id: str) -> tuple[SnagRow, Text | None] | None:
        """Return the exception of a delivery or of a command, and what this desk had asked for."""
        own = self._mine()
        entry = dict(own.refused()).get(id)
        row = open_snags.snag_of(self._db(), self._frame(), self._clocks(), id)
        if entry is None:
            return (row, None) if row is not None else None
        if row is None and not own.is_news(id):
            return None
        own_row = self._refused_row(id, entry)
        asked = entry.texts[0] if entry.texts else asked_for(entry)
        return (told(own_row, row) if row is not None else own_row), asked

    def again(self, id: str) -> Again | None:
        """Return a refused command of this desk, to be done again."""
        return self._mine().again(id)

    def _refused_row(self, id: str, entry: Entry) -> SnagRow:
        order = lists.orders_where(self._db(), self._frame(), "WHERE o.id = ?", entry.subject)
        goal = timedelta(minutes=self.refs().rules.snag_goal_min)
        return open_snags.refused_row(id, entry, order[0] if order else None, goal, self.now())

    def usual(self) -> Usual:
        """What articles, prices and buyers are like, from the newest orders that left."""
        return self._usuals.of(self._db(), self.now())

    def delivered(self, street: str) -> Mapping[Place, int]:
        """Count by place where parcels to this street and door arrived."""
        return delivered(self._db(), street)

    def snagged_by(self, key: str) -> int:
        """Count the orders that wait for `key`: what one mapping or delivery would free."""
        (count,) = (
            self._db()
            .execute("SELECT count(DISTINCT subject_id) FROM snag WHERE instr(waits_for, ?)", (f"\n{key}\n",))
            .fetchone()
        )
        return int(count)

    def revisions(self, limit: int = 500) -> Sequence[Revision]:
        """Return what was published, the newest first."""
        return figures.revisions(self._db(), limit)

    def costing_more(self, than_minor: int) -> tuple[int, int]:
        """Count the orders before release that cost more, and all of them. Units: minor units."""
        return figures.costing_more(self._db(), than_minor)

    def judged_by(self, rule: SnagRule, most: int) -> tuple[int, int, int]:
        """Count of the newest orders: those a rule would hold, all, and those it would hold now."""
        return figures.judged_by(self._db(), rule, most)

    def classed_by(self, classes: tuple[OrderClass, ...], code: str, most: int) -> tuple[int, int, int]:
        """Count of the newest orders: those a row of a class table takes, those none takes, and all."""
        return figures.classed_by(self._db(), classes, code, most)

    # --- orders -------------------------------------------------------------------------------------

    def count_orders(self, query: OrderQuery) -> int:
        """Count orders; with words never more than 10,000."""
        with self._overtaking.asking(self._db()):
            return len(self._found(query)) if query.text.strip() else lists.count(self._db(), query)

    def order_page(self, query: OrderQuery, start: int, size: int) -> Sequence[OrderRow]:
        """Return `size` rows from place `start` on, in the order of the question."""
        with self._overtaking.asking(self._db()):
            db, frame = self._db(), self._frame()
            if not query.text.strip():
                near = self._steps.near((query, self._version()), start)
                rows, step = lists.page(db, frame, query, start, size, near)
                self._steps.note(step)
                return rows
            is_newest_first = (query.sort, query.is_rising) == ("received", False)
            found = lists.hits(db, query, size) if is_newest_first and not start else self._found(query)
            return lists.lines(db, frame, query, found[start : start + size])

    def order_batches(self, query: OrderQuery, *, with_people: bool) -> Batches:
        """Read what answers a question as it stands at the first batch; on whatever lane asks for it."""
        return batches(self._store.path, self._key, query, with_people=with_people)

    def find(self, text: str, limit: int = 10, *, is_masked: bool = False) -> Sequence[OrderRow]:
        """Return the newest orders that hold every word."""
        query = OrderQuery(text=text, is_masked=is_masked)
        return self.order_page(query, 0, limit) if text.strip() else []

    def reviews(self, login: Login) -> Sequence[OrderRow]:
        """Return the orders this person may sign now, the oldest first."""
        return to_review(self._db(), self._frame(), self.refs().shops, login)

    def floor(self, warehouse: str, status: str, limit: int = 200) -> Sequence[OrderRow]:
        """Return a queue of one warehouse, or of all; what must leave first on top."""
        where = (
            "WHERE o.status = ? AND (? = '' OR o.warehouse = ?) "
            "ORDER BY o.priority DESC, o.ship_by_at IS NULL, o.ship_by_at, o.received_at, o.id LIMIT ?"
        )
        return lists.orders_where(self._db(), self._frame(), where, status, warehouse, warehouse, limit)

    def by_scan(self, code: str, warehouse: str) -> tuple[str, str]:
        """Return what a code is: ("order", id), ("sku", code), or two empty words."""
        return by_scan(self._db(), code.strip(), warehouse)

    def history(self, order: str) -> Sequence[HistoryRow]:
        """Return what happened to an order, the newest first; what the hub has not answered stands on top."""
        names = {user.code: user.title for user in (decode("user", doc) for (doc,) in self._docs("user"))}
        refs = self.refs()
        shops = refs.shops
        mark = mark_of(self._db())
        rows = []
        for entry in pending_entries(self._work_db(), mark.last_n, mark.cursor, subject=order):
            who = author(entry.actor.user, names, shops)
            texts = entry.texts or (asked_for(entry),)
            delivery = "saved" if entry.state == "saved" else ACCEPTED
            rows += [
                HistoryRow(at=entry.saved_at, who=who, text=refs.named(text), delivery=delivery)
                for text in texts
            ]
        known = self._db().execute(
            "SELECT at, by, texts, seq FROM history WHERE order_id = ? ORDER BY seq DESC, pk DESC",
            (order,),
        )
        pulled = []
        for at, by, texts, seq in known:
            delivery = "protected" if seq <= mark.protected_seq else ACCEPTED
            who = author(by, names, shops)
            pulled += [
                HistoryRow(at=instant(at), who=who, text=refs.named(text), delivery=delivery)
                for text in reversed(_texts(texts))
            ]
        return [*reversed(rows), *pulled]

    def is_unanswered(self, order: str) -> bool:
        """Tell whether the hub has not answered yet what this desk did with an order; prints do not count."""
        mark = mark_of(self._db())
        waiting = pending_entries(self._work_db(), mark.last_n, mark.cursor, subject=order)
        return any(entry.state != ACCEPTED and entry.name != "print_paper" for entry in waiting)

    # --- goods --------------------------------------------------------------------------------------

    def stock(
        self, *, text: str = "", warehouse: str = "", limit: int = 500, expires: bool = False
    ) -> Sequence[StockRow]:
        """Return stock by article and warehouse, or what keeps until a day. Units: pieces."""
        houses, desk = self.refs().warehouses, self._store.desk
        return stock_rows(self._db(), houses, desk, text, warehouse, limit, expires=expires)

    def stock_docs(self, warehouse: str, sku: str, limit: int = 8) -> Sequence[StockDoc]:
        """Return the newest receipts, counts and transfers of an article in a warehouse."""
        return papers(self._db(), warehouse, sku, limit)

    def holders(self, warehouse: str, sku: str, limit: int) -> Sequence[Holder]:
        """Return the orders to which pieces of a shelf are promised, the oldest first."""
        return holders(self._db(), warehouse, sku, limit)

    def lease_asks(self) -> Sequence[Ask]:
        """Return what this desk should ask to hold by now, where asking changes anything."""
        people = [user for (user,) in self._work_db().execute("SELECT user FROM login")]
        return demand.lease_asks(self._db(), self.refs(), self._store.desk, people, self.now())

    def own_leases(self) -> Sequence[Shelf]:
        """Return what this desk holds for itself."""
        return demand.own_leases(self._db(), self._store.desk)

    def skus(self, text: str, limit: int = 20) -> Sequence[tuple[str, str, int]]:
        """Return (code, title, pieces available everywhere) of the articles that hold every word."""
        return articles(self._db(), self._store.desk, text, limit, self.refs().articles)

    # --- the day ------------------------------------------------------------------------------------

    def waiting(self, login: Login) -> Waiting:
        """Count what waits for somebody; what this desk could not send waits here alone."""
        found, own = figures.waiting(self._db(), login), self._mine()
        news = sum(own.is_news(case) for case, _ in own.refused())
        return msgspec.structs.replace(found, snags=found.snags + news)

    def outbox(self) -> Sequence[OutboxRow]:
        """Return this desk's own commands and how safe each is, the newest first."""
        return self._mine().outbox(self._store.doubts)

    # --- connections --------------------------------------------------------------------------------

    @override
    def _db(self) -> sqlite3.Connection:
        path = self._store.path
        if self._replica is None or path != self._path:
            # The one before closes when nobody holds it: a question that began with it goes on.
            self._replica = open_file(path, key=self._key, read_only=True)
            self._path, self._hits = path, None
            self._refs.forget()
        return self._replica

    def _mine(self) -> Mine:
        return Mine(self._work_db(), self._db())

    def _work_db(self) -> sqlite3.Connection:
        if self._work is None:
            self._work = open_file(self._store.outbox.path, key=self._key, read_only=True)
        return self._work

    def _docs(self, tbl: str) -> list[tuple[bytes]]:
        return self._db().execute("SELECT doc FROM row WHERE tbl = ? ORDER BY pk", (tbl,)).fetchall()

    def _clocks(self) -> Clocks:
        return Clocks(self.refs(), self.now())

    def _frame(self) -> lists.Frame:
        return lists.Frame(self.refs(), self._pending())

    def _pending(self) -> frozenset[str]:
        rows = self._work_db().execute("SELECT DISTINCT subject FROM outbox WHERE state = 'saved'")
        return frozenset(subject for (subject,) in rows)

    def _version(self) -> tuple[Path | None, int]:
        """Return what changes whenever anybody writes to the replica."""
        (version,) = self._db().execute("PRAGMA data_version").fetchone()
        return self._path, version

    def _found(self, query: OrderQuery) -> list[int]:
        version = self._version()
        if self._hits is None or self._hits[:2] != (query, version):
            self._hits = (query, version, lists.hits(self._db(), query))
        return self._hits[2]
