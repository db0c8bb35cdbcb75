"""The world outside in virtual time: a channel that answers late, unclearly or not at all, and keeps books.

It outlives every hub and every restore, takes no keys, so whatever is sent twice happens twice.
Source: sync.md section 10.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, select
from turns import Turns

from app.text import Text
from sync.hub.effect_rows import TODO, UNKNOWN, WAITS_FOR_A_PERSON
from sync.hub.finding import Finding
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.tables import effect, orders

LEASE = timedelta(seconds=4)
"""What takes a hub two minutes takes seconds here; longer than anything is on its way."""
SETTLE_S = 1.5
FIRST_WAIT_S, LAST_WAIT_S = 0.2, 2.0
SERVED = "confirm"
MOODS = ("well", "unreached", "lost", "unanswered", "slow")
WEIGHTS = (50, 12, 12, 16, 10)
BLIND = 0.2
"""How often nobody there can tell what became of a key."""


class StillChannel:
    """A provider whose answers are dice while it is not well. `books`: how often each key really happened."""

    takes_keys, can_look_up, settle_s = False, True, SETTLE_S

    def __init__(self, turns: Turns, rng: random.Random) -> None:
        self._turns, self._rng = turns, rng
        self.books: Counter[str] = Counter()
        self.is_well = True

    def send(self, key: str, _payload: bytes) -> Done | Rejected:
        """Take it, or not, and say so, or not.

        Raises:
            Unsent: nobody was reached.
            Unclear: no answer; it may happen yet, within the time this channel settles in.
        """
        mood = "well" if self.is_well else self._rng.choices(MOODS, WEIGHTS)[0]
        if mood == "unreached":
            raise Unsent("nobody answers")
        if mood == "slow":
            self._turns.after(self._rng.uniform(0, 0.9 * SETTLE_S), lambda: self._do(key))
        elif mood != "lost":
            self._do(key)
        if mood != "well":
            raise Unclear("the line broke")
        return self._done(key)

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell what happened, where somebody knows.

        Raises:
            Unclear: nobody does.
        """
        if not self.is_well and self._rng.random() < BLIND:
            raise Unclear("nobody can tell")
        return self._done(key) if self.books[key] else None

    def _do(self, key: str) -> None:
        self.books[key] += 1

    def _done(self, key: str) -> Done:
        return Done(ref=f"T-{key}", text=Text("told"))


def all_told(db: Connection, feed_id: int, now: datetime) -> bool:
    """Tell whether all that is due outside, or will be before long, has ended or waits for a person."""
    x = effect.c
    due = case((x.lease_until.is_not(None), x.lease_until), else_=x.not_before)
    mine = (x.feed_id == feed_id, x.kind == SERVED)
    waits = select(x.effect_key).where(*mine, _is_open(), due <= now + 2 * LEASE)
    return db.execute(waits.limit(1)).first() is None


def outside_breaks(db: Connection, feed_id: int, books: Counter[str]) -> Iterator[Finding]:
    """I7: everything happens once outside, whatever dies here; what is done here has happened there.

    What is done because a person says so was looked at outside by that person.
    """
    for key, times in books.items():
        if times > 1:
            yield Finding("I7", key, f"happened {times} times")
    x = effect.c
    mine = select(x.effect_key, x.order_id, x.state).where(x.feed_id == feed_id, x.kind == SERVED)
    for row in db.execute(mine):
        happened = row.effect_key in books
        if row.state == "done" and not happened and not _is_said(db, feed_id, row.order_id, row.effect_key):
            yield Finding("I7", row.effect_key, "is done, and nobody outside knows of it")


def _is_said(db: Connection, feed_id: int, order: str, key: str) -> bool:
    """Tell whether a person said what became of it."""
    found = select(orders.c.doc).where(orders.c.feed_id == feed_id, orders.c.id == order)
    doc = json.loads(db.execute(found).scalar_one_or_none() or "{}")
    return any(one["key"] == key and one.get("by") for one in doc.get("effects", ()))


def _is_open() -> ColumnElement[bool]:
    x = effect.c
    return x.state.in_((TODO, "leased")) | ((x.state == UNKNOWN) & (x.not_before < WAITS_FOR_A_PERSON))
