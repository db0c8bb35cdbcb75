"""One batch: everything between BEGIN and COMMIT. A pure, retryable function of the database and the jobs.

The feed row is taken first, so one batch at a time writes a feed and everything it reads is its own; whoever
comes second waits there and nowhere else.
Source: sync.md section 3.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, delete, literal, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from app.command import OVERTAKEN, Command, Facts, Refusal, Unnamed
from app.commands.open_case import OpenCase
from app.conflict import conflicts, merged
from app.domain import events as e
from app.domain.evolve import Case
from app.domain.order import EDITABLE, Order
from app.domain.scopes import is_outside, scope_of
from app.domain.systems import KEY
from app.domain.values import EVERY_OPEN, Actor, Key, Role
from app.duties import next_of_case
from app.engine import apply, spec_of, wake_at
from app.text import N_, Text
from app.upcast import read
from sync import tables
from sync.hub import feed
from sync.hub.bulk import Of
from sync.hub.crash import crash_point
from sync.hub.effect_rows import doubt_older, end_effect
from sync.hub.feed import Edition
from sync.hub.ledger import Ledger
from sync.hub.numbering import Asked, Fork, Gap, Job, Numbering, given_before, stored_answer
from sync.hub.outside import Told
from sync.hub.people import People
from sync.hub.proofs import SMALL_INT, fitting, proof_of
from sync.hub.seal import Seal, holds_personal
from sync.hub.working_set import WorkingSet
from sync.tables import micros
from sync.wire import Answer, HistoryEntry, Wish

log = logging.getLogger(__name__)

INTERNAL = Refusal(
    "internal_invariant", Text(N_("The hub could not do this. It is reported; try again after an update."))
)
OUTSIDE = Refusal(
    "outside", Text(N_("This lies outside the shops and warehouses you work for. Ask your administrator."))
)
HUB = Actor("hub", Role.WORKER, frozenset({"open_case"}))

_EVENTS = Of(tables.event, ("order_id", "seq", "i", "body"), ("order_id",))
_LOOKED = delete(tables.recheck).where(
    tables.recheck.c.feed_id == bindparam("feed"),
    tables.recheck.c.order_id.in_(bindparam("orders", expanding=True)),
    tables.recheck.c.not_before <= bindparam("now"),
)
CASE = "case"
"""Cause of a look to come at a delivery or a command, which stands under its own id."""
_ENDS_EFFECT = (e.EffectRecorded, e.EffectAskedAgain, e.EffectWithdrawn)
_TICK = timedelta(microseconds=1)
_STATUS = feed.COMMAND_COLUMNS.index("status")


@dataclass(slots=True)
class Batch:
    """One run. `refusing`: commands that broke a batch before are answered without being decided."""

    db: Connection
    feed_id: int
    work: WorkingSet
    seal: Seal
    now: datetime
    refusing: Mapping[tuple[str, int], Refusal] = field(default_factory=dict)
    epoch: str = ""
    """The only life of the database it may write into; empty for any."""
    head: int = 0
    protected_seq: int = 0
    is_new: bool = False
    _edition: Edition = field(init=False)
    _ledger: Ledger = field(init=False)
    _before: dict[Key, Any] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)
    _woken: set[str] = field(default_factory=set)
    _said: list[tuple[str, str, str]] = field(default_factory=list)
    """History of this batch: order, key of the entry, its text."""

    def run(self, jobs: Sequence[Job]) -> list[list[Answer] | Gap | Fork]:
        """Decide, write and publish; the caller commits. Each job gets answers, or why it cannot go on."""
        db, work = self.db, self.work
        head = feed.lock(db, self.feed_id, self.epoch)
        self.head, self.protected_seq = head.head, head.protected_seq
        self.now = max(head.hub_at + _TICK, self.now)
        work.begin(db, head.head, head.ref_rev)
        self._edition = Edition(head, self.now)
        self._ledger = Ledger(work, self.seal, self._edition)
        numbering = Numbering(db, self.feed_id, self.seal, jobs)
        new = numbering.new
        if new:
            self._prepare(new, numbering.owners)
            for i, asked in enumerate(new):
                asked.answer = self._decide(asked, i)
            self._take_down(new)
            feed.publish(db, head, self._edition, lambda: self._write(numbering, new))
            if self._ledger.rows["effect"]:
                doubt_older(db, self.feed_id, self._edition.seq, min(asked.wish.at for asked in new))
            self._wake()
            self.head, self.is_new = self._edition.seq, True
            crash_point("before_commit")
        return numbering.answers()

    @property
    def statuses(self) -> list[str]:
        """Return how each new command was answered."""
        return [str(row[_STATUS]) for row in self._edition.commands]

    def remember(self) -> None:
        """After the commit: keep the rows the next batch will want."""
        self.work.end(self.head, self._edition.ref_rev)

    # --- deciding -------------------------------------------------------------------------------

    def _prepare(self, new: Sequence[Asked], owners: Mapping[str, str]) -> None:
        people = People(
            self.db,
            self.feed_id,
            {a.wish.login for a in new if a.replica.kind == "desk"},
            self.work,
            self.now,
        )
        named = {a.wish.id: a for a in new if a.replica.kind == "desk" or a.replica.owner.startswith(KEY)}
        for cmd_id, row in given_before(self.db, self.feed_id, named).items():
            named[cmd_id].again_of = row
        for asked in new:
            found = read(asked.wish.name, asked.wish.rev, bytes(asked.wish.args))
            asked.command = None if isinstance(found, Refusal) else found
            asked.unread = found if isinstance(found, Refusal) else None
            asked.args = msgspec.json.encode(asked.command) if asked.command else bytes(asked.wish.args)
            owner = owners.get(asked.replica.replica_id, "")
            asked.by = people.actor(asked.replica, owner, asked.wish, asked.args)
            asked.reach = people.reach(asked.by) if asked.replica.kind == "desk" else None
        ready = [a.command for a in new if a.command is not None and self._may_look(a)]
        self.work.complete(self.db, ready)

    def _may_look(self, asked: Asked) -> bool:
        return isinstance(asked.by, Actor) and (asked.replica.replica_id, asked.wish.n) not in self.refusing

    def _decide(self, asked: Asked, i: int) -> Answer:
        n, seq = asked.wish.n, self._edition.seq
        if asked.again_of is not None:
            return msgspec.structs.replace(stored_answer(n, asked.again_of), seq=seq)
        refusal = self.refusing.get((asked.replica.replica_id, n))
        if refusal is None and isinstance(asked.by, Refusal):
            refusal = asked.by
        if refusal is None:
            refusal = asked.unread
        if refusal is None and self._is_outside(asked):
            refusal = OUTSIDE
        fields: tuple[str, ...] = ()
        if refusal is None and asked.command is not None and isinstance(asked.by, Actor):
            fields = conflicts(asked.wish.seen, self._seen_order(asked.wish), asked.command)
            refusal = None if fields else self._apply(asked, asked.command, asked.by, i)
        if refusal is None and not fields:
            return Answer(n=n, status="applied", seq=seq)
        self._tell(asked, refusal, fields, i)
        if refusal is not None and refusal.code == INTERNAL.code:
            self._alert(asked, i)
        return Answer(
            n=n, status="conflict" if fields else "refused", seq=seq, refusal=refusal, fields=fields
        )

    def _is_outside(self, asked: Asked) -> bool:
        command, reach = asked.command, asked.reach
        if command is None or reach is None:
            return False
        return is_outside(reach, command, spec_of(command).needs(command), self.work.rows)

    def _seen_order(self, wish: Wish) -> Order | None:
        order = self.work.rows.get(("order", wish.seen.order)) if wish.seen is not None else None
        return order if isinstance(order, Order) else None

    def _apply(self, asked: Asked, command: Command, by: Actor, i: int) -> Refusal | None:
        try:
            if command is asked.command:  # what follows from it was not seen by anybody
                command = merged(command, asked.wish.seen, self._seen_order(asked.wish))
            decided, facts = self._decided(command, by, asked.wish)
        except DBAPIError:  # the world failed, not the command: the batch goes back or runs again
            raise
        except Exception:
            log.exception("command %s %s could not be decided", asked.wish.name, asked.wish.id)
            return INTERNAL
        if isinstance(decided, Refusal):
            return decided
        self._take(command, decided, facts)
        self._journal(asked.wish, command, by, decided, i)
        return None

    def _decided(self, command: Command, by: Actor, wish: Wish) -> tuple[list[e.Event] | Refusal, Facts]:
        facts = self._facts(by, wish)
        try:
            return apply(command, facts), facts
        except Unnamed:
            # A command before this one in the batch made the order point to more rows.
            self.work.complete(self.db, [command])
        facts = self._facts(by, wish)
        return apply(command, facts), facts

    def _facts(self, by: Actor, wish: Wish) -> Facts:
        rows, refs, confirmed = self.work.rows, self.work.refs, frozenset(wish.confirmed)
        facts = Facts(rows, refs, by, self.now, at_hub=True, confirmed=confirmed, because=wish.because)
        facts.draw = self.seal.draw
        return facts

    def _take(self, command: Command, events: Sequence[e.Event], facts: Facts) -> None:
        rows, adjusted = self.work.rows, self.work.adjusted
        for event in events:
            if isinstance(event, e.SnagCleared):
                self._ledger.cleared(event, facts)
        for key in facts.changed:
            self._before.setdefault(key, rows.get(key))
        self.work.change(facts.changed)
        self._touched.update(key[1] for key in spec_of(command).needs(command) if key[0] == "order")
        self._ledger.outside.leaves_at = spec_of(command).leaves_at(self.now)
        for event in events:
            self._woken.update(event.wakes())
            if isinstance(event, e.StockAdjusted):
                key = event.keys()[0]
                adjusted[key] = adjusted.get(key, 0) + event.delta
            elif isinstance(event, Told):
                self._ledger.outside.told(event)
            elif isinstance(event, _ENDS_EFFECT):
                end_effect(self.db, self.feed_id, event, self.now)

    def _tell(self, asked: Asked, refusal: Refusal | None, fields: tuple[str, ...], i: int) -> None:
        """Put a refused command of a person before that person, unless the world is as they wanted it.

        Source: sync.md section 12, conflicts and refusals on the screen.
        """
        if asked.replica.kind != "desk" or (refusal is not None and refusal.code in OVERTAKEN):
            return
        case_id = f"{asked.replica.replica_id}/{asked.wish.n}"
        if refusal is not None:
            text = refusal.text
        else:
            text = Text(N_("Changed in the meantime: {fields}"), {"fields": e.fields_said(fields)})
        owner = asked.by.user if isinstance(asked.by, Actor) else ""
        case = OpenCase(case=case_id, kind="refused_command", subject_id=case_id, text=text, owner=owner)
        self.work.complete(self.db, [case])
        self._apply(asked, case, HUB, i)

    def _alert(self, asked: Asked, i: int) -> None:
        """Put a command the hub could not do before every administrator: it is a fault of the program.

        Source: sync.md section 3, poison isolation.
        """
        replica, wish = asked.replica, fitting(asked.wish)
        about: dict[str, str | int | Text] = {
            "command": wish.name,
            "n": wish.n,
            "replica": replica.replica_id,
        }
        text = Text(N_("The hub failed at {command}, number {n} of {replica}"), about)
        admins = [
            user.code for user in self.work.refs.users.values() if user.role is Role.ADMIN and user.active
        ]
        for admin in sorted(admins):
            case_id = f"fault/{admin}/{replica.replica_id}/{wish.n}"
            case = OpenCase(case=case_id, kind="broken_command", subject_id=wish.id, text=text, owner=admin)
            self.work.complete(self.db, [case])
            self._apply(asked, case, HUB, i)

    def _journal(self, wish: Wish, command: Command, by: Actor, events: Sequence[e.Event], i: int) -> None:
        """Write one history entry for each order the command changed."""
        own = next((key[1] for key in spec_of(command).needs(command) if key[0] == "order"), "")
        texts: dict[str, list[Text]] = {}
        for event in events:
            text = event.says()
            order = getattr(event, "order", own)
            if text is not None and order:
                texts.setdefault(order, []).append(text)
        seq, at = self._edition.seq, micros(self.now)
        for order, said in texts.items():
            entry = HistoryEntry(
                order=order,
                seq=seq,
                at=self.now,
                by=by.user,
                command=spec_of(command).told_as or wish.name,
                because=wish.because,
                texts=tuple(said),
            )
            body = msgspec.json.encode(entry).decode()
            self._said.append((order, f"{order}:{seq}:{i}", body))
            self._ledger.rows["event"].append((order, seq, i, wish.name, by.user, at, body))

    # --- writing --------------------------------------------------------------------------------

    def _take_down(self, new: Sequence[Asked]) -> None:
        work, ledger = self.work, self._ledger
        changed = [
            (key, was, work.rows[key]) for key, was in self._before.items() if work.rows[key] is not was
        ]
        personal = {a.wish.id: self._subject(a) for a in new if a.command is None or holds_personal(a.args)}
        fresh = [key[1] for key, was, _ in changed if key[0] == "order" and was is None]
        fresh += [subject for subject in personal.values() if ("order", subject) not in work.seqs]
        ledger.find_keys(self.db, self.feed_id, fresh)
        for key, was, after in changed:
            ledger.note(key, was, after)
            if isinstance(after, Order):
                self._note_wake(after)
            elif isinstance(after, Case) and (at := next_of_case(after, self.now)) is not None:
                ledger.rows["recheck"].append((after.id, CASE, micros(at)))
        self._publish_history()
        self._drop_rechecks()
        for asked in new:
            self._edition.commands.append(self._command_row(asked, personal.get(asked.wish.id)))

    def _publish_history(self) -> None:
        """Publish what happened where its order stands now; what moved takes its whole history along."""
        edition, moved = self._edition, self._ledger.moved
        past = _EVENTS.read(self.db, self.feed_id, [(order,) for order in moved])
        for order, seq, i, body in sorted(past):
            edition.put(moved[order], "history", f"{order}:{seq}:{i}", body)
        for order, pk, body in self._said:
            edition.put(scope_of("order", self.work.rows["order", order]), "history", pk, body)

    def _write(self, numbering: Numbering, new: Sequence[Asked]) -> None:
        self._ledger.write(self.db, self.feed_id)
        crash_point("mid_tx")
        numbering.write(self.db, self.feed_id, new, self.now)

    def _note_wake(self, order: Order) -> None:
        at = wake_at(order, Facts(self.work.rows, self.work.refs, HUB, self.now, at_hub=True))
        if at is not None:
            self._ledger.rows["recheck"].append((order.id, "time", micros(at)))

    def _drop_rechecks(self) -> None:
        known = [order for order in sorted(self._touched) if ("order", order) in self.work.seqs]
        if known:
            self.db.execute(_LOOKED, {"feed": self.feed_id, "orders": known, "now": self.now})

    def _wake(self) -> None:
        """Ask for another look at every order that waits for what has come."""
        if not self._woken:
            return
        wait, recheck, orders = tables.wait, tables.recheck, tables.orders
        now = literal(self.now, recheck.c.not_before.type)
        waiting = select(wait.c.feed_id, wait.c.order_id, wait.c.key, now)
        waiting = waiting.where(wait.c.feed_id == self.feed_id, wait.c.key.in_(sorted(self._woken)))
        self._look_again(waiting)
        if EVERY_OPEN in self._woken:
            everyone = select(orders.c.feed_id, orders.c.id, literal(EVERY_OPEN), now)
            is_open = orders.c.status.in_(sorted(EDITABLE))
            self._look_again(everyone.where(orders.c.feed_id == self.feed_id, is_open))

    def _look_again(self, waiting: Select[Any]) -> None:
        recheck = tables.recheck
        columns = ["feed_id", "order_id", "cause", "not_before"]
        if self.db.dialect.name == "sqlite":
            self.db.execute(sqlite.insert(recheck).on_conflict_do_nothing().from_select(columns, waiting))
        else:
            from sqlalchemy.dialects import postgresql

            self.db.execute(postgresql.insert(recheck).on_conflict_do_nothing().from_select(columns, waiting))

    def _subject(self, asked: Asked) -> str:
        if asked.command is None:
            return asked.wish.id
        needed = sorted(spec_of(asked.command).needs(asked.command))
        return next((key[1] for key in needed if key[0] == "order"), asked.wish.id)

    def _command_row(self, asked: Asked, subject: str | None) -> tuple[Any, ...]:
        wish, answer = fitting(asked.wish), asked.answer
        if answer is None:
            raise LookupError(wish.id)
        if subject is None:
            args = asked.args.decode()
        elif asked.command is None:
            args = msgspec.json.encode(self.work.keys[subject].seal(asked.args)).decode()
        else:
            args = self._ledger.sealed(asked.args, subject)
        by = asked.by.user if isinstance(asked.by, Actor) else ""
        cmd_id = wish.id if asked.again_of is None else f"{wish.id}#{asked.replica.replica_id}/{wish.n}"
        refusal = msgspec.json.encode(answer.refusal).decode() if answer.refusal else None
        conflict = msgspec.json.encode(answer.fields).decode() if answer.fields else None
        rev = spec_of(asked.command).rev if asked.command else wish.rev  # what was read is kept as it is read
        asking = (asked.replica.replica_id, wish.n, cmd_id, by, wish.login, wish.name, rev, args)
        seen_ver = wish.seen.ver if wish.seen and abs(wish.seen.ver) <= SMALL_INT else None
        answering = (asked.args_hash, wish.because, seen_ver, answer.status, refusal, conflict)
        times = (micros(self.now), micros(wish.at))
        proof = proof_of(asked, rev, subject, self.work.keys)
        return (*asking, *answering, self.work.refs.rules.rev, self._edition.seq, *times, proof)
