"""Mistakes somebody could make on a desk."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from bug import Put, bug

from app.domain.stock import Stock
from app.domain.values import Keys
from app.trouble import Trouble
from sync.projection import Row
from sync.replica import image, loop, outbox, overlay, slices, store
from sync.transport import Transport
from sync.wire import Answer, Wish


@bug("desk")
def emptied_on_send(put: Put) -> None:
    """The desk forgets its work as soon as it is on the line."""
    unsent = outbox.Outbox.unsent

    def forgetful(self: Any, *most: int) -> list[Wish]:
        wishes = unsent(self, *most)
        self._db.executemany("DELETE FROM outbox WHERE n = ?", [(wish.n,) for wish in wishes])
        return wishes

    put(outbox.Outbox, "unsent", forgetful)


@bug("desk")
def wrong_row(put: Put) -> None:
    """The desk writes down one piece more than the hub said."""
    real = image.put

    def sloppy(db: Any, rows: Iterable[Row]) -> None:
        real(db, [_more(row) for row in rows])

    put(image, "put", sloppy)


def _more(row: Row) -> Row:
    if row.tbl != "stock" or row.doc is None:
        return row
    stock = msgspec.json.decode(row.doc, type=Stock)
    return row._replace(doc=msgspec.json.encode(msgspec.structs.replace(stock, on_hand=stock.on_hand + 1)))


@bug("desk")
def gives_up(put: Put) -> None:
    """The desk stops sending after the first fault, without a word."""
    push_once = loop.Loop.push_once
    troubled = threading.Event()

    def faint(self: Any, transport: Transport) -> float:
        if troubled.is_set():
            return 300.0
        try:
            return push_once(self, transport)
        except Exception:
            troubled.set()
            raise

    put(loop.Loop, "push_once", faint)


@bug("desk", "take a backup", "restore the hub")
def prunes_what_is_not_protected(put: Put) -> None:
    """The desk forgets accepted work before there is a second copy of it."""
    settle = outbox.Outbox.settle

    def hasty(self: Any, *, last_n: int, protected_seq: int, now: datetime) -> None:
        del protected_seq
        settle(self, last_n=last_n, protected_seq=2**60, now=now)

    put(outbox.Outbox, "settle", hasty)


@bug("desk", "kill a desk in a statement", "tear a replica")
def cursor_before_rows(put: Put) -> None:
    """The cursor is committed first, the rows afterwards."""
    apply = store.Store.apply

    def early(self: Any, part: Any) -> Any:
        was = self.mark
        self._set_mark(msgspec.structs.replace(was, cursor=max(was.cursor, part.cursor)))
        self.mark = was
        return apply(self, part)

    put(store.Store, "apply", early)


@bug("desk", "kill a desk in a statement", "kill a desk")
def slices_move_early(put: Put) -> None:
    """After a slice the cursor stands behind a number that is not whole yet."""

    def early(reply: Any, _size: int = 0) -> Any:
        for part in slices.slices(reply, 3):
            end = part.rows[-1].seq if part.rows else part.cursor
            yield part._replace(cursor=max(part.cursor, end))

    put(loop, "slices", early)


@bug("desk")
def keeps_no_base(put: Put) -> None:
    """What lay under a pending command is not kept."""
    lay = overlay.Overlay.lay

    def sloppy(self: Any, db: Any, entry: Any, facts: Any) -> Keys:
        before = set(db.execute("SELECT tbl, pk FROM before").fetchall())
        writes = lay(self, db, entry, facts)
        fresh = [key for key in writes if key not in before]
        db.executemany("DELETE FROM before WHERE tbl = ? AND pk = ?", fresh)
        return writes

    put(overlay.Overlay, "lay", sloppy)


@bug("desk", "cut a line", "kill a desk")
def lays_over_old_rows(put: Put) -> None:
    """Rows that come in are written over what is pending, and what lies under it stays as it was."""

    def lift(self: Any, keys: Any) -> None:
        del self
        list(keys)

    put(image.Image, "lift", lift)


@bug("desk", "clone a PC", "set a PC back")
def stays_the_same(put: Put) -> None:
    """A desk that was copied goes on under the name of its original."""

    def become(self: Any) -> Any:
        return store.Changes(sync=True)

    put(store.Store, "become_new", become)


@bug("desk", "take a backup", "restore the hub")
def forgets_what_was_accepted(put: Put) -> None:
    """After the hub was restored nothing is sent again."""

    def begin(self: Any, epoch: str, shared: int) -> None:
        del shared
        self.set_meta(epoch=epoch)

    put(outbox.Outbox, "begin_epoch", begin)


@bug("desk", "take a backup", "restore the hub", "cut a line")
def trusts_the_next_copy(put: Put) -> None:
    """What the new life of a restored hub has a copy of by now passes for what the old one had."""

    def shared(_epoch: str, reply: Any, _ask: Any) -> int:
        return int(reply.protected_seq)

    put(loop, "shared_with", shared)


@bug("desk", "take a backup", "restore the hub", "cut a line")
def takes_late_answers(put: Put) -> None:
    """An answer counts although the life of the hub it comes from has ended."""
    put(store.Store, "_still_asks", lambda _self, _asked: True)


@bug("desk")
def mixes_numbers(put: Put) -> None:
    """Of several answers the last one's number is written beside all of them."""
    take_answers = outbox.Outbox.take_answers

    def mixed(self: Any, answers: Iterable[Answer]) -> Any:
        told = list(answers)
        return take_answers(self, [msgspec.structs.replace(one, n=told[-1].n) for one in told])

    put(outbox.Outbox, "take_answers", mixed)


@bug("desk")
def believes(put: Put) -> None:
    """What was sent counts as accepted although no answer came."""
    push_once = loop.Loop.push_once

    def trusting(self: Any, transport: Transport) -> float:
        wishes: Sequence[Wish] = self._store.outbox.unsent()
        try:
            return push_once(self, transport)
        except Trouble:
            self._store.answered([Answer(n=one.n, status="applied", seq=1) for one in wishes])
            return 0.0

    put(loop.Loop, "push_once", trusting)


@bug("desk")
def drops_what_is_too_old(put: Put) -> None:
    """A desk that the hub calls too old throws away what it has not sent."""
    answer_stop = loop.Loop._answer_stop

    def careless(self: Any, lane: Any, stopped: Any, used: str) -> float:
        if stopped.stop.code == "upgrade":
            self._store.outbox._db.execute("DELETE FROM outbox WHERE state = 'saved'")
        return answer_stop(self, lane, stopped, used)

    put(loop.Loop, "_answer_stop", careless)


@bug("desk", "fill a disk")
def promises_what_the_disk_refused(put: Put) -> None:
    """The disk is full, and the screen says Saved here all the same."""
    add = outbox.Outbox.add

    def hopeful(self: Any, entry: Any, sides: bytes | None = None) -> int:
        try:
            return add(self, entry, sides)
        except Trouble:
            return int(self.meta("next_n"))

    put(outbox.Outbox, "add", hopeful)
