"""The company's own model: learned from how its orders ended, looked after here, sent to desks as a row.

An order is read as it came, from its first delivery: what was mended later tells nothing beforehand. It ended
badly when it was cancelled, mended or taken back after its release, or was rightly sent back in review. Only
orders old enough to have come back are looked at. Learning runs in a process of its own.
Source: capabilities 10, time split, drift check, versioning, quiet sample.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select

from app.domain.company import SWITCHES_MODEL
from app.domain.order import Status
from app.domain.revision import MODEL, Revision, revision_key
from app.domain.scopes import small_scope
from app.screening.features import Table, too_thin
from app.screening.orders import Wanted, cells_of
from app.screening.standing import SCREENING_KEY, Screening, drifted
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.feed import Edition
from sync.hub.seal import Seal
from sync.hub.tokens import Session
from sync.tables import command, event, orders, ref, signature, verdict

LEARNS_EACH, LOOKS_EACH = timedelta(days=7), timedelta(days=1)
MATURE = timedelta(days=14)
"""Younger orders may still come back."""
OLDEST = timedelta(days=400)
LATELY = timedelta(days=14)
ORDERS_MOST = 40_000
QUIET = 500
"""Of 10,000: such a share of orders is drawn to see drift, and nobody is told which."""
MENDS = ("amend", "fix_address", "take_address", "correct_price", "swap_item", "cancel")
_REFS = Into(ref, ("tbl", "pk", "doc", "seq"), replaces=("doc", "seq"))
_TICK = timedelta(microseconds=1)
HUB = "hub"
log = logging.getLogger(__name__)


class _Region(msgspec.Struct):
    province: str = ""
    city: str = ""


class _Line(msgspec.Struct):
    ext_sku: str
    qty: int
    unit_price_minor: int


class _Came(msgspec.Struct):
    """What an order was when it came; its receiver is sealed and not read."""

    order: str
    shop: str
    payable_minor: int
    currency: str
    ordered_at: datetime
    lines: tuple[_Line, ...] = ()
    region: _Region = msgspec.field(default_factory=_Region)
    is_cod: bool = False
    customer: str = ""

    def cells(self) -> dict[str, str]:
        return cells_of(
            shop=self.shop,
            province=self.region.province,
            city=self.region.city,
            lines=[Wanted(one.ext_sku, one.qty, one.unit_price_minor) for one in self.lines],
            payable_minor=self.payable_minor,
            currency=self.currency,
            is_cod=self.is_cod,
            customer=self.customer,
        )


class _Return(msgspec.Struct):
    state: str = ""


class _Ended(msgspec.Struct):
    returns: tuple[_Return, ...] = ()


_came = msgspec.json.Decoder(_Came)
_ended = msgspec.json.Decoder(_Ended)
_NO_RETURN = frozenset({"withdrawn", "rejected"})
Learner = Callable[[bytes], bytes]


class Lesson(msgspec.Struct, frozen=True):
    """What goes to the process that learns, and nothing of a person."""

    columns: dict[str, list[str]]
    is_bad: list[bool]
    moments: list[datetime]
    now: datetime


def learned_here(lesson: bytes) -> bytes:
    """Learn in whatever process this is; scikit-learn is loaded only now."""
    from app.screening.learning import learn

    one = msgspec.msgpack.decode(lesson, type=Lesson)
    return msgspec.json.encode(learn(Table(one.columns, one.is_bad, one.moments), one.now))


def learned_apart(lesson: bytes) -> bytes:
    """Learn in a process of its own: the hub goes on deciding meanwhile."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside:
        return beside.submit(learned_here, lesson).result()


class Learning:
    """Looks after the model: a new version each week, drift each day."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal, learner: Learner = learned_apart) -> None:
        self._engine, self._feed_id, self._seal, self._learner = engine, feed_id, seal, learner

    def step(self, now: datetime) -> bool:
        """Do what is due; there is never more at once."""
        with reading(self._engine) as db:
            current = standing(db, self._feed_id)
        if current is None or now - current.trained_at >= LEARNS_EACH:
            fresh = self._learned(now)
            if fresh.rows or current is not None:  # a hub without orders has nothing to say yet
                self._publish(fresh, now)
        elif current.file and (current.drift is None or now - current.drift.at >= LOOKS_EACH):
            with reading(self._engine) as db:
                lately = _deliveries(db, self._feed_id, now - LATELY, now)
            drawn = [one for one in lately if self._seal.draw(f"screening/{one.order}") < QUIET]
            cells, moments = [one.cells() for one in drawn], [one.ordered_at for one in drawn]
            self._publish(msgspec.structs.replace(current, drift=drifted(current, cells, moments, now)), now)
        return False

    def _learned(self, now: datetime) -> Screening:
        with reading(self._engine) as db:
            table = outcomes(db, self._feed_id, now)
        about = Screening(version=0, trained_at=now, rows=len(table), bad=sum(table.is_bad))
        if (few := too_thin(about.bad, about.rows)) is not None:  # no process is begun for it
            return msgspec.structs.replace(about, thin=few)
        lesson = Lesson(
            {name: list(cells) for name, cells in table.columns.items()},
            list(table.is_bad),
            list(table.moments),
            now,
        )
        try:
            return msgspec.json.decode(self._learner(msgspec.msgpack.encode(lesson)), type=Screening)
        except ModuleNotFoundError:
            thin = Text(N_("This hub has no scikit-learn to learn with. Rules check alone."))
        except BrokenProcessPool:
            log.warning("the process that learns was ended from outside")
            thin = Text(N_("Learning was ended from outside; the hub tries again in a week."))
        return msgspec.structs.replace(about, thin=thin)

    def _publish(self, fresh: Screening, now: datetime) -> None:
        """Put a version in place of the one before; it stays on where that was, if it learned anything."""
        with writing(self._engine) as db:
            head = feed.lock(db, self._feed_id)
            before = standing(db, self._feed_id)
            if before is not None and before.trained_at > fresh.trained_at:
                return  # another hub was first
            if before is not None and before.trained_at == fresh.trained_at:
                kept = msgspec.structs.replace(before, drift=fresh.drift)
                put(db, self._feed_id, head, HUB, before, kept, now)
                return
            version = before.version + 1 if before is not None else 1
            fresh = msgspec.structs.replace(
                fresh,
                version=version,
                is_on=before is not None and before.is_on,
                on_by=before.on_by if before is not None else "",
                on_at=before.on_at if before is not None else None,
            )
            put(db, self._feed_id, head, HUB, before, fresh, now)


def switch(engine: Engine, feed_id: int, who: Session, now: datetime, *, is_on: bool) -> None:
    """Switch the model on or off; who did is history of the settings.

    Raises:
        Trouble: not_allowed, no_model.
    """
    if SWITCHES_MODEL not in who.grants:
        raise Trouble("not_allowed", Text(N_("Administrators switch the learned check. Ask one of them.")))
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        before = standing(db, feed_id)
        if before is None or (is_on and not before.file):
            raise Trouble("no_model", Text(N_("There is no model to switch on yet. Rules check alone.")))
        if before.is_on == is_on:
            return
        after = msgspec.structs.replace(before, is_on=is_on, on_by=who.user.code, on_at=now)
        put(db, feed_id, head, who.user.code, before, after, now)


def standing(db: Connection, feed_id: int) -> Screening | None:
    """Return the version in place."""
    tbl, pk = SCREENING_KEY
    doc = db.execute(
        select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == tbl, ref.c.pk == pk)
    ).scalar_one_or_none()
    return msgspec.json.decode(doc, type=Screening) if doc is not None else None


def put(
    db: Connection,
    feed_id: int,
    head: feed.Head,
    by: str,
    before: Screening | None,
    after: Screening,
    now: datetime,
) -> None:
    """Publish a version; a new one, and a switch, stand in the history of the settings."""
    edition = Edition(head, max(head.hub_at + _TICK, now))
    tbl, pk = SCREENING_KEY
    doc = msgspec.json.encode(after).decode()
    stood = select(ref.c.seq).where(ref.c.feed_id == feed_id, ref.c.tbl == tbl, ref.c.pk == pk)
    edition.put(small_scope(tbl, pk), tbl, pk, doc, db.execute(stood).scalar_one_or_none() or 0)
    rows = [(tbl, pk, doc, edition.seq)]
    if _said(before) != _said(after):
        done = Revision(
            kind=MODEL, code="current", rev=edition.seq, by=by, at=edition.hub_at, before=_said(before),
            after=_said(after) or {},
        )  # fmt: skip
        rtbl, rpk = revision_key(MODEL, "current", edition.seq)
        rdoc = msgspec.json.encode(done).decode()
        edition.put(small_scope(rtbl, rpk), rtbl, rpk, rdoc)
        rows.append((rtbl, rpk, rdoc, edition.seq))
    edition.ref_rev += 1
    _REFS.write(db, feed_id, rows)
    feed.publish(db, head, edition)


def _said(one: Screening | None) -> dict[str, Any] | None:
    """Return what of a version the history says."""
    if one is None:
        return None
    return {"version": one.version, "active": one.is_on}


# --- outcomes ---------------------------------------------------------------------------------------------


def outcomes(db: Connection, feed_id: int, now: datetime) -> Table:
    """Return the orders that are old enough, as they came, in the order of time, and how each ended."""
    came = _deliveries(db, feed_id, now - OLDEST, now - MATURE)
    ends = _ends(db, feed_id, now)
    known = sorted((one for one in came if one.order in ends), key=lambda one: (one.ordered_at, one.order))
    cells = [one.cells() for one in known]
    names = list(cells[0]) if cells else []
    columns = {name: [row[name] for row in cells] for name in names}
    return Table(columns, [ends[one.order] for one in known], [one.ordered_at for one in known])


def _deliveries(db: Connection, feed_id: int, since: datetime, until: datetime) -> list[_Came]:
    """Return each order as it came first, the newest so many."""
    c = command.c
    asked = (
        select(c.args)
        .where(c.feed_id == feed_id, c.name == "receive", c.status == "applied")
        .where(c.hub_at >= since, c.hub_at < until)
        .order_by(c.seq.desc())
    )
    found: dict[str, _Came] = {}
    for (args,) in db.execute(asked).yield_per(500):
        try:
            one = _came.decode(args)
        except msgspec.MsgspecError:
            continue  # of an older form
        if one.order not in found and len(found) >= ORDERS_MOST:
            continue
        found[one.order] = one  # the earlier delivery, as they come from the newest on
    return list(found.values())


def _ends(db: Connection, feed_id: int, now: datetime) -> Mapping[str, bool]:
    """Return whether each order ended badly; of those that were neither released nor refused nobody knows."""
    o, e = orders.c, event.c
    refused = _rightly_refused(db, feed_id)
    asked = select(e.order_id, func.max(e.at)).where(e.feed_id == feed_id, e.command.in_(MENDS))
    mended = {row.order_id: row[1] for row in db.execute(asked.group_by(e.order_id))}
    rows = db.execute(
        select(o.id, o.status, o.released_at, o.doc).where(o.feed_id == feed_id, o.received_at < now - MATURE)
    )
    found = {}
    for order, status, released_at, doc in rows.yield_per(500):
        is_bad = order in refused
        if released_at is not None:
            is_bad = is_bad or status == Status.CANCELLED or mended.get(order, released_at) > released_at
            came_back = [one for one in _ended.decode(doc).returns if one.state not in _NO_RETURN]
            is_bad = is_bad or bool(came_back)
        if is_bad or released_at is not None:
            found[order] = is_bad
    return found


def _rightly_refused(db: Connection, feed_id: int) -> set[str]:
    """Return orders of which a reviewer said no to a content that then did not leave as it was."""
    v, s = verdict.c, signature.c
    left = select(s.order_id).where(
        s.feed_id == feed_id, s.order_id == v.order_id, s.content_hash == v.content_hash
    )
    said = select(v.order_id).where(v.feed_id == feed_id, v.passed.is_(False), ~left.exists())
    return set(db.execute(said).scalars())
