"""Tell whoever is responsible for a hold outside the program: once, and what nobody looks at to the deputy.

Only a hold that needs somebody is told of: one with an exception behind it. A person hears of several at once
in one message. It names order, gate, number and next step, and nobody who bought anything.
Source: capabilities 4.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, and_, exists, or_, select, update

from app.domain.company import User
from app.domain.routing import Roster, is_on_shift
from app.domain.snag_rule import SnagRule
from app.gating import GATES, KINDS_OF
from app.kinds import kind_of
from app.text import N_, Text
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.directory import Directory, Teller
from sync.hub.routing import roster_of
from sync.tables import hold, micros, notice, orders, snag

PAGE = 200
LINES_MOST = 20
TRIES_MOST = 3
SETTLES = timedelta(seconds=2)
"""By then the exception behind a hold has been handed to somebody."""
AGAIN = timedelta(seconds=30)
OLDEST = timedelta(days=1)
"""What has been held for longer when a hub begins to tell is known by then."""
_NOTICES = Into(notice, ("order_id", "gate", "person", "state", "teller", "tries", "told_at"), skips=True)
_text = msgspec.json.Decoder(Text)


Key = tuple[str, str, str]
"""Order, gate, person."""


class Held(NamedTuple):
    """One hold somebody has to see to."""

    order: str
    number: str
    gate: str
    said: Text
    kind: str
    owner: str


class Notices:
    """Looks for holds nobody was told of, and tells."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        directory: Directory,
        teller: Teller,
        say: Callable[[Text], str],
        name: str,
    ) -> None:
        self._engine, self._feed_id, self._directory = engine, feed_id, directory
        self._teller, self._say, self._name = teller, say, name

    def step(self, now: datetime) -> bool:
        """Note whom to tell, tell them, note what became of it; there is never more than one round."""
        with reading(self._engine) as db:
            roster, made = roster_of(db, self._feed_id)
            rows = [
                (held.order, held.gate, person, "todo", self._name, 0, micros(now))
                for held in self._new(db, now)
                for person in self._responsible(held, roster, now)
            ]
            read = self._read(db)
            rows += self._for_deputies(db, roster, now, read)
        if rows or read:
            with writing(self._engine) as db:
                _NOTICES.write(db, self._feed_id, rows)
                self._note(db, read, read_at=now)
        with reading(self._engine) as db:
            todo = self._todo(db, now)
        for person, mine in todo.items():
            is_told = self._tell(person, mine, made)
            keys = [(held.order, held.gate, person) for held in mine]
            with writing(self._engine) as db:
                state = "sent" if is_told else "failed"
                self._note(db, keys, state=state, tries=notice.c.tries + 1, told_at=now)
        return False

    # --- whom ---------------------------------------------------------------------------------------

    def _responsible(self, held: Held, roster: Roster, now: datetime) -> list[str]:
        """Return whose it is, else everybody at work whose gate it is; who has no address hears nothing."""
        if held.owner:
            people: Iterable[User | None] = (roster.users.get(held.owner),)
        else:
            role = GATES[held.gate].owner
            people = (user for user in roster.users.values() if user.role is role)
        return sorted(user.code for user in people if user is not None and self._hears(user, roster, now))

    def _hears(self, user: User, roster: Roster, now: datetime) -> bool:
        is_here = user.active and is_on_shift(user, roster.shifts, roster.holidays, now)
        return is_here and bool(self._directory.people.get(user.code))

    def _for_deputies(
        self, db: Connection, roster: Roster, now: datetime, read: Sequence[Key]
    ) -> list[tuple[Any, ...]]:
        limit = now - timedelta(minutes=self._directory.unread_min)
        n = notice.c
        late = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id, n.state != "todo", n.read_at.is_(None), n.told_at <= limit
        )  # fmt: skip
        found = []
        for row in db.execute(late.order_by(n.told_at).limit(PAGE)):
            user = roster.users.get(self._directory.deputies.get(row.person, ""))
            is_read = (row.order_id, row.gate, row.person) in read
            if user is not None and not is_read and self._hears(user, roster, now):
                found.append((row.order_id, row.gate, user.code, "todo", self._name, 0, micros(now)))
        return found

    # --- what ---------------------------------------------------------------------------------------

    def _new(self, db: Connection, now: datetime) -> list[Held]:
        n, h = notice.c, hold.c
        is_told = exists().where(n.feed_id == h.feed_id, n.order_id == h.order_id, n.gate == h.gate)
        fresh = h.opened_at.between(now - OLDEST, now - SETTLES)
        return self._held(db, fresh, ~is_told)

    def _held(self, db: Connection, *wanted: Any) -> list[Held]:
        h, s, o = hold.c, snag.c, orders.c
        behind = or_(*(and_(h.gate == gate, s.kind.in_(kinds)) for gate, kinds in KINDS_OF.items()))
        rows = (
            select(h.order_id, o.number, h.gate, h.text, s.kind, s.owner)
            .join(snag, and_(s.feed_id == h.feed_id, s.subject_id == h.order_id, s.subject == "order"))
            .join(orders, and_(o.feed_id == h.feed_id, o.id == h.order_id))
            .where(h.feed_id == self._feed_id, h.state != "closed", s.state == "open", behind, *wanted)
            .order_by(h.opened_at.desc(), h.order_id, h.gate, s.due_at)
            .limit(PAGE)
        )
        found: dict[tuple[str, str], Held] = {}
        for row in db.execute(rows):
            one = Held(row.order_id, row.number, row.gate, _text.decode(row.text), row.kind, row.owner)
            found.setdefault((one.order, one.gate), one)
        return list(found.values())

    def _todo(self, db: Connection, now: datetime) -> dict[str, list[Held]]:
        n = notice.c
        again = and_(n.state == "failed", n.tries < TRIES_MOST, n.told_at <= now - AGAIN)
        mine = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id,
            n.teller == self._name,
            n.read_at.is_(None),
            or_(n.state == "todo", again),
        )  # fmt: skip
        asked = db.execute(mine.order_by(n.told_at).limit(PAGE)).all()
        orders_ = sorted({row.order_id for row in asked})
        known = {(one.order, one.gate): one for one in self._held(db, hold.c.order_id.in_(orders_))}
        found: dict[str, list[Held]] = {}
        for row in asked:
            one = known.get((row.order_id, row.gate))
            if one is not None and len(found.setdefault(row.person, [])) < LINES_MOST:
                found[row.person].append(one)
        return {person: held for person, held in found.items() if held}

    def _tell(self, person: str, mine: Sequence[Held], made: dict[str, SnagRule]) -> bool:
        lines = [self._say(line_of(held, made)) for held in mine]
        title = self._say(Text(N_("Docket: {count} orders are held"), {"count": len(mine)}))
        return self._teller.tell(self._directory.people.get(person, ()), title, "\n".join(lines))

    # --- what became of it --------------------------------------------------------------------------

    def _note(self, db: Connection, keys: Iterable[Key], **values: Any) -> None:
        n = notice.c
        for order, gate, person in keys:
            one = and_(n.feed_id == self._feed_id, n.order_id == order, n.gate == gate, n.person == person)
            db.execute(update(notice).where(one).values(**values))

    def _read(self, db: Connection) -> list[Key]:
        """Return what may be taken as read: what is no hold any more, and what somebody has claimed."""
        n, h, s = notice.c, hold.c, snag.c
        over = exists().where(
            h.feed_id == n.feed_id, h.order_id == n.order_id, h.gate == n.gate, h.state == "closed"
        )
        behind = or_(*(and_(n.gate == gate, s.kind.in_(kinds)) for gate, kinds in KINDS_OF.items()))
        taken = exists().where(
            s.feed_id == n.feed_id, s.subject_id == n.order_id, s.state == "open", s.claimed, behind
        )
        unread = select(n.order_id, n.gate, n.person).where(
            n.feed_id == self._feed_id, n.read_at.is_(None), or_(over, taken)
        )
        return [(row.order_id, row.gate, row.person) for row in db.execute(unread.limit(PAGE))]


def line_of(held: Held, made: dict[str, SnagRule]) -> Text:
    """Name order, gate, deciding number and next step."""
    params: dict[str, str | int | Text] = {
        "number": held.number,
        "gate": Text(GATES[held.gate].title),
        "said": held.said,
        "next": Text(kind_of(held.kind, made).hint),
    }
    return Text(N_("{number}, {gate}: {said}. {next}"), params)


class Told(NamedTuple):
    """One line of the log of deliveries."""

    number: str
    gate: str
    person: str
    state: str
    told_at: datetime
    read_at: datetime | None


def deliveries(engine: Engine, feed_id: int, limit: int = 1_000) -> list[Told]:
    """Return who was told of what and what became of it, the newest first."""
    n, o = notice.c, orders.c
    rows = (
        select(o.number, n.gate, n.person, n.state, n.told_at, n.read_at)
        .join(orders, and_(o.feed_id == n.feed_id, o.id == n.order_id))
        .where(n.feed_id == feed_id)
        .order_by(n.told_at.desc(), n.order_id, n.gate, n.person)
        .limit(limit)
    )
    with reading(engine) as db:
        return [Told(*row) for row in db.execute(rows)]
