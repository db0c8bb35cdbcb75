"""PCs: an unknown one waits with a code until somebody who may lets it in; a revoked one is out at once.

The hub of this PC lets its own desk in, and a company without any PC the first one of an administrator. A PC
is known by its key: another key under the same name is another PC.
Source: sync.md section 14.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from app.domain.company import LETS_PCS_IN, User
from app.domain.revision import PC, Revision, revision_key
from app.domain.scopes import small_scope
from app.ports import Pc
from app.text import N_, Text
from app.trouble import Trouble
from sync import tables
from sync.hub import feed
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.feed import Edition
from sync.hub.tokens import Session
from sync.signing import code_of
from sync.tables import device, login
from sync.wire import Enrolment

WAITING_MOST = 200
WAITS_FOR = timedelta(days=7)
TITLE_MOST = 60
_REFS = Into(tables.ref, ("tbl", "pk", "doc", "seq"), replaces=("doc", "seq"))
_TICK = timedelta(microseconds=1)

UNKNOWN, WAITS, APPROVED, REVOKED = "unknown", "waits", "approved", "revoked"
NOT_ALLOWED = Text(N_("You may not let PCs in. An administrator may."))
NO_PC = Text(N_("The hub knows no such PC. Look at the list again."))


def known(
    db: Connection,
    feed_id: int,
    device_id: str,
    title: str,
    key: bytes,
    user: User,
    grants: frozenset[str],
    now: datetime,
    *,
    is_trusted: bool,
) -> Trouble | None:
    """Look a PC over that somebody with a right password sits at; say why it may not come in.

    The answer is returned, not raised: a PC that waits from now on has to be written down.
    """
    mine = (device.c.feed_id == feed_id) & (device.c.device_id == device_id)
    row = db.execute(select(device).where(mine).with_for_update()).one_or_none()
    if row is None:
        _make_room(db, feed_id, now)
        name = "".join(c for c in title if c.isprintable())[:TITLE_MOST]
        db.execute(insert(device).values(feed_id=feed_id, device_id=device_id, title=name, enrolled_at=now))
    elif row.revoked_at is not None:
        return Trouble("revoked", Text(N_("This PC is no longer allowed. Ask your administrator.")))
    elif row.public_key is not None and bytes(row.public_key) != key:
        return Trouble("other_key", Text(N_("This PC has lost its key. It asks to be let in again.")))
    fresh: dict[str, Any] = {"public_key": key, "asked_by": user.code}
    if row is not None and row.approved_at is not None and row.public_key is not None:
        return None
    is_first = LETS_PCS_IN in grants and not _any_approved(db, feed_id)
    if is_trusted or is_first:
        fresh |= {"approved_at": now, "approved_by": user.code if is_first else ""}
    db.execute(update(device).where(mine).values(**fresh))
    if is_trusted or is_first:
        return None
    message = N_("This PC is new here. Tell an administrator its code, {code}: they let it in.")
    return Trouble("enrol", Text(message, {"code": code_of(key)}))


def is_let_in(db: Connection, feed_id: int, device_id: str, key: bytes) -> bool:
    """Tell whether a PC may work here and has shown that it is the one."""
    found = select(device).where(device.c.feed_id == feed_id, device.c.device_id == device_id)
    row = db.execute(found).one_or_none()
    return row is not None and _state(row) == APPROVED and bytes(row.public_key) == key


def _any_approved(db: Connection, feed_id: int) -> bool:
    found = select(func.count()).where(
        device.c.feed_id == feed_id, device.c.approved_at.is_not(None), device.c.revoked_at.is_(None)
    )
    return bool(db.execute(found).scalar_one())


def _make_room(db: Connection, feed_id: int, now: datetime) -> None:
    """Forget who asked long ago and has never been let in; refuse when too many wait."""
    waits = (device.c.feed_id == feed_id) & device.c.approved_at.is_(None) & device.c.revoked_at.is_(None)
    old = waits & device.c.public_key.is_not(None) & (device.c.enrolled_at < now - WAITS_FOR)
    db.execute(delete(device).where(old))
    count = db.execute(select(func.count()).where(waits, device.c.public_key.is_not(None))).scalar_one()
    if count >= WAITING_MOST:
        raise Trouble("limited", Text(N_("Too many new PCs wait. An administrator has to look at them.")))


def enrolment(engine: Engine, feed_id: int, device_id: str, key: bytes) -> Enrolment:
    """Tell a PC whether it has been let in; it needs no person for that."""
    with reading(engine) as db:
        row = db.execute(
            select(device).where(device.c.feed_id == feed_id, device.c.device_id == device_id)
        ).one_or_none()
    if row is None or row.public_key is None or bytes(row.public_key) != key:
        return Enrolment(state=UNKNOWN)
    return Enrolment(state=_state(row))


def _state(row: Any) -> str:
    if row.revoked_at is not None:
        return REVOKED
    return APPROVED if row.approved_at is not None and row.public_key is not None else WAITS


def pcs(engine: Engine, feed_id: int, who: Session) -> list[Pc]:
    """Return every PC that ever asked, those that wait first.

    Raises:
        Trouble: not_allowed.
    """
    _check(who)
    last = (
        select(login.c.device_id, func.max(login.c.made_at).label("last_at"))
        .where(login.c.feed_id == feed_id)
        .group_by(login.c.device_id)
        .subquery()
    )
    with reading(engine) as db:
        rows = db.execute(
            select(device, last.c.last_at)
            .outerjoin(last, last.c.device_id == device.c.device_id)
            .where(device.c.feed_id == feed_id, device.c.public_key.is_not(None))
        ).all()
    order = {WAITS: 0, APPROVED: 1, REVOKED: 2}
    made = [
        Pc(
            id=row.device_id,
            title=row.title,
            code=code_of(bytes(row.public_key)),
            state=_state(row),
            asked_by=row.asked_by,
            asked_at=row.enrolled_at,
            approved_by=row.approved_by,
            last_at=row.last_at,
            alarm_at=row.alarm_at,
        )
        for row in rows
    ]
    return sorted(made, key=lambda pc: (order[pc.state], pc.title, pc.id))


def approve(engine: Engine, feed_id: int, who: Session, device_id: str, now: datetime) -> None:
    """Let a PC in, also one that was revoked.

    Raises:
        Trouble: not_allowed | no_pc.
    """
    _check(who)
    values = {"approved_at": now, "approved_by": who.user.code, "revoked_at": None, "alarm_at": None}
    _decide(engine, feed_id, device_id, who.user.code, APPROVED, values, now)


def revoke(engine: Engine, feed_id: int, who: Session, device_id: str, now: datetime) -> None:
    """Put a PC out: its tokens open nothing any more, and what it sends is refused from the next batch on.

    Raises:
        Trouble: not_allowed | no_pc | this_pc.
    """
    _check(who)
    if device_id == who.device_id:
        raise Trouble("this_pc", Text(N_("You sit at this PC. Revoke it from another one.")))
    _decide(engine, feed_id, device_id, who.user.code, REVOKED, {"revoked_at": now}, now)


def approve_by_code(engine: Engine, feed_id: int, code: str, now: datetime) -> str:
    """Let the PC with this code in, at the hub's own console; return its name.

    Raises:
        Trouble: no_pc.
    """
    with reading(engine) as db:
        rows = db.execute(
            select(device.c.device_id, device.c.title, device.c.public_key).where(
                device.c.feed_id == feed_id, device.c.public_key.is_not(None)
            )
        ).all()
    wanted = code.strip().upper()
    found = next((row for row in rows if code_of(bytes(row.public_key)) == wanted), None)
    if found is None:
        raise Trouble("no_pc", NO_PC)
    values = {"approved_at": now, "approved_by": "", "revoked_at": None, "alarm_at": None}
    _decide(engine, feed_id, found.device_id, "", APPROVED, values, now)
    return str(found.title)


def _check(who: Session) -> None:
    if LETS_PCS_IN not in who.grants:
        raise Trouble("not_allowed", NOT_ALLOWED)


def _decide(
    engine: Engine,
    feed_id: int,
    device_id: str,
    by: str,
    state: str,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write a decision down, and put it into the history like any other setting."""
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        mine = (device.c.feed_id == feed_id) & (device.c.device_id == device_id)
        row = db.execute(select(device).where(mine, device.c.public_key.is_not(None))).one_or_none()
        if row is None:
            raise Trouble("no_pc", NO_PC)
        db.execute(update(device).where(mine).values(**values))
        edition = Edition(head, max(head.hub_at + _TICK, now))
        code = code_of(bytes(row.public_key))
        done = Revision(
            kind=PC,
            code=code,
            rev=edition.seq,
            by=by,
            at=edition.hub_at,
            before={"title": row.title, "state": _state(row)},
            after={"title": row.title, "state": state},
        )
        tbl, pk = revision_key(PC, code, edition.seq)
        doc = msgspec.json.encode(done).decode()
        edition.put(small_scope(tbl, pk), tbl, pk, doc)
        edition.ref_rev += 1
        _REFS.write(db, feed_id, [(tbl, pk, doc, edition.seq)])
        feed.publish(db, head, edition)
