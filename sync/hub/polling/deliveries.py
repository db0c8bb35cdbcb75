"""Deliveries that were kept are understood: orders are taken in, what is said of orders is heard.

A delivery is done in the transaction that keeps what it brought; whoever dies before does it again, and what
came already is recognised.
Source: sync.md section 9.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from app.text import Text
from sync.channel import Numbered, Rejected, Unreadable
from sync.connection_tables import hook_delivery
from sync.hub.database import may_try_again, reading, writing
from sync.hub.overheard import Overheard, overhear
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.hooks import subject
from sync.hub.polling.quota import forget_free
from sync.hub.polling.taking import Tools, open_shop, refuse, take_records
from sync.hub.polling.understood import CELL, as_text
from sync.hub.polling.wanting import want
from sync.hub.turns import forget_silent
from sync.manifest.mapping import orders_in
from sync.manifest.messages import Message, message, refunds, refunds_in
from sync.manifest.values import document

PAGE = 50
PATIENCE = timedelta(hours=1)
"""How long a word waits for the order it is about."""
AGAIN = timedelta(seconds=5)
"""When it is looked at again first; then after as long as it has waited."""
BROKEN = timedelta(minutes=10)
"""How long one that cannot be done is left alone."""
KEPT = timedelta(days=30)
"""How long a delivery that comes again is recognised by its name."""
log = logging.getLogger(__name__)


class Done(Exception):
    """Another process did this delivery meanwhile."""


class Deliveries:
    """Understands what channels sent, for one process."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def step(self) -> bool:
        """Do the oldest deliveries of each shop; say whether there are more.

        What waits or cannot be done is put off: it holds up neither its own shop nor another.
        """
        tools, c = self._tools, hook_delivery.c
        with reading(tools.engine) as db:
            names = db.execute(select(c.shop).where(*self._due()).distinct()).scalars().all()
            shops = [one for one in connected(db, tools.feed_id, tools.seal) if one.shop.code in names]
        more = [self._oldest(one) for one in shops]
        return any(more)

    def _oldest(self, one: Connected) -> bool:
        """Do the oldest deliveries of a shop; say whether there are more."""
        c = hook_delivery.c
        oldest = select(hook_delivery).where(*self._due(), c.shop == one.shop.code)
        with reading(self._tools.engine) as db:
            rows = db.execute(oldest.order_by(c.received_at, c.delivery).limit(PAGE)).all()
        for row in rows:
            self._do(one, row)
        return len(rows) == PAGE

    def _due(self) -> tuple[Any, ...]:
        c, now = hook_delivery.c, self._tools.clock()
        return (
            c.feed_id == self._tools.feed_id,
            c.state == "todo",
            or_(c.not_before.is_(None), c.not_before <= now),
        )

    def forget(self) -> bool:
        """Let go of the names of old deliveries, and of calls and turns that count no more."""
        c, tools = hook_delivery.c, self._tools
        old = c.feed_id == tools.feed_id, c.state == "done", c.received_at < tools.clock() - KEPT
        with writing(tools.engine) as db:
            db.execute(delete(hook_delivery).where(*old))
            forget_free(db, tools.feed_id)
            forget_silent(db, tools.feed_id)
        return False

    def _do(self, one: Connected, row: Any) -> None:
        open_shop(self._tools, one)
        try:
            self._understand(one, row, _done(self._tools.feed_id, row))
        except Done:
            log.info("a delivery of %s was done by another hub", one.shop.code)
        except Exception as fault:
            if isinstance(fault, DBAPIError) and may_try_again(fault):
                raise
            log.exception("a delivery of %s cannot be done", one.shop.code)
            with writing(self._tools.engine) as db:
                self._put_off(db, row, BROKEN)

    def _put_off(self, db: Connection, row: Any, wait: timedelta) -> None:
        at = self._tools.clock() + wait
        db.execute(update(hook_delivery).where(*_at(self._tools.feed_id, row)).values(not_before=at))

    def _understand(self, one: Connected, row: Any, done: Callable[[Connection], None]) -> None:
        tools, push = self._tools, one.manifest.push
        key = tools.seal.unwrap(subject(row.shop, row.delivery), bytes(row.wrapped))
        body = key.unpack(bytes(row.body))
        try:
            payload = document(body)
        except Unreadable as unreadable:
            self._refuse(one, body.decode(errors="replace"), unreadable)
            payload = []
        if payload and push is not None and row.topic in push.refunds:
            self._hear(one, row, self._refunds(one, payload), done)
            return
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

    def _refunds(self, one: Connected, payload: Any) -> list[Message]:
        """Read the refunds of a message; a refund changes its order, so that is read again beside it."""
        said: list[Message] = []
        for record in refunds_in(one.manifest, payload):
            try:
                said += refunds(one.manifest, record, one.shop)
            except Unreadable as unreadable:
                self._refuse(one, as_text(record), unreadable)
        return said

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
            if unknown and now < row.received_at + PATIENCE:
                self._put_off(db, row, max(AGAIN, now - row.received_at))
            else:
                done(db)

    def _refuse(self, one: Connected, text: str, unreadable: Unreadable) -> None:
        reason = Text(unreadable.text.message, unreadable.text.params)
        row = Numbered(row_no=0, cells={CELL: text})
        refuse(self._tools, one, Rejected(row=row, reason=reason), "webhook", self._tools.clock())


def _done(feed_id: int, row: Any) -> Callable[[Connection], None]:
    """Return what marks a delivery as done, its content let go.

    Raises:
        Done: it is done already.
    """

    def done(db: Connection) -> None:
        done_now = update(hook_delivery).where(*_at(feed_id, row)).values(state="done", body=b"")
        if db.execute(done_now).rowcount != 1:
            raise Done

    return done


def _at(feed_id: int, row: Any) -> tuple[Any, ...]:
    c = hook_delivery.c
    return c.feed_id == feed_id, c.shop == row.shop, c.delivery == row.delivery, c.state == "todo"
