"""Bugs put in on purpose, so that the checker can show that it would notice them.

As a program: `bugs.py NAME hub …` is `python -m app hub …` with the bug of that name in it.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from app import engine
from app.command import Facts
from app.commands import sign_off
from app.domain import review
from app.domain.order import Signature
from app.domain.stock import Stock
from sync.projection import Row
from sync.replica import loop, outbox, overlay
from sync.transport import Transport
from sync.wire import Wish

GAP_S = 0.3
"""Between the answer and the commit it should have waited for."""


def no_dedupe() -> None:
    """The hub decides a repeated number again."""
    from sync import tables
    from sync.hub import batch, feed, numbering
    from sync.hub.bulk import Into

    def number(self: Any, job: numbering.Job) -> numbering.Gap | None:
        replica = job.replica.replica_id
        for wish in job.commands:
            last = self._last.get(replica, 0)
            if wish.n > last + 1:
                return numbering.Gap(last + 1)
            args_hash = self._seal.args_hash(wish.name, bytes(wish.args))
            asked = numbering.Asked(job.replica, wish, args_hash)
            self._given[replica, wish.n] = numbering._Given(args_hash, asked=asked)
            self._last[replica] = max(last, wish.n)
        return None

    numbering.Numbering._number = number  # type: ignore[method-assign,assignment]
    batch.given_before = lambda _db, _feed_id, _ids: {}
    feed._COMMANDS = Into(tables.command, feed.COMMAND_COLUMNS, skips=True)


def answer_before_commit() -> None:
    """The hub says it is done, and then does it."""
    from sync.hub import writer
    from sync.hub.batch import Batch
    from sync.hub.database import writing

    def do(self: Any, taken: Sequence[Any]) -> None:
        with writing(self._engine) as db:
            batch = Batch(db, self._feed_id, self._work, self._seal, self._clock(), {})
            results = batch.run([job for job, _ in taken])
            for (_, future), result in zip(taken, results, strict=True):
                future.set_result(result)
            threading.Event().wait(GAP_S)
        batch.remember()

    writer.Writer._do = do  # type: ignore[method-assign]


def no_maker_check() -> None:
    """Whoever changed an order may sign it, and the signature does not say whose work it was."""

    def decide(command: Any, facts: Facts) -> Any:
        decided = sign_off.decide(command, facts)
        order = facts.order(command.order)
        if order is not None and getattr(decided, "code", "") == "own_work":
            name = Signature(
                user=facts.by.user, content_hash=order.content_hash, maker="channel", at=facts.now
            )
            return [sign_off.SignedOff(order=order.id, signature=name)]
        return decided

    def valid_signers(order: Any) -> tuple[str, ...]:
        return tuple(s.user for s in order.signatures if s.content_hash == order.content_hash)

    review.valid_signers = valid_signers
    spec = dataclasses.replace(engine.SPECS["sign_off"], decide=decide)
    engine._BY_TYPE = {**engine._BY_TYPE, spec.type: spec}


def emptied_on_send() -> None:
    """The desk forgets its work as soon as it is on the line."""
    unsent = outbox.Outbox.unsent

    def forgetful(self: Any) -> list[Wish]:
        wishes = unsent(self)
        self._db.executemany("DELETE FROM outbox WHERE n = ?", [(wish.n,) for wish in wishes])
        return wishes

    outbox.Outbox.unsent = forgetful  # type: ignore[method-assign]


def wrong_row() -> None:
    """The desk writes down one piece more than the hub said."""
    put = overlay.put

    def sloppy(db: Any, rows: Iterable[Row]) -> None:
        put(db, [_more(row) for row in rows])

    overlay.put = sloppy


def _more(row: Row) -> Row:
    if row.tbl != "stock" or row.doc is None:
        return row
    stock = msgspec.json.decode(row.doc, type=Stock)
    return row._replace(doc=msgspec.json.encode(msgspec.structs.replace(stock, on_hand=stock.on_hand + 1)))


def gives_up() -> None:
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

    loop.Loop.push_once = faint  # type: ignore[method-assign]


OF_HUB: dict[str, Callable[[], None]] = {
    "no_dedupe": no_dedupe,
    "answer_before_commit": answer_before_commit,
    "no_maker_check": no_maker_check,
}
OF_DESK: dict[str, Callable[[], None]] = {
    "emptied_on_send": emptied_on_send,
    "no_maker_check": no_maker_check,
    "wrong_row": wrong_row,
    "gives_up": gives_up,
}


if __name__ == "__main__":
    OF_HUB[sys.argv[1]]()
    from app.__main__ import main

    sys.exit(main(sys.argv[2:]))
