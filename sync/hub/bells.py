"""Tell whoever is responsible for a hold at their desk: once, later the deputy, and when it is over.

Only a hold that needs somebody is told of: one with an exception behind it. The row of a notice says who was
told; `Notices` carries it on to those who have an address outside the program.
Source: capabilities 4.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, exists, select, update

from app.commands.tell import Tell
from app.domain.bell import KEPT_MOST, Bell, Notice, notice_key
from app.domain.company import User
from app.domain.routing import Roster, is_on_shift
from app.domain.snag_rule import SnagRule
from app.gating import GATES
from app.kinds import kind_of
from sync.hub.asking import Worker
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.holds import Held, Key, behind, holds_with, one_notice
from sync.hub.routing import roster_of
from sync.tables import hold, micros, notice, ref, snag

WORKER = "worker:bells"
PAGE = 200
UNREAD_MIN = 15
"""After so long without a look the deputy is told."""
SETTLES = timedelta(seconds=2)
"""By then the exception behind a hold has been handed to somebody."""
OLDEST = timedelta(days=1)
"""What has been held for longer when a hub begins to tell is known by then."""
_NOTICES = Into(notice, ("order_id", "gate", "person", "state", "teller", "tries", "told_at"), skips=True)
_bell = msgspec.json.Decoder(Bell)


class Bells:
    """Looks for holds nobody was told of, and rings."""

    def __init__(self, worker: Worker, deputies: Mapping[str, str], unread_min: int = UNREAD_MIN) -> None:
        self._worker, self._named, self._unread_min = worker, deputies, unread_min
        self._engine, self._feed_id = worker.engine, worker.feed_id
        self._seen = 0
        self._bells: dict[str, Bell] = {}

    def step(self, now: datetime) -> bool:
        """Note what was read, tell what is new and what is over; say whether there may be more."""
        with reading(self._engine) as db:
            roster, made = roster_of(db, self._feed_id)
            read, seen = self._read(db)
            late = self._late(db, roster, now, read)
            new = self._new(db, now)
            over = self._over(db)
        told: dict[str, list[Notice]] = {}
        for held in new:
            for person in self._responsible(held, roster, now):
                told.setdefault(person, []).append(_notice(held, made, now))
        for held, person, before in late:
            told.setdefault(person, []).append(_notice(held, made, now, instead_of=before))
        commands = self._asked(told, over)
        if commands:
            self._worker.ask(commands, now)
        if told or read or over:
            self._note(told, read, over, now)
        self._seen = seen
        return len(new) == PAGE and bool(told)

    def _asked(self, told: Mapping[str, Sequence[Notice]], over: Iterable[Key]) -> list[Tell]:
        """Return what is to be told; what a bell says by now was told before somebody could note it here."""
        ended: dict[str, list[str]] = {}
        for order, gate, person in over:
            ended.setdefault(person, []).append(notice_key(order, gate))
        commands = []
        for person in sorted({*told, *ended}):
            bell = self._bells.get(person, Bell(person=person))
            known = {one.key: one for one in bell.notices}
            new = [one for one in told.get(person, ()) if one.key not in known]
            done = [key for key in ended.get(person, ()) if key in known and known[key].over_at is None]
            commands += [
                Tell(person=person, notices=tuple(some), over=tuple(gone))
                for some, gone in _in_parts(new, done)
            ]
        return commands

    def _note(
        self, told: Mapping[str, Sequence[Notice]], read: Iterable[Key], over: Iterable[Key], now: datetime
    ) -> None:
        """Write down who was told, who has read it, and what is over."""
        rows = [
            (one.order, one.gate, who, "sent", "", 0, micros(now))
            for who, some in told.items()
            for one in some
        ]
        with writing(self._engine) as db:
            _NOTICES.write(db, self._feed_id, rows)
            for key in read:
                db.execute(update(notice).where(one_notice(self._feed_id, key)).values(read_at=now))
            for key in over:
                db.execute(update(notice).where(one_notice(self._feed_id, key)).values(over_at=now))

    # --- whom ---------------------------------------------------------------------------------------

    def _responsible(self, held: Held, roster: Roster, now: datetime) -> list[str]:
        """Return whose it is, else everybody at work whose gate it is."""
        if held.owner:
            people: Iterable[User | None] = (roster.users.get(held.owner),)
        else:
            role = GATES[held.gate].owner
            people = (user for user in roster.users.values() if user.role is role)
        return sorted(
            user.code
            for user in people
            if user is not None and _is_here(user, roster, now) and _may_see(user, held)
        )

    def _late(
        self, db: Connection, roster: Roster, now: datetime, read: Sequence[Key]
    ) -> list[tuple[Held, str, str]]:
        """Return what nobody has looked at in time, the deputy, and who was told."""
        n, h, limit = notice.c, hold.c, now - timedelta(minutes=self._unread_min)
        deputies = {
            **self._named,
            **{user.code: user.deputy for user in roster.users.values() if user.deputy},
        }
        rows = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id,
            n.read_at.is_(None),
            n.over_at.is_(None),
            n.told_at <= limit,
            n.person.in_(sorted(deputies)),
        )
        known = exists().where(h.feed_id == n.feed_id, h.order_id == n.order_id, h.gate == n.gate)
        late = [tuple(row) for row in db.execute(rows.where(known).order_by(n.told_at).limit(PAGE))]
        late = [key for key in late if key not in set(read)]
        if not late:
            return []
        held = {
            (one.order, one.gate): one
            for one in self._held(db, h.order_id.in_(sorted({order for order, _, _ in late})))
        }
        told = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id, n.order_id.in_(sorted({order for order, _, _ in late}))
        )
        known_to = {tuple(row) for row in db.execute(told)}
        found = []
        for order, gate, person in late:
            one, user = held.get((order, gate)), roster.users.get(deputies.get(person, ""))
            if one is None or user is None or (order, gate, user.code) in known_to:
                continue
            if _is_here(user, roster, now):
                found.append((one, user.code, person))
        return found

    # --- what ---------------------------------------------------------------------------------------

    def _new(self, db: Connection, now: datetime) -> list[Held]:
        n, h = notice.c, hold.c
        is_told = exists().where(n.feed_id == h.feed_id, n.order_id == h.order_id, n.gate == h.gate)
        return self._held(db, h.opened_at.between(now - OLDEST, now - SETTLES), ~is_told)

    def _held(self, db: Connection, *wanted: Any) -> list[Held]:
        return holds_with(db, self._feed_id, *wanted)

    # --- what became of it --------------------------------------------------------------------------

    def _read(self, db: Connection) -> tuple[list[Key], int]:
        """Return what was read since the last look: on a desk, or by claiming what is behind it."""
        n, s = notice.c, snag.c
        taken = exists().where(
            s.feed_id == n.feed_id, s.subject_id == n.order_id, s.state == "open", s.claimed, behind(n.gate)
        )
        unread = and_(n.feed_id == self._feed_id, n.read_at.is_(None), n.over_at.is_(None))
        rows = select(n.order_id, n.gate, n.person).where(unread, taken).limit(PAGE)
        found = {tuple(row) for row in db.execute(rows)}
        bells = select(ref.c.doc, ref.c.seq).where(
            ref.c.feed_id == self._feed_id, ref.c.tbl == "bell", ref.c.seq > self._seen
        )
        seen = self._seen
        for doc, seq in db.execute(bells.order_by(ref.c.seq)):
            bell, seen = _bell.decode(doc), seq
            self._bells[bell.person] = bell
            found |= {(one.order, one.gate, bell.person) for one in bell.notices if one.read_at is not None}
        if not found:
            return [], seen
        wanted = sorted({order for order, _, _ in found})
        still = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id, n.read_at.is_(None), n.order_id.in_(wanted)
        )
        return sorted(found & {tuple(row) for row in db.execute(still)}), seen

    def _over(self, db: Connection) -> list[Key]:
        """Return notices of holds that are no more."""
        n, h = notice.c, hold.c
        rows = (
            select(n.order_id, n.gate, n.person)
            .join(hold, and_(h.feed_id == n.feed_id, h.order_id == n.order_id, h.gate == n.gate))
            .where(n.feed_id == self._feed_id, n.over_at.is_(None), h.state == "closed")
        )
        return [tuple(row) for row in db.execute(rows.limit(PAGE))]


def _is_here(user: User, roster: Roster, now: datetime) -> bool:
    return user.active and is_on_shift(user, roster.shifts, roster.holidays, now)


def _may_see(user: User, held: Held) -> bool:
    return not user.shops or held.shop in user.shops


def _notice(held: Held, made: dict[str, SnagRule], now: datetime, instead_of: str = "") -> Notice:
    return Notice(
        order=held.order,
        number=held.number,
        gate=held.gate,
        said=held.said,
        hint=kind_of(held.kind, made).hint,
        at=now,
        instead_of=instead_of,
    )


def _in_parts(
    told: Sequence[Notice], over: Sequence[str]
) -> Iterator[tuple[Sequence[Notice], Sequence[str]]]:
    for at in range(0, max(len(told), len(over)), KEPT_MOST):
        yield told[at : at + KEPT_MOST], over[at : at + KEPT_MOST]
