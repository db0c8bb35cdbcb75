"""Hand open exceptions to whoever shall work on them, by roster, skill and open minutes.

All it changes it asks for as commands that name whose each was; a hub that was slower is refused and looks
again, so several hubs on one database never fight.
Source: capabilities 5.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.command import Command
from app.commands.assign import Assign
from app.domain.company import Grants, Holidays, Shift, User
from app.domain.duty import Why
from app.domain.order import Snag
from app.domain.order_class import OrderClass
from app.domain.routing import Roster, Task, may_have, share_out
from app.domain.snag_rule import SnagRule
from app.kinds import all_kinds, kind_of
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.tables import feed, orders, ref, snag

WORKER = "worker:routing"
PAGE = 100
_TYPES: dict[str, type] = {
    "user": User, "grants": Grants, "shift": Shift, "holidays": Holidays, "snag_rule": SnagRule,
    "order_class": OrderClass,
}  # fmt: skip
_snag = msgspec.json.Decoder(Snag)


class Routing:
    """Looks what nobody works on, and hands it out."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._roster = Roster(users={}, grants={}, shifts={}, holidays={})
        self._made: dict[str, SnagRule] = {}
        self._rev = -1

    def step(self, now: datetime) -> bool:
        """Hand out up to 100 exceptions, what is due first first; say whether there may be more."""
        with reading(self._worker.engine) as db:
            self._read_roster(db)
            present = self._roster.present(now)
            load = self._load(db)
            away = sorted({owner for owner, _ in load} - {user.code for user in present})
            tasks = self._tasks(db, present, away)
        minutes: dict[str, int] = {}
        for (owner, kind), number in load.items():
            minutes[owner] = minutes.get(owner, 0) + number * effort_min(kind)
        given = share_out(tasks, present, minutes)
        commands: list[Command] = [
            Assign(order=task.order, kind=task.kind, to=to, was=task.was)
            for task, to in zip(tasks, given, strict=True)
        ]
        if not commands:
            return False
        answers = self._worker.ask(commands, now)
        return len(tasks) == PAGE and any(answer.status == "applied" for answer in answers)

    def _read_roster(self, db: Connection) -> None:
        """Read people and shifts again when a setting changed."""
        mine = self._worker.feed_id
        rev = db.execute(select(feed.c.ref_rev).where(feed.c.feed_id == mine)).scalar_one()
        if rev == self._rev:
            return
        self._roster, self._made = roster_of(db, mine)
        self._rev = rev

    def _load(self, db: Connection) -> dict[tuple[str, str], int]:
        """Return how many open exceptions of each type everybody has; what is put off is no work now."""
        rows = db.execute(
            select(snag.c.owner, snag.c.kind, func.count())
            .where(*self._open(), snag.c.owner != "", ~snag.c.asleep)
            .group_by(snag.c.owner, snag.c.kind)
        )
        return {(owner, kind): number for owner, kind, number in rows}

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        mine = snag.c.feed_id == self._worker.feed_id
        return mine, snag.c.state == "open", snag.c.subject == "order"

    def _tasks(self, db: Connection, present: Sequence[User], away: Sequence[str]) -> list[Task]:
        """Return what is nobody's, or of somebody who went; what waits for anybody comes last."""
        free = (snag.c.owner == "") & snag.c.why.in_(["", Why.LATE])
        waits = (snag.c.owner == "") & (snag.c.why == Why.NOBODY)
        wanted = [free, snag.c.owner.in_(away)]
        known = {skill for user in present for skill in user.skills}
        if any(not user.skills for user in present):
            wanted.append(waits)
        elif known:
            wanted.append(waits & snag.c.kind.in_(sorted(known)))
        rows = db.execute(
            select(snag.c.subject_id, snag.c.kind, snag.c.owner, snag.c.why, snag.c.doc, orders.c.shop)
            .join(orders, (orders.c.feed_id == snag.c.feed_id) & (orders.c.id == snag.c.subject_id))
            .where(*self._open(), ~snag.c.claimed, ~snag.c.asleep, or_(*wanted))
            .order_by(snag.c.why == Why.NOBODY, snag.c.due_at, snag.c.id)
            .limit(PAGE)
        ).all()
        tasks = []
        for order, kind, owner, why, doc, shop in rows:
            known_snag = _snag.decode(doc)
            group = kind_of(kind, self._made).group or known_snag.queue
            task = Task(order, kind, shop, effort_min(kind), owner, known_snag.declined, group)
            is_known = any(may_have(user, task) for user in present)
            if why != Why.NOBODY or is_known:
                tasks.append(task)
        return tasks


def effort_min(kind: str) -> int:
    """Return how long one exception of a type takes a person, as a guess. Units: minutes."""
    return kind_of(kind).effort_min


def roster_of(db: Connection, feed_id: int) -> tuple[Roster, dict[str, SnagRule]]:
    """Return people and shifts as they are set up, and the types a company made for itself."""
    found: dict[str, dict[str, Any]] = {table: {} for table in _TYPES}
    rows = select(ref.c.tbl, ref.c.pk, ref.c.doc).where(
        ref.c.feed_id == feed_id, ref.c.tbl.in_(sorted(_TYPES))
    )
    for table, code, doc in db.execute(rows):
        found[table][code] = msgspec.json.decode(doc, type=_TYPES[table])
    made: dict[str, SnagRule] = found["snag_rule"]
    roster = Roster(
        users=found["user"], grants=found["grants"], shifts=found["shift"], holidays=found["holidays"],
        groups=frozenset(
            {kind.group for kind in all_kinds(made).values()}
            | {row.queue for row in found["order_class"].values()}
        ) - {""},
    )  # fmt: skip
    return roster, made
