"""The practice floor in a real hub: lay the deck of a lesson out, and read what its goals look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from app.boot.demo import deliver
from app.boot.demo_company import USERS
from app.boot.demo_day import Day
from app.boot.divisions import load_atlas
from app.boot.opening import FEED_ID, Running
from app.commands.receive import Receive
from app.domain.values import Key, order_key, stock_doc_key, stock_key
from app.engine import WRITTEN_ONLY
from app.sourcing.ways import Ways
from app.text import N_, Text
from app.training.lesson import Deck, Floor, Given, Lesson
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.working_set import WorkingSet
from sync.tables import feed, orders, ref, stock, stock_doc

COLLEAGUES = {user.role: user.code for user in USERS}
"""Who lays decks out: the people of the made-up company."""
DOES_NOT_FIT = N_("The lesson {lesson} does not fit this practice company: {reason} Start practice afresh.")


class LessonFloor:
    """Lays lessons out in one practice company. What happened in it stays; new ids keep decks apart."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._day = Day(running, running.hub.clock())

    def lay(self, lesson: Lesson) -> Deck:
        """Lay a deck out, command by command in its order.

        Raises:
            Trouble: a command of it was refused; the hint says why.
        """
        hub = self._running.hub
        with reading(hub.engine) as db:
            head = db.execute(select(feed.c.head).where(feed.c.feed_id == FEED_ID)).scalar_one()
        deck = Deck(lesson.code, str(head), hub.clock(), self._row)
        for given in lesson.lay(deck):  # one by one: what comes next may look at what is there by then
            self._give(lesson, given)
        return deck

    def _row(self, key: Key) -> Any:
        with reading(self._running.hub.engine) as db:
            return self._loaded(db, {key})[key]

    def _loaded(self, db: Connection, keys: set[Key]) -> dict[Key, Any]:
        hub = self._running.hub
        work = WorkingSet(FEED_ID, hub.seal, self._running.gazetteer, Ways(load_atlas))
        work.load(db, keys)
        return {key: work.rows[key] for key in keys}

    def _give(self, lesson: Lesson, given: Given) -> None:
        if isinstance(given.command, Receive):
            deliver(self._running, [given.command])
            return
        (answer,) = self._day.by(COLLEAGUES[given.by], [given.command])
        said = answer.refusal
        if said is not None and said.code != "unchanged":
            raise Trouble("lesson", Text(DOES_NOT_FIT, {"lesson": lesson.title, "reason": said.text}))

    def look(self, deck: Deck) -> Floor:
        """Return what was touched since the deck was laid out, as it is now."""
        hub, since = self._running.hub, int(deck.tag)
        o, s, d, r = orders.c, stock.c, stock_doc.c, ref.c
        keys: set[Key] = set()
        with reading(hub.engine) as db:
            asked = select(o.id).where(o.feed_id == FEED_ID, o.seq > since)
            keys.update(order_key(row.id) for row in db.execute(asked))
            shelves = select(s.warehouse, s.sku).where(s.feed_id == FEED_ID, s.seq > since)
            keys.update(stock_key(row.warehouse, row.sku) for row in db.execute(shelves))
            docs = select(d.id).where(d.feed_id == FEED_ID, d.seq > since)
            keys.update(stock_doc_key(row.id) for row in db.execute(docs))
            refs = select(r.tbl, r.pk).where(r.feed_id == FEED_ID, r.seq > since)
            keys.update((row.tbl, row.pk) for row in db.execute(refs) if row.tbl not in WRITTEN_ONLY)
            return Floor(deck, self._loaded(db, keys), hub.clock())
