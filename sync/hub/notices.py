"""Tell those who were told at their desk outside the program too, where they have an address there.

A person hears of several at once in one message. It names order, gate, number and next step, and nobody who
bought anything.
Source: capabilities 4.7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, or_, select, update

from app.domain.bell import Told
from app.domain.snag_rule import SnagRule
from app.gating import GATES
from app.kinds import kind_of
from app.text import N_, Text
from sync.hub.bells import OLDEST, PAGE
from sync.hub.database import reading, writing
from sync.hub.directory import Directory, Teller
from sync.hub.holds import Held, holds_with, one_notice
from sync.hub.own_addresses import Addresses
from sync.hub.routing import roster_of
from sync.tables import hold, notice, orders

LINES_MOST = 20
TRIES_MOST = 3
AGAIN = timedelta(seconds=30)


class Notices:
    """Carries notices on to those who have an address."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        directory: Directory,
        teller: Teller,
        say: Callable[[Text], str],
        name: str,
        own: Addresses | None = None,
    ) -> None:
        self._engine, self._feed_id, self._directory = engine, feed_id, directory
        self._teller, self._say, self._name, self._own = teller, say, name, own

    def step(self, now: datetime) -> bool:
        """Take what is new, tell it, note what became of it; there is never more than one round."""
        with writing(self._engine) as db:
            self._take(db, now)
        with reading(self._engine) as db:
            made = roster_of(db, self._feed_id)[1]
            todo = self._todo(db, now)
        for person, mine in todo.items():
            is_told = self._tell(person, mine, made)
            with writing(self._engine) as db:
                for held in mine:
                    one = one_notice(self._feed_id, (held.order, held.gate, person))
                    state = "sent" if is_told else "failed"
                    changed = {"state": state, "tries": notice.c.tries + 1, "told_at": now}
                    db.execute(update(notice).where(one).values(**changed))
        return False

    def _take(self, db: Connection, now: datetime) -> None:
        """Put this hub's name to what no hub has taken; another one finds nothing then."""
        n = notice.c
        free = update(notice).where(
            n.feed_id == self._feed_id,
            n.teller == "",
            n.told_at >= now - OLDEST,
            n.read_at.is_(None),
            n.over_at.is_(None),
            n.person.in_(sorted(self._reached(db))),
        )
        db.execute(free.values(teller=self._name, state="todo"))

    def _reached(self, db: Connection) -> set[str]:
        """Return who has an address, in the file or of their own."""
        named = {person for person, known in self._directory.people.items() if known}
        return named | self._own.people(db) if self._own is not None else named

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
        held_now = holds_with(db, self._feed_id, hold.c.order_id.in_(orders_)) if orders_ else []
        known = {(one.order, one.gate): one for one in held_now}
        found: dict[str, list[Held]] = {}
        for row in asked:
            one = known.get((row.order_id, row.gate))
            if one is not None and len(found.setdefault(row.person, [])) < LINES_MOST:
                found[row.person].append(one)
        return {person: held for person, held in found.items() if held}

    def _tell(self, person: str, mine: Sequence[Held], made: dict[str, SnagRule]) -> bool:
        lines = [self._say(line_of(held, made)) for held in mine]
        title = self._say(Text(N_("Docket: {count} orders are held"), {"count": len(mine)}))
        own = self._own.of(person) if self._own is not None else ()
        addresses = (*self._directory.people.get(person, ()), *own)
        return self._teller.tell(addresses, title, "\n".join(lines))


def line_of(held: Held, made: dict[str, SnagRule]) -> Text:
    """Name order, gate, deciding number and next step."""
    params: dict[str, str | int | Text] = {
        "number": held.number,
        "gate": Text(GATES[held.gate].title),
        "said": held.said,
        "next": Text(kind_of(held.kind, made).hint),
    }
    return Text(N_("{number}, {gate}: {said}. {next}"), params)


def deliveries(engine: Engine, feed_id: int, limit: int = 1_000) -> list[Told]:
    """Return who was told of what and what became of it, the newest first."""
    n, o = notice.c, orders.c
    rows = (
        select(
            n.order_id.label("order"),
            o.number,
            n.gate,
            n.person,
            n.state,
            n.told_at,
            n.read_at,
            (n.teller != "").label("is_outside"),
            n.over_at,
        )
        .join(orders, and_(o.feed_id == n.feed_id, o.id == n.order_id))
        .where(n.feed_id == feed_id)
        .order_by(n.told_at.desc(), n.order_id, n.gate, n.person)
        .limit(limit)
    )
    with reading(engine) as db:
        return [Told(**row._mapping) for row in db.execute(rows)]  # noqa: SLF001 - its public name
