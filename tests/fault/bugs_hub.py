"""Mistakes somebody could make at the hub."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from typing import Any

import msgspec
from bug import Put, bug
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app import reviewing, upcast
from app.command import Facts
from app.domain import events as e
from app.domain import review
from app.domain.vouching import Signature, Vote
from sync import tables
from sync.hub import batch, feed, intake, numbering, pages, working_set, writer
from sync.hub.bulk import Into
from sync.hub.database import writing

GAP_S = 0.3
"""Between the answer and the commit it should have waited for."""


@bug("hub")
def no_dedupe(put: Put) -> None:
    """The hub decides a repeated number again."""

    def number(self: Any, job: numbering.Job) -> numbering.Gap | None:
        replica = job.replica.replica_id
        for wish in job.commands:
            last = self._last.get(replica, 0)
            if wish.n > last + 1:
                return numbering.Gap(last + 1)
            args_hash = self._seal.args_hash(wish.name, bytes(wish.args))
            asked = numbering.Asked(job.replica, wish, args_hash)
            self._given[replica, wish.n] = numbering._Given(args_hash, wish.id, asked=asked)
            self._last[replica] = max(last, wish.n)
        return None

    put(numbering.Numbering, "_number", number)
    put(batch, "given_before", lambda _db, _feed_id, _ids: {})
    put(feed, "_COMMANDS", Into(tables.command, feed.COMMAND_COLUMNS, skips=True))


@bug("hub")
def answer_before_commit(put: Put) -> None:
    """The hub says it is done, and then does it."""

    def do(self: Any, taken: Sequence[Any]) -> None:
        with writing(self._engine) as db:
            run = batch.Batch(db, self._feed_id, self._work, self._seal, self._clock(), {})
            results = run.run([job for job, _ in taken])
            for (_, future), result in zip(taken, results, strict=True):
                future.set_result(result)
            threading.Event().wait(GAP_S)
        run.remember()

    put(writer.Writer, "_do", do)


@bug("hub", "kill a hub in a statement")
def answers_although_it_failed(put: Put) -> None:
    """The hub hears that a batch failed and answers all the same."""

    def once(self: Any, jobs: Sequence[Any], refusing: Any) -> Any:
        results: Any = None
        try:
            with writing(self._engine) as db:
                run = batch.Batch(db, self._feed_id, self._work, self._seal, self._clock(), refusing)
                results = run.run(jobs)
        except DBAPIError:
            if results is None:
                raise
        run.remember()
        for tell in self.tell:
            tell(run.head)
        return results

    put(writer.Writer, "_once", once)


@bug("both")
def no_maker_check(put: Put) -> None:
    """Whoever changed an order may sign it, and the signature does not say whose work it was."""
    may_not = reviewing._may_not

    def lax(order: Any, *seen: Any) -> Any:
        return may_not(msgspec.structs.replace(order, maker=""), *seen)

    def valid_signers(order: Any) -> tuple[str, ...]:
        return tuple(s.user for s in order.signatures if s.content_hash == order.content_hash)

    put(review, "valid_signers", valid_signers)
    put(reviewing, "_may_not", lax)
    put(reviewing, "Vote", lambda **said: Vote(**(said | {"maker": "channel"})))
    put(reviewing, "Signature", lambda **said: Signature(**(said | {"maker": "channel"})))


@bug("hub")
def pages_cut_a_number(put: Put) -> None:
    """A page ends after so many rows, in the middle of what was published together."""
    read = pages.Pages._read

    def cut(self: Any, db: Connection, place: pages.Place, sums: Any) -> Any:
        found = read(self, db, place, sums)
        return dataclasses.replace(found, changes=found.changes[: place.limit])

    put(pages.Pages, "_read", cut)


@bug("hub", "tear a replica")
def last_n_runs_ahead(put: Put) -> None:
    """A partial page says that commands are in it whose rows come with the next one."""

    def last_n(self: Any, db: Connection, replica_id: str, _to: int) -> int:
        c = tables.replica.c
        found = select(c.last_n).where(c.feed_id == self._feed_id, c.replica_id == replica_id)
        return db.execute(found).scalar() or 0

    put(pages.Pages, "_last_n", last_n)


@bug("hub", "cut a line")
def remembers_too_long(put: Put) -> None:
    """The hub trusts rows it remembers although another hub has moved the head."""
    begin = working_set.WorkingSet.begin

    def trusting(self: Any, db: Connection, head: int, ref_rev: int) -> None:
        if self._head >= 0:
            self._head = head
        begin(self, db, head, ref_rev)

    put(working_set.WorkingSet, "begin", trusting)


@bug("hub", "kill a hub in a statement")
def keeps_what_rolled_back(put: Put) -> None:
    """After a batch that failed the hub goes on with the rows as that batch had left them."""

    def committed(self: Any, jobs: Sequence[Any], refusing: Any = None) -> Any:
        for _ in range(5):
            try:
                return self._once(jobs, refusing or {})
            except DBAPIError:
                continue
        return self._once(jobs, refusing or {})

    put(writer.Writer, "_committed", committed)


@bug("hub")
def reads_only_today(put: Put) -> None:
    """The hub reads no command as an earlier revision spelled it."""

    def read_only(name: str, rev: int, args: bytes) -> Any:
        spec = upcast.SPECS.get(name)
        return upcast.TOO_OLD if spec is not None and rev < spec.rev else upcast.read(name, rev, args)

    put(batch, "read", read_only)


@bug("hub", "clone a PC", "cut a line")
def takes_a_copy_for_a_repetition(put: Put) -> None:
    """Two copies of a desk that ask for the same under one number are answered as one."""

    def is_of(self: Any, _job: Any, _wish: Any, args_hash: bytes) -> bool:
        return bool(self.args_hash == args_hash)

    put(numbering._Given, "is_of", is_of)


@bug("hub")
def skips_a_number(put: Put) -> None:
    """Now and then a number of the feed is left out."""
    init = feed.Edition.__init__

    def skipping(self: Any, head: Any, hub_at: Any) -> None:
        init(self, head, hub_at)
        self.seq += head.head % 7 == 6

    put(feed.Edition, "__init__", skipping)


@bug("hub")
def chain_forgets(put: Put) -> None:
    """What is sealed under a number is not quite what was asked under it."""
    root_of = feed.root_of
    put(feed, "root_of", lambda rows_root, commands: root_of(rows_root, list(commands)[1:]))


@bug("hub")
def forgets_to_sum(put: Put) -> None:
    """A row that changes is not taken out of the checksum first."""
    put_row = feed.Edition.put

    def forgetful(self: Any, scope: str, tbl: str, pk: str, row: str, *_was: int) -> None:
        put_row(self, scope, tbl, pk, row)

    put(feed.Edition, "put", forgetful)


@bug("hub", "cut a line")
def last_n_not_written(put: Put) -> None:
    """The hub does not note how far the last of several desks has come whose commands met in one batch."""
    write = numbering.Numbering.write

    def forgetful(self: Any, db: Connection, feed_id: int, new: Any, now: Any) -> None:
        last = [one for one in new if one.replica.replica_id == new[-1].replica.replica_id]
        write(self, db, feed_id, new if len(last) == len(new) else [o for o in new if o not in last], now)

    put(numbering.Numbering, "write", forgetful)


@bug("hub")
def says_applied(put: Put) -> None:
    """What was refused is stored as refused and told as applied."""
    answers = numbering.Numbering.answers

    def kind(self: Any) -> Any:
        return [
            [msgspec.structs.replace(one, status="applied", refusal=None) for one in found]
            if isinstance(found, list)
            else found
            for found in answers(self)
        ]

    put(numbering.Numbering, "answers", kind)


@bug("hub")
def counts_twice(put: Put) -> None:
    """A correction of stock is noted twice where its history is kept."""
    take = batch.Batch._take

    def twice(self: Any, command: Any, events: Sequence[e.Event], facts: Facts) -> None:
        again = [event for event in events if isinstance(event, e.StockAdjusted)]
        take(self, command, [*events, *again], facts)

    put(batch.Batch, "_take", twice)


@bug("hub")
def takes_in_twice(put: Put) -> None:
    """A delivery that comes again gets a number again."""
    write = intake._Page.write

    def forgetful(self: Any) -> int:
        first = write(self)
        if self._receipts:
            row = intake.account.c.feed_id == self._feed_id, intake.account.c.replica_id == self._account_id
            more = first + len(self._receipts) + 1
            self._db.execute(intake.update(intake.account).where(*row).values(next_n=more))
        return first

    put(intake._Page, "write", forgetful)


@bug("hub")
def no_way_back_to_stock(put: Put) -> None:
    """The hub writes a shelf's new figure down without telling the desks."""
    from sync.hub import ledger

    stock = ledger.Ledger._stock

    def silent(self: Any, key: Any, before: Any, after: Any) -> None:
        edition, changes = self._edition, list(self._edition.changes)
        stock(self, key, before, after)
        if after.on_hand % 2:
            edition.changes[:] = changes

    put(ledger.Ledger, "_stock", silent)
