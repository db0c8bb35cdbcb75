"""A file on its way in, as the channel account `file:<shop>`: every row is decided and accounted for.

Memory stays flat: a few pages are under way at a time. Who is interrupted begins again: what this import
brought already is recognised by its number and counted as it was.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path

import msgspec
from sqlalchemy import Engine, select

from app.command import Refusal
from app.domain.company import Company, Customer, Shop
from app.imports import Account
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Draft, Rejected
from sync.hub.closing import close_case
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.imports.earlier import Earlier
from sync.hub.imports.source import Run, Source
from sync.hub.imports.spool import CHANGED, NEW, REJECTED, UNCHANGED, UNUSED
from sync.hub.imports.tally import Tally
from sync.hub.intake import PAGE, ask_case, foreseen, keep_unreadable, open_account, take_in
from sync.hub.seal import Seal
from sync.tables import account as accounts
from sync.tables import command, replica

PATIENCE_S = 1.5
"""How long a hub is waited for before this process decides itself: three of its looks at the accounts."""
STALL_S = 120.0
AHEAD = 10
"""Pages given to the hub before its answers are read."""
FIRST_REASONS = 3
PUBLISH_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Tools:
    """What an import works with. `decide` submits an account's receipts where no other process does."""

    engine: Engine
    feed_id: int
    seal: Seal
    clock: Callable[[], datetime]
    decide: Callable[[str], int]


class Left(Exception):
    """The process ends; a later one goes on."""


class Taking:
    """One run over the rows of a source, a rehearsal or in earnest."""

    def __init__(
        self,
        tools: Tools,
        shop: Shop,
        source: Source,
        folder: Path,
        *,
        import_id: str = "",
        case: str = "",
        patience_s: float = PATIENCE_S,
        tell: Callable[[], None] = lambda: None,
        on_rejected: Callable[[Rejected], None] = lambda _one: None,
    ) -> None:
        self._tools, self._shop, self._source, self._folder = tools, shop, source, folder
        self._import_id, self._case, self._patience_s = import_id, case, patience_s
        self._tell, self._on_rejected = tell, on_rejected
        self._stop = threading.Event()
        self._under_way: deque[tuple[dict[int, Draft], frozenset[int]]] = deque()
        self._digest = hashlib.sha256()
        self._reasons: list[Text] = []
        self._customers: set[str] = set()
        self._is_ours = self.is_left = False
        self._moved_s = time.monotonic()
        self._last_n = 0
        self._name = f"file:{shop.code}"
        self._tally = Tally([sheet.name for sheet in source.sheets], None, is_joined=False)
        self._account, self._published_s = Account(), 0.0
        self.rows = self.done = 0
        """How many rows there are, and how many were read: of files that are joined, those of orders."""

    @property
    def account(self) -> Account:
        """What became of the rows so far."""
        return self._account

    @property
    def is_stopped(self) -> bool:
        """Somebody asked to stop."""
        return self._stop.is_set()

    def leave(self) -> None:
        """Stop here because the process ends; a later one goes on."""
        self.is_left = True
        self._stop.set()

    def stop(self) -> None:
        """Take no further rows; those under way are decided."""
        self._stop.set()

    def rehearse(self) -> Account:
        """Say what would become of every row; write nothing."""
        with self._reading() as run:
            for good, rejected in self._pages(run.found):
                for one in rejected:
                    self._count_rejected(one)
                with reading(self._tools.engine) as db:
                    seen = foreseen(db, self._tools.feed_id, self._tools.seal, self._shop, good)
                for draft, (is_known, is_same) in zip(good, seen, strict=True):
                    fate = UNCHANGED if is_same else CHANGED if is_known else NEW
                    self._count(draft, fate)
            self._left_over(run, keep=False)
            return self._publish()

    def take(self) -> Account:
        """Give every row to the hub and account for it."""
        tools = self._tools
        with writing(tools.engine) as db:
            open_account(db, tools.feed_id, self._name, tools.clock())
        self._last_n = self._decided()
        with self._reading() as run:
            for good, rejected in self._pages(run.found):
                if rejected:
                    self._reject(rejected)
                    continue
                self._take_page(good)
                while len(self._under_way) > AHEAD:
                    self._settle(*self._under_way.popleft())
                self._tell()
            while self._under_way:
                self._settle(*self._under_way.popleft())
            self._left_over(run, keep=True)
            account = self._publish()
        if self._case:
            self._end_case(account)
        elif account.rejected:
            self._ask_case(account)
        return account

    # --- rows ---------------------------------------------------------------------------------------

    def _reading(self) -> _Reading:
        return _Reading(self._begin)

    def _begin(self) -> Run:
        tools = self._tools
        earlier = Earlier(tools.engine, tools.feed_id, tools.seal, self._shop, self._import_id)
        run = self._source.read(self._shop, self._folder, earlier.resolve)
        names = [sheet.name for sheet in self._source.sheets]
        self._tally = Tally(names, run.spool, is_joined=len(names) > 1)
        self.rows = run.rows
        return run

    def _pages(self, found: Iterable[Draft | Rejected]) -> Iterator[tuple[list[Draft], list[Rejected]]]:
        """Cut what was read into pages of one kind; nothing changes its order."""
        for is_draft, run in groupby(found, key=lambda one: isinstance(one, Draft)):
            while page := list(islice(run, PAGE)):
                if self.is_stopped:
                    return
                if time.monotonic() - self._published_s > PUBLISH_EVERY_S:
                    self._publish()
                self.done += sum(len(one.own) if isinstance(one, Draft) else 1 for one in page)
                if is_draft:
                    yield [one for one in page if isinstance(one, Draft)], []
                else:
                    yield [], [one for one in page if isinstance(one, Rejected)]

    def _publish(self) -> Account:
        """Let others see how far it is: they never touch what the rows are counted with."""
        self._account, self._published_s = self._tally.account(), time.monotonic()
        return self._account

    def _left_over(self, run: Run, *, keep: bool) -> None:
        """Account for rows of joined files that no order uses."""
        if run.spool is None or len(self._source.sheets) < 2 or self.is_stopped:
            return
        unused = (Rejected(row=row, reason=UNUSED) for row in run.spool.unused())
        while page := list(islice(unused, PAGE)):
            if keep:
                self._reject(page)
            else:
                for one in page:
                    self._told(one)

    def _take_page(self, good: list[Draft]) -> None:
        tools = self._tools
        self._know_customers(good)
        page = take_in(
            tools.engine, tools.feed_id, tools.seal, self._name, self._shop, self._source.plan.reader,
            self._source.name, good, tools.clock(), import_id=self._import_id,
        )  # fmt: skip
        for draft in page.known:
            self._count(draft, UNCHANGED)
        if page.taken:
            self._under_way.append((page.taken, page.first))

    def _know_customers(self, good: Sequence[Draft]) -> None:
        """Write down the businesses these orders are for; one that is known stays as it is."""
        reader = self._source.reader
        if reader is None:
            return
        found = (reader.customer(draft.rows, self._shop) for draft in good)
        new: dict[str, Customer] = {
            one.code: one for one in found if one is not None and one.code not in self._customers
        }
        if not new:
            return
        self._customers |= new.keys()
        only = Company(title="", shops=(), warehouses=(), skus=(), customers=tuple(new.values()))
        with writing(self._tools.engine) as db:
            install_company(db, self._tools.feed_id, only, self._tools.clock())

    def _reject(self, rejected: list[Rejected], *, keep: bool = True) -> None:
        tools = self._tools
        if keep:
            for file, page in groupby(rejected, key=lambda one: one.row.file):
                name = self._source.sheets[file].name
                keep_unreadable(
                    tools.engine, tools.feed_id, tools.seal, self._name, self._shop, name, list(page),
                    tools.clock(), self._import_id,
                )  # fmt: skip
        for one in rejected:
            self._count_rejected(one)
            self._digest.update(msgspec.json.encode(one))

    def _count_rejected(self, one: Rejected) -> None:
        self._tally.note([one.row], REJECTED, one.reason)
        self._told(one)

    def _told(self, one: Rejected) -> None:
        if one.reason not in self._reasons and len(self._reasons) < FIRST_REASONS:
            self._reasons.append(one.reason)
        self._on_rejected(one)

    def _count(self, draft: Draft, fate: int) -> None:
        self._tally.note(draft.own, fate)
        if fate in (NEW, CHANGED):
            self._tally.order(fate, len(draft.receive.lines))

    # --- decisions ----------------------------------------------------------------------------------

    def _settle(self, page: dict[int, Draft], first: frozenset[int]) -> None:
        """Read what was decided of each number, and account for its rows."""
        self._wait_for(max(page))
        tools = self._tools
        answers = select(command.c.n, command.c.status, command.c.refusal).where(
            command.c.feed_id == tools.feed_id, command.c.replica_id == self._name, command.c.n.in_(page)
        )
        with reading(tools.engine) as db:
            rows = db.execute(answers).all()
        for row in rows:
            draft = page[row.n]
            refusal = msgspec.json.decode(row.refusal, type=Refusal) if row.refusal else None
            if row.status == "applied":
                self._count(draft, NEW if row.n in first else CHANGED)
            elif refusal is not None and refusal.code in ("unchanged", "stale_version"):
                self._count(draft, UNCHANGED)
            else:
                reason = refusal.text if refusal is not None else Text(row.status)
                self._reject([Rejected(row=one, reason=reason) for one in draft.own], keep=False)

    def _wait_for(self, n: int) -> None:
        """Wait until a receipt is decided: by the hub that holds the account, else by ourselves."""
        while (last_n := self._decided()) < n:
            if self.is_left:
                raise Left
            now_s = time.monotonic()
            if last_n != self._last_n:
                self._last_n, self._moved_s = last_n, now_s
            is_silent = now_s - self._moved_s > self._patience_s
            if (self._is_ours or is_silent) and self._tools.decide(self._name):
                self._is_ours, self._moved_s = True, now_s
                continue
            self._is_ours = False
            if now_s - self._moved_s > STALL_S:
                raise Trouble(
                    "stalled",
                    Text(N_("The hub does not take the rows. They are kept; start the import again.")),
                    retry=True,
                )
            self._tell()
            time.sleep(0.02)
        self._last_n, self._moved_s = last_n, time.monotonic()

    def _decided(self) -> int:
        at = replica.c.feed_id == self._tools.feed_id, replica.c.replica_id == self._name
        with reading(self._tools.engine) as db:
            return int(db.execute(select(replica.c.last_n).where(*at)).scalar_one())

    def _ask_case(self, account: Account) -> None:
        """Put the rejected rows before a person: one case for a file, and the same file asks only once."""
        tools, source = self._tools, self._source.name
        said: Text | str = ""
        for reason in self._reasons:
            said = Text(N_("{first} {rest}"), {"first": said, "rest": reason}) if said else reason
        text = Text(
            N_("{count} rows of {file} were not taken. {reasons}"),
            {"count": account.rejected, "file": source, "reasons": said},
        )
        case = f"file:{self._shop.code}:{tools.seal.args_hash('case', self._digest.digest())[:8].hex()}"
        ask_case(
            tools.engine, tools.feed_id, tools.seal, self._name, self._shop, source, case, text,
            tools.clock(), import_id=self._import_id,
        )  # fmt: skip
        self._wait_for_all()

    def _end_case(self, account: Account) -> None:
        """Close the case these rows are of, once every one of them was taken; else it stays as it is."""
        if account.rejected or self.is_stopped:
            return
        tools = self._tools
        close_case(
            tools.engine, tools.feed_id, tools.seal, self._name, self._shop, self._source.name, self._case,
            f"taken {self._import_id}", tools.clock(), via="file",
        )  # fmt: skip
        self._wait_for_all()

    def _wait_for_all(self) -> None:
        """Wait until all that this account was given is decided."""
        tools = self._tools
        given = select(accounts.c.next_n).where(
            accounts.c.feed_id == tools.feed_id, accounts.c.replica_id == self._name
        )
        with reading(tools.engine) as db:
            newest = int(db.execute(given).scalar_one()) - 1
        self._wait_for(newest)


class _Reading:
    """A run whose room on disk is given back at its end."""

    def __init__(self, begin: Callable[[], Run]) -> None:
        self._begin = begin
        self._run: Run | None = None

    def __enter__(self) -> Run:
        self._run = self._begin()
        return self._run

    def __exit__(self, *_fault: object) -> None:
        if self._run is not None and self._run.spool is not None:
            self._run.spool.close()
