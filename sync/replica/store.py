"""`replica.db` and `work.db` together: submit, apply what the hub says, answer for what was promised.

Everything here runs on the `store` lane, except the attributes `path`, `mark` and `waiting`, which are
replaced whole and may be read from anywhere. Source: sync.md sections 4 to 8.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from app import engine
from app.choices import CHOICES
from app.claims import taken_from
from app.command import Authority, Command, Facts, Refusal, Seen
from app.commands.let_go import LetGo
from app.conflict import conflicts, merged, seen
from app.domain.duty import LEADS
from app.domain.events import fields_said
from app.domain.order import Order
from app.domain.values import Actor, Key, Keys, order_key
from app.ports import Changes, Login, Submitted, Wanted
from app.text import N_, Text
from sync.mark import Mark
from sync.projection import Row
from sync.replica.entries import Entry, case_id, number_of
from sync.replica.files import is_of_disk
from sync.replica.former import facts_of
from sync.replica.image import Image
from sync.replica.kept import disk_full
from sync.replica.news import compare, news_of
from sync.replica.overlay import confirmed
from sync.replica.parcels import unsendable
from sync.replica.remembered import remember
from sync.replica.rows import REF_TABLES, decode, load, readable
from sync.replica.seated import ALL_CHANGED, Seated, shown
from sync.replica.shelf import forget_others
from sync.replica.sides import sides_of
from sync.replica.slices import Slice
from sync.replica.unsent import write_unsent
from sync.wire import Answer, Push, new_id

log = logging.getLogger(__name__)
MERGE_PAGES = 64
FORMER_ROWS = 512
"""Replaced orders kept in memory, so that a person who still looks at one is told what changed."""


class Store(Seated):
    """What a desk keeps; implements `app.ports.Replica`."""

    # --- the person ---------------------------------------------------------------------------------

    def submit(self, command: Command, login: Login, because: str, seen_ver: int | None) -> Submitted:
        """Decide over the view, keep durably, lay over the rows.

        Refuses: whatever the command refuses, `conflict` when what the person saw has changed meanwhile,
        `too_large` and `unsendable` when no hub would take it.

        Raises:
            Trouble: `disk_full`; nothing was kept.
        """
        done = self._submit(command, login, because, seen_ver)
        self._tell_kept([done])
        return done

    def submit_each(self, wanted: Sequence[Wanted], login: Login) -> list[Submitted | Text]:
        """Submit many, each made for its order as it stands by then; they reach the disk together.

        Raises:
            Trouble: `disk_full`; nothing of it was kept, and nothing of it is shown.
        """
        before, mark, is_kept = list(self._kept), self.mark, False
        done: list[Submitted | Text] = []
        try:
            with self._transaction():
                with self.outbox.together():
                    done += (self._submit_one(each, login) for each in wanted)
                is_kept = True
        except BaseException as fault:
            for entry in self._kept[len(before) :]:
                self._overlay.forget(entry.n)
            self.mark = mark
            self._refs.forget()
            if not is_kept:
                self._kept = before
                raise
            if not isinstance(fault, Exception):
                raise
            if not is_of_disk(fault):
                log.exception("%d commands are kept, but cannot be shown", len(self._kept) - len(before))
        self._tell_kept(done)
        return done

    def _submit_one(self, wanted: Wanted, login: Login) -> Submitted | Text:
        """Submit what is made for an order as it stands now."""
        found: tuple[Order, Facts] | None = None
        if wanted.order:
            facts = self._facts(engine.SPECS["recheck"].type(order=wanted.order), login)
            order = facts.order(wanted.order)
            found = (order, facts) if order is not None else None
        given = wanted.make(found)
        if isinstance(given, Text):
            return given
        done = self._submit(given.command, login, given.because, given.seen_ver)
        if not self._db.in_transaction:  # the file was full, and let go of those before with this one
            raise disk_full()
        return done

    def _facts(self, command: Command, login: Login) -> Facts:
        actor = Actor(login.user.code, login.user.role, login.grants, self.desk)
        return facts_of(self._db, command, self._refs.get(self._db), actor, self.clock.now())

    def _tell_kept(self, done: Iterable[Submitted | Text]) -> None:
        """Count what waits, and have it sent, where anything was kept."""
        if any(isinstance(each, Submitted) and each.n for each in done):
            self.waiting = self.outbox.waiting()
            self.on_submit()

    def _submit(self, command: Command, login: Login, because: str, seen_ver: int | None) -> Submitted:
        spec = engine.spec_of(command)
        facts = self._facts(command, login)
        facts.because, actor = because, facts.by
        subject, order = self._subject(command)
        if spec.code not in actor.grants:
            refusal = Refusal("not_allowed", Text(N_("You are not allowed to do this. Ask your lead.")))
            return Submitted(refusal=refusal)
        if isinstance(command, LetGo) and (aside := self._aside(command.case)) is not None:
            return self._let_go(aside, actor)
        saw = self._saw(command, order, seen_ver)
        if stale := conflicts(saw, order, command):
            text = Text(N_("Changed while you looked: {fields}. Look again."), {"fields": fields_said(stale)})
            return Submitted(refusal=Refusal("conflict", text))
        command = merged(command, saw, order)
        inverse = engine.inverse_of(command, facts)
        texts: tuple[Text, ...] = ()
        if spec.authority is Authority.DESK:
            decided = engine.apply(command, facts)
            if isinstance(decided, Refusal):
                return Submitted(refusal=decided)
            texts = tuple(said for event in decided if (said := event.says()) is not None)
        entry = Entry(
            id=new_id(facts.now),
            name=spec.code,
            rev=spec.rev,
            args=msgspec.json.encode(command),
            seen=seen(command, order),
            because=because,
            login=login.login_id,
            actor=actor,
            subject=subject[1],
            label=order.number if order else subject[1],
            texts=texts,
            confirmed=confirmed(facts),
            saved_at=facts.now,
            wall_at=self.clock.wall(),
        )
        if (never := unsendable(entry.wish(n=1))) is not None:
            return Submitted(refusal=never)
        n = self.outbox.add(entry, sides_of(command, order, facts))
        entry = msgspec.structs.replace(entry, n=n)
        self._kept.append(entry)
        keys = self._lay(entry, facts)
        return Submitted(n=n, inverse=inverse, changes=shown(keys | {subject}, sync=True))

    def _aside(self, case: str) -> Entry | None:
        return self.outbox.aside(number_of(case, self.outbox.meta("replica")))

    def _let_go(self, entry: Entry, actor: Actor) -> Submitted:
        """Close the case of what was put aside: the hub has never heard of it, so nobody else decides.

        Refuses: `taken`: it is its author's, and a lead's.
        """
        if actor.user != entry.actor.user and actor.role not in LEADS:
            return Submitted(refusal=taken_from(entry.actor.user))
        self.outbox.let_go(entry.n)
        return Submitted(changes=ALL_CHANGED)

    def _lay(self, entry: Entry, facts: Facts) -> Keys:
        """Lay a command that is kept over the rows; whatever fails, it stays kept and is shown later."""
        try:
            with self._transaction():
                keys = self._overlay.lay(self._db, entry, facts)
                mark = self._marked(keys)
        except Exception as fault:
            if not is_of_disk(fault):
                log.exception("command %d is kept, but cannot be shown", entry.n)
            self._overlay.forget(entry.n)
            return frozenset()
        self.mark = mark
        return keys

    def _subject(self, command: Command) -> tuple[Key, Order | None]:
        """Say what a command is about: the order it names, before one that begins with it."""
        mine = order_key(getattr(command, "order", ""))
        needed = engine.spec_of(command).needs(command)
        keys = sorted(needed, key=lambda key: (key != mine, key[0] != "order", key))
        if not keys:
            return ("", ""), None
        row = load(self._db, keys[:1])[keys[0]]
        return keys[0], row if isinstance(row, Order) else None

    def _saw(self, command: Command, order: Order | None, seen_ver: int | None) -> Seen | None:
        if order is None or seen_ver is None or seen_ver == order.ver:
            return seen(command, order)
        docs = [doc for (key, _seq), doc in self._former.items() if key == order.id]
        former = (decode("order", doc) for doc in docs)
        return seen(command, next((old for old in former if old.ver == seen_ver), order))

    def save_draft(self, key: str, answers: dict[str, str]) -> None:
        """Keep a half-filled guide; the next person at this desk does not see it."""
        self.outbox.save_draft(self._own(key), answers)

    def draft(self, key: str) -> dict[str, str]:
        """Return a half-filled guide; empty when there is none."""
        return self.outbox.draft(self._own(key)) or self.outbox.draft(key)  # an older desk kept it so

    def drop_draft(self, key: str) -> None:
        """Forget a half-filled guide."""
        for kept in (self._own(key), key):
            self.outbox.drop_draft(kept)

    def _own(self, key: str) -> str:
        reach = self.mark.reach
        return f"{reach.user}/{key}" if reach is not None else key

    def fresh_id(self) -> str:
        """Return an id nobody has used, for something a person begins on this desk."""
        return new_id(self.clock.now())

    def setting(self, key: str, default: str = "") -> str:
        """Return a setting of this desk."""
        return self.outbox.setting(key, default)

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting of this desk."""
        self.outbox.set_setting(key, value)
        if key in CHOICES:
            remember(self.folder, {name: self.outbox.setting(name, "") for name in CHOICES})

    def write_unsent(self, path: str) -> int:
        """Write what only this disk holds to a file, for the worst case; return how many commands.

        Raises:
            Trouble: the file cannot be written.
        """
        return write_unsent(self.outbox, Path(path))

    def clear(self) -> Changes:
        """Take everything off this PC that the hub has.

        Raises:
            Trouble: `unsent`: something is only saved here; `unprotected`: the hub has no copy of something.
        """
        self.outbox.clear(needs_copies=self.makes_copies)
        self._former.clear()
        forget_others(self.path, self.key, lambda _mark: True)
        return self.adopt(None)

    @property
    def makes_copies(self) -> bool:
        """Tell whether the hub has ever had a second copy of anything."""
        return self.mark.protected_seq > 0

    # --- the hub ------------------------------------------------------------------------------------

    def apply(self, part: Slice) -> Changes:
        """Take a slice in: base rows, cursor, `last_n` and whatever stood on them, in one transaction.

        What was meant for another reach than this replica's is left alone.

        Raises:
            Diverged: at the head the sums are not the hub's.
        """
        page, was = part.page, self.mark
        if not self._is_for_us(part):
            return Changes()
        mark = msgspec.structs.replace(was, cursor=max(was.cursor, part.cursor))
        if page is not None:
            mark = msgspec.structs.replace(
                mark, head=page.head, protected_seq=page.protected_seq, epoch=page.epoch,
                lacks_own=was.lacks_own and not page.own,
            )  # fmt: skip
            if page.replica in {"", self.outbox.meta("replica")}:  # else it was asked under an older name
                mark = msgspec.structs.replace(mark, last_n=page.last_n, counted=page.replica)
        pending = self._pending(mark)
        with self._transaction(), readable(part.rows):
            image = Image(self._db)
            rows, sums = news_of(image, was.sums, part.rows)
            self._remember(image, rows)
            keys = self._overlay.rebase(image, rows, pending)
            refs_rev = was.refs_rev + any(key[0] in REF_TABLES for key in keys)
            mark = msgspec.structs.replace(mark, sums=sums, refs_rev=refs_rev)
            self._put_mark(mark)
            if page is not None and page.sums and not page.more and page.to == page.head:
                compare(sums, page)
        self.mark, self.doubts = mark, self._overlay.doubts()
        if page is not None:
            self.clock.hear(page.hub_time)
            if mark.last_n != was.last_n or mark.protected_seq != was.protected_seq:
                self.outbox.settle(last_n=mark.last_n, protected_seq=mark.protected_seq, now=self.clock.now())
                self._count()
        return shown(keys, sync=page is not None)

    def answered(self, answers: Sequence[Answer], asked: Push | None = None) -> Changes:
        """Write the hub's answers down; a refused command is lifted from the rows and shown in the inbox.

        What a life of the hub said that has ended since, or to a name this desk had before, counts no more.
        """
        if asked is not None and not self._still_asks(asked):
            return Changes()
        changed = self.outbox.take_answers(answers)
        self._count()
        with self._transaction():
            keys = self._overlay.rebase(Image(self._db), (), self._pending(self.mark))
            mark = self._marked(keys)
        self.mark, self.doubts = mark, self._overlay.doubts()
        orders = frozenset(order_key(entry.subject) for entry in changed)
        replica = self.outbox.meta("replica")
        cases = frozenset(
            ("snag", case_id(replica, entry.n)) for entry in changed if entry.refusal is not None
        )
        return shown(keys | orders | cases, sync=True)

    def become_new(self) -> Changes:
        """Take a new replica id and new numbers: this file was copied or rolled back.

        Source: sync.md section 5, fork.
        """
        self.outbox.renumber()
        forget_others(self.path, self.key, lambda _mark: True)  # their numbers are those of the former name
        self._set_mark(msgspec.structs.replace(self.mark, last_n=0))
        self._renew_overlay()
        return Changes(sync=True)

    def put_aside(self, n: int, refusal: Refusal) -> Changes:
        """Take a command that no hub takes out of the way of those behind it; its author reads why."""
        self.outbox.put_aside(n, refusal)
        self._renew_overlay()
        return ALL_CHANGED

    def send_again(self, expect: int) -> bool:
        """Make everything from number `expect` on unsent again; False when those numbers are gone."""
        if expect < 1:
            return False
        first = self.outbox.send_again(expect - 1)
        self._renew_overlay()
        unsent = self.outbox.unsent()
        return bool(first) or (bool(unsent) and unsent[0].n == expect)

    def begin_epoch(self, epoch: str, shared: int) -> None:
        """Make everything unsent that lies after what this life of the hub shares with the one before.

        What this life has a copy of by now says nothing about that: its numbers are its own.
        """
        self.outbox.begin_epoch(epoch, shared)
        self.sent_to = epoch
        self._renew_overlay()

    def tidy(self) -> None:
        """Merge a little of the search index; cheap, called when the desk has caught up."""
        with self._transaction():
            self._db.execute("INSERT INTO find (find, rank) VALUES ('merge', ?)", (MERGE_PAGES,))

    # --- inside -------------------------------------------------------------------------------------

    def _still_asks(self, asked: Push) -> bool:
        return (asked.epoch, asked.replica) == (self.sent_to, self.outbox.meta("replica"))

    def _marked(self, keys: Keys) -> Mark:
        """Tell readers to load the small tables again when an overlay touched one."""
        if not any(key[0] in REF_TABLES for key in keys):
            return self.mark
        mark = msgspec.structs.replace(self.mark, refs_rev=self.mark.refs_rev + 1)
        self._put_mark(mark)
        return mark

    def _is_for_us(self, part: Slice) -> bool:
        reach = self.mark.reach
        return reach is None or part.scope_rev in ("", reach.rev)

    def _remember(self, image: Image, rows: Sequence[Row]) -> None:
        """Keep what is about to be replaced, for a person who still looks at it."""
        for row in rows:
            if row.tbl == "order" and (old := image.live(order_key(row.pk))) is not None and old.doc:
                self._former[old.pk, old.seq] = old.doc
        while len(self._former) > FORMER_ROWS:
            self._former.popitem(last=False)
