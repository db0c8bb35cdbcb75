"""Deliveries that were kept are understood: orders are taken in, what is said of orders is heard.

A delivery is done in the transaction that keeps what it brought; whoever dies before does it again, and what
came already is recognised.
Source: sync.md section 9.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from app.text import Text
from sync.channel import Numbered, Rejected, Unreadable
from sync.connection_tables import hook_delivery
from sync.hub.database import reading, writing
from sync.hub.overheard import Overheard, overhear
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.hooks import subject
from sync.hub.polling.taking import Tools, open_shop, refuse, take_records
from sync.hub.polling.understood import CELL, as_text
from sync.hub.polling.wanting import want
from sync.manifest.mapping import orders_in
from sync.manifest.messages import Message, message
from sync.manifest.values import document

PAGE = 50
PATIENCE = timedelta(hours=1)
"""How long a word waits for the order it is about."""
AGAIN = timedelta(seconds=5)
KEPT = timedelta(days=30)
"""How long a delivery that comes again is recognised by its name."""
log = logging.getLogger(__name__)


class Done(Exception):
    """Another process did this delivery meanwhile."""


class Deliveries:
    """Understands what channels sent, for one process."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._later: dict[tuple[str, str], datetime] = {}

    def step(self) -> bool:
        """Do the oldest deliveries; say whether there are more."""
        tools, now = self._tools, self._tools.clock()
        c = hook_delivery.c
        oldest = select(hook_delivery).where(c.feed_id == tools.feed_id, c.state == "todo")
        with reading(tools.engine) as db:
            rows = db.execute(oldest.order_by(c.received_at, c.delivery).limit(PAGE)).all()
            shops = {one.shop.code: one for one in connected(db, tools.feed_id, tools.seal)} if rows else {}
        due = [row for row in rows if self._later.get((row.shop, row.delivery), now) <= now]
        for row in due:
            if row.shop in shops:
                self._do(shops[row.shop], row)
        return len(rows) == PAGE and bool(due)

    def forget(self) -> bool:
        """Let go of the names of old deliveries."""
        c, tools = hook_delivery.c, self._tools
        old = c.feed_id == tools.feed_id, c.state == "done", c.received_at < tools.clock() - KEPT
        with writing(tools.engine) as db:
            db.execute(delete(hook_delivery).where(*old))
        return False

    def _do(self, one: Connected, row: Any) -> None:
        open_shop(self._tools, one)
        done = _done(self._tools.feed_id, row)
        try:
            self._understand(one, row, done)
        except Done:
            log.info("a delivery of %s was done by another hub", one.shop.code)

    def _understand(self, one: Connected, row: Any, done: Callable[[Connection], None]) -> None:
        tools, push = self._tools, one.manifest.push
        key = tools.seal.unwrap(subject(row.shop, row.delivery), bytes(row.wrapped))
        body = key.unpack(bytes(row.body))
        try:
            payload = document(body)
        except Unreadable as unreadable:
            self._refuse(one, body.decode(errors="replace"), unreadable)
            payload = []
        if push is None or push.kind == "orders":
            records = orders_in(one.manifest, payload) if payload else []
            take_records(tools, one, records, "webhook", done)
            return
        items = payload if isinstance(payload, list) else [payload]
        messages = [said for said in (self._message(one, item, row.topic) for item in items) if said]
        self._hear(one, row, messages, done)

    def _message(self, one: Connected, item: Any, topic: str) -> Message | None:
        try:
            said = message(one.manifest, item, one.shop, topic)
        except Unreadable as unreadable:
            self._refuse(one, as_text(item), unreadable)
            return None
        return said if said.is_news else None

    def _hear(
        self, one: Connected, row: Any, messages: list[Message], done: Callable[[Connection], None]
    ) -> None:
        """Note what is said of orders, and let each of them be read again.

        What is said of an order nobody here knows waits until that order is here.
        """
        tools, now = self._tools, self._tools.clock()
        words = [
            Overheard(said.ext_id, f"{row.delivery[:40]} {nth}", hear)
            for nth, said in enumerate(messages)
            if (hear := said.hear("")) is not None
        ]
        with writing(tools.engine) as db:
            unknown = overhear(
                db, tools.feed_id, tools.seal, one.account, one.shop, one.manifest.id, words, now
            )
            for ext_id in {said.ext_id for said in messages}:
                want(db, tools.feed_id, one.shop.code, ext_id, "said", now)
            waits = bool(unknown) and now < row.received_at + PATIENCE
            if not waits:
                done(db)
        if waits:
            self._later[row.shop, row.delivery] = now + AGAIN
        else:
            self._later.pop((row.shop, row.delivery), None)

    def _refuse(self, one: Connected, text: str, unreadable: Unreadable) -> None:
        reason = Text(unreadable.text.message, unreadable.text.params)
        row = Numbered(row_no=0, cells={CELL: text})
        refuse(self._tools, one, Rejected(row=row, reason=reason), "webhook", self._tools.clock())


def _done(feed_id: int, row: Any) -> Callable[[Connection], None]:
    """Return what marks a delivery as done, its content let go.

    Raises:
        Done: it is done already.
    """
    c = hook_delivery.c
    at = c.feed_id == feed_id, c.shop == row.shop, c.delivery == row.delivery, c.state == "todo"

    def done(db: Connection) -> None:
        if db.execute(update(hook_delivery).where(*at).values(state="done", body=b"")).rowcount != 1:
            raise Done

    return done
