"""What must be true after everything was killed and healed: the hub's own checks, and every desk's papers.

Source: sync.md section 15.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from papers import Papers
from rows_alone import rows_disagree
from sqlalchemy import Connection, Engine, select
from trade import Done, trade_breaks

from app.domain.company import GRANTS, User
from app.domain.order import Order
from app.domain.scopes import Reach, holds, reach_of
from app.domain.values import Role
from sync import tables as t
from sync.hub.database import reading
from sync.hub.finding import Finding
from sync.hub.project import opened_order, subject_keys
from sync.hub.seal import Seal, open_document
from sync.hub.verify import verify
from sync.mark import Mark

FEED = 1
NEVER = {
    "internal_invariant": "internal",
    '"unreadable"': "unread",
    '"too_old"': "unread",
    '"too_new"': "unread",
}
"""Refusals that no desk of the last three revisions ever hears, and what each breaks."""
TWICE = frozenset({"outside", "print", "typed", "money", "pieces"})
"""Something was done more or less often than it was asked for."""
SOLD = frozenset({"I4", "I5", "lease"})
_STATES = {"accepted": "applied", "protected": "applied", "refused": "refused", "conflict": "conflict"}
_orders = msgspec.json.Decoder(Order)

Rows = dict[tuple[str, str], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Desk:
    """The files of one desk, who worked there, and what a witness wrote down beside it."""

    home: Path
    role: Role
    papers: Papers


@dataclass(slots=True)
class Verdict:
    """What the checker found. `stalls`: desks that did not come level in time."""

    findings: list[Finding] = field(default_factory=list)
    promised: int = 0
    commands: int = 0
    lost: int = 0
    doubled: int = 0
    oversold: int = 0
    self_approved: int = 0
    stalls: int = 0

    @property
    def broken(self) -> set[str]:
        """The invariants that do not hold."""
        return {one.invariant for one in self.findings}


@dataclass(frozen=True, slots=True)
class _Stored:
    cmd_id: str
    status: str
    seq: int
    name: str
    args: str
    is_repeat: bool
    """It came before under another number: it was answered, not done."""

    @property
    def is_done(self) -> bool:
        """It changed something, here and not under another number."""
        return self.status == "applied" and not self.is_repeat


def check(
    engine: Engine,
    seal: Seal,
    desks: Sequence[Desk],
    forgiven: Collection[str] = (),
    outgoing: Path | None = None,
) -> Verdict:
    """Check the hub's database and every desk's files; nothing may be running.

    `forgiven`: ids of commands that died with their disk before the hub had them. `outgoing`: what the world
    of `abroad` was told.
    """
    report = verify(engine, FEED)
    verdict = Verdict(findings=list(report.findings), commands=report.counts["command"])
    with reading(engine) as db:
        protected_seq = db.execute(
            select(t.feed.c.protected_seq).where(t.feed.c.feed_id == FEED)
        ).scalar_one()
        _note(verdict, rows_disagree(db, FEED))
        stored = _stored(db)
        _note(verdict, _poisoned(stored))
        _note(verdict, _undecided(db, stored))
        doubled = [*_twice(stored), *_effects(db, stored)]
        applied = {at: Done(one.seq, one.name, one.args) for at, one in stored.items() if one.is_done}
        papers = [one for desk in desks for one in desk.papers.promises]
        trade = list(trade_breaks(db, FEED, applied, papers, outgoing))
        doubled += [one for one in trade if one.invariant in TWICE]
        _note(verdict, [*doubled, *(one for one in trade if one.invariant not in TWICE)])
        for desk in desks:
            promised = desk.papers.promises
            verdict.promised += len(promised)
            lost = list(_lost([one for one in promised if one["id"] not in forgiven], stored))
            verdict.lost += len(lost)
            _note(verdict, lost)
            _note(verdict, (Finding(name, desk.home.name, what) for name, what in desk.papers.notes))
            _note(verdict, _answers_differ(desk.papers.answers, stored))
            _note(verdict, _outbox_differs(desk, stored, promised, protected_seq))
            _note(verdict, replica_differs(db, seal, desk))
        own_work = list(_own_work(db))
    _note(verdict, own_work)
    verdict.doubled = len(doubled)
    verdict.oversold = len({one.subject for one in verdict.findings if one.invariant in SOLD})
    verdict.self_approved = len({one.subject for one in verdict.findings if one.invariant == "I6"})
    return verdict


def _note(verdict: Verdict, findings: Iterable[Finding]) -> None:
    verdict.findings += findings


def _stored(db: Connection) -> dict[tuple[str, int], _Stored]:
    c = t.command.c
    rows = db.execute(
        select(c.replica_id, c.n, c.cmd_id, c.status, c.seq, c.name, c.args, c.refusal).where(
            c.feed_id == FEED
        )
    )
    return {
        (r.replica_id, r.n): _Stored(
            r.cmd_id,
            next((code for code in NEVER if r.refusal and code in r.refusal), r.status),
            r.seq,
            r.name,
            r.args,
            r.cmd_id.endswith(f"#{r.replica_id}/{r.n}"),
        )
        for r in rows
    }


# --- promises and answers ---------------------------------------------------------------------------


def _lost(promised: list[dict[str, Any]], stored: dict[tuple[str, int], _Stored]) -> Iterator[Finding]:
    """I1: what a desk promised stands in `command` as that very command, whatever number it got later."""
    ids = {one.cmd_id for one in stored.values()}
    for one in promised:
        if one["id"] not in ids:
            yield Finding(
                "I1", f"{one['replica']}/{one['n']}", f"{one['name']} was promised and is not there"
            )


def _undecided(db: Connection, stored: dict[tuple[str, int], _Stored]) -> Iterator[Finding]:
    """I1 of channel accounts: every receipt was decided, and what a shop sold is here."""
    c, o = t.receipt.c, t.orders.c
    here = set(db.execute(select(o.id).where(o.feed_id == FEED)).scalars())
    for row in db.execute(select(c.replica_id, c.n, c.order_id).where(c.feed_id == FEED)):
        found = stored.get((row.replica_id, row.n))
        if found is None:
            yield Finding("I1", f"{row.replica_id}/{row.n}", "a receipt was never decided")
        elif found.name == "receive" and row.order_id not in here:
            yield Finding("I1", row.order_id, "an order was received and is not there")


def _answers_differ(
    answers: list[dict[str, Any]], stored: dict[tuple[str, int], _Stored]
) -> Iterator[Finding]:
    """I2, I14: whatever the hub ever told a desk is what is stored."""
    for one in answers:
        found = stored.get((one["replica"], one["n"]))
        told = (one["status"], one["seq"])
        kept = None if found is None else (_said(found), found.seq)
        if told != kept:
            yield Finding("I2", f"{one['replica']}/{one['n']}", f"told {told}, stored {kept}")


def _outbox_differs(
    desk: Desk, stored: dict[tuple[str, int], _Stored], promised: list[dict[str, Any]], protected_seq: int
) -> Iterator[Finding]:
    """I14: what the screen says is true; I13: what is gone from the outbox is protected."""
    with closing(opened(desk.home / "work.db")) as db:
        replica = db.execute("SELECT value FROM meta WHERE key = 'replica'").fetchone()[0]
        shown = db.execute("SELECT n, state, seq FROM outbox WHERE n > 0")
        rows = {n: (state, seq) for n, state, seq in shown}
    for n, (state, seq) in rows.items():
        found = stored.get((replica, n))
        subject = f"{replica}/{n}"
        if state == "saved":
            yield Finding("I12", subject, "still waits on the desk")
        elif found is None or _said(found) != _STATES[state]:
            yield Finding("I14", subject, f"shown as {state}, stored {found.status if found else 'nothing'}")
        elif seq != found.seq:
            yield Finding("I14", subject, f"shown as number {seq}, stored under {found.seq}")
    for one in promised:
        found = stored.get((one["replica"], one["n"]))
        is_ours = one["replica"] == replica and found is not None and found.cmd_id == one["id"]
        is_ours = is_ours and "is_set_back" not in one
        if is_ours and one["n"] not in rows and found.seq > protected_seq:
            yield Finding("I13", f"{replica}/{one['n']}", "left the outbox before it was protected")


def _said(stored: _Stored) -> str:
    return "refused" if stored.status in NEVER else stored.status


# --- done once, and only once -----------------------------------------------------------------------


def _poisoned(stored: dict[tuple[str, int], _Stored]) -> Iterator[Finding]:
    """No command fails because of a bug of ours, or because it is spelled as two revisions ago."""
    for (replica, n), one in stored.items():
        if one.status in NEVER:
            yield Finding(NEVER[one.status], f"{replica}/{n}", f"{one.name} could not be decided")


def _twice(stored: dict[tuple[str, int], _Stored]) -> Iterator[Finding]:
    counts = Counter(one.cmd_id for one in stored.values() if not one.is_repeat)
    for cmd_id, count in counts.items():
        if count > 1:
            yield Finding("I1", cmd_id, f"stands {count} times")


def _effects(db: Connection, stored: dict[tuple[str, int], _Stored]) -> Iterator[Finding]:
    """What commands moved is what their arguments add up to: counted stock, picked pieces, parcels.

    A figure taken over from another system is no sum: given twice it is the same figure.
    """
    done = [one for one in stored.values() if one.is_done]
    counted: Counter[tuple[str, str]] = Counter()
    picked: Counter[tuple[str, str]] = Counter()
    asked = [json.loads(one.args) for one in done if one.name == "set_stock"]
    taken_over = {(args["warehouse"], args["sku"]) for args in asked}
    for one in done:
        args = json.loads(one.args) if one.name in ("adjust_stock", "pick") else {}
        if one.name == "adjust_stock":
            counted[args["warehouse"], args["sku"]] += args["delta"]
        elif one.name == "pick":
            picked[args["order"], args["line"]] += args.get("qty", 1)
    s = t.stock.c
    for row in db.execute(select(s.warehouse, s.sku, s.adjusted).where(s.feed_id == FEED)):
        shelf = (row.warehouse, row.sku)
        if row.adjusted != counted[shelf] and shelf not in taken_over:
            came = f"counted by {row.adjusted}, asked for {counted[row.warehouse, row.sku]}"
            yield Finding("once", f"{row.warehouse}/{row.sku}", came)
    for order in _orders_now(db):
        for line in order.lines:
            if line.picked != picked[order.id, line.id]:
                came = f"picked {line.picked}, asked for {picked[order.id, line.id]}"
                yield Finding("once", f"{order.id}/{line.id}", came)
    parcels = db.execute(select(t.shipment.c.order_id).where(t.shipment.c.feed_id == FEED)).all()
    shipped = sum(one.name == "ship" for one in done)
    if len(parcels) != shipped:
        yield Finding("once", "shipment", f"{len(parcels)} parcels, {shipped} commands")


def _own_work(db: Connection) -> Iterator[Finding]:
    """I6, from the rows alone: nobody's name and nobody's verdict stands under what they changed last."""
    signers = {
        (row.order_id, row.user_code, row.content_hash)
        for said in (t.signature, t.verdict)
        for row in db.execute(select(said).where(said.c.feed_id == FEED))
    }
    for order in _orders_now(db):
        if (order.id, order.maker, order.content_hash) in signers:
            yield Finding("I6", order.id, f"{order.maker} signed own work")


def _orders_now(db: Connection) -> Iterator[Order]:
    for row in db.execute(select(t.orders.c.doc).where(t.orders.c.feed_id == FEED)):
        yield _orders.decode(open_document(row.doc.encode(), None))


# --- replicas (I9, the desk's half) -----------------------------------------------------------------


def replica_differs(db: Connection, seal: Seal, desk: Desk) -> Iterator[Finding]:
    """I9: the base rows of a desk are what the feed said up to its cursor, opened for its role."""
    with closing(opened(desk.home / "work.db")) as work:
        name = work.execute("SELECT value FROM meta WHERE key = 'replica_file'").fetchone()
    path = desk.home / (name[0] if name else "replica-1.db")
    with closing(opened(path)) as replica:
        kept = replica.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
        mark = msgspec.json.decode(kept[0], type=Mark) if kept else Mark()
        here = base_rows(replica)
        history = {("history", pk): seq for pk, seq in replica.execute("SELECT pk, seq FROM history")}
    reach = mark.reach or reach_of(User(code="", title="", role=desk.role), GRANTS[desk.role])
    there = feed_rows(db, seal, reach, mark.cursor)
    past = {key: row[0] for key, row in there.items() if key[0] == "history"}
    rows = {key: row for key, row in there.items() if key[0] != "history"}
    for key in sorted(here.keys() | rows.keys()):
        if here.get(key) != rows.get(key):
            yield Finding(
                "I9", f"{desk.home.name}:{'/'.join(key)}", _told_apart(here.get(key), rows.get(key))
            )
    for key in sorted(history.keys() ^ past.keys()):
        yield Finding("I9", f"{desk.home.name}:{'/'.join(key)}", "history differs")


def _told_apart(here: tuple[int, bytes] | None, there: tuple[int, bytes] | None) -> str:
    if here is None or there is None:
        return "is only at the hub" if here is None else "is only on the desk"
    return f"stands at {here[0]}, published at {there[0]}" if here[0] != there[0] else "content differs"


def base_rows(replica: sqlite3.Connection) -> Rows:
    """Return the rows of a replica as the hub said them, without what waits over them."""
    rows: Rows = {
        (tbl, pk): (seq, bytes(doc))
        for tbl, pk, seq, doc in replica.execute("SELECT tbl, pk, seq, doc FROM row")
    }
    for tbl, pk, seq, doc in replica.execute("SELECT tbl, pk, seq, doc FROM before"):
        if doc is None:
            rows.pop((tbl, pk), None)
        else:
            rows[tbl, pk] = (seq, bytes(doc))
    return rows


def feed_rows(db: Connection, seal: Seal, reach: Reach, cursor: int) -> Rows:
    """I11 as well: of the feed only what stands within the reach of the desk."""
    c = t.change.c
    newest: dict[tuple[str, str], tuple[int, str, str]] = {}
    for row in db.execute(
        select(c.seq, c.scope, c.tbl, c.pk, c.op, c.row)
        .where(c.feed_id == FEED, c.seq <= cursor)
        .order_by(c.seq, c.i)
    ):
        if row.op == "D":
            newest.pop((row.tbl, row.pk), None)
        else:
            newest[row.tbl, row.pk] = (row.seq, row.scope, row.row)
    keys: dict[str, Any] = {}
    orders = [pk for tbl, pk in newest if tbl == "order"]
    for start in range(0, len(orders), 500):
        keys |= subject_keys(db, FEED, seal, orders[start : start + 500])
    return {
        (tbl, pk): (seq, opened_order(doc.encode(), keys.get(pk), reach) if tbl == "order" else doc.encode())
        for (tbl, pk), (seq, scope, doc) in newest.items()
        if holds(reach, scope)
    }


def opened(path: Path) -> sqlite3.Connection:
    """Open a file of a desk that is there."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
