"""`docket import FILE --shop CODE`: a shop's file goes in, every row accounted for.

The file is submitted as the channel account `file:<shop>`. A running hub on that database does the deciding;
where none runs, this process does it itself. Memory stays flat: a few pages are under way at a time.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path

import msgspec
from sqlalchemy import select

from app.boot.opening import FEED_ID, Running, open_hub
from app.boot.places import data_dir, demo_database
from app.boot.rejects import RejectedFile
from app.boot.words import console
from app.command import Refusal
from app.domain.company import Company, Shop
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Channel, Draft, Rejected, drafts, scattered_numbers
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.delivery import Sheet, channel_for, open_sheet
from sync.hub.intake import (
    PAGE,
    ask_case,
    keep_unreadable,
    known_versions,
    open_account,
    take_in,
)
from sync.tables import account as accounts
from sync.tables import command, ref, replica

PATIENCE_S = 1.5
"""How long a hub is waited for before this process decides itself: three of its looks at the accounts."""
STALL_S = 120.0
AHEAD = 10
"""Pages given to the hub before its answers are read."""
TELL_EVERY_S = 2.0
FIRST_REASONS = 3


class Account(msgspec.Struct, kw_only=True):
    """What became of each row; `rows_read = accepted + unchanged + rejected` always."""

    rows_read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    orders_made: int = 0
    lines_made: int = 0
    reasons: dict[str, int] = {}
    shop: str = ""
    mapping: str = ""
    rejected_file: str = ""
    dry_run: bool = False


def main(argv: list[str]) -> int:
    """Run the verb."""
    parser = argparse.ArgumentParser(prog="docket import", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--shop", required=True, help="the shop's code, e.g. TM1")
    parser.add_argument(
        "--mapping", default="", help="how to read the file; found by its columns if not given"
    )
    parser.add_argument(
        "--database", default="", help="the hub's database; the embedded company if not given"
    )
    parser.add_argument("--rejected", type=Path, help="where to write rows that were not taken")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    rejected = asked.rejected or data_dir() / "rejected" / f"{asked.file.stem}.rejected.csv"
    try:
        account = run(asked.file, asked.shop, asked.mapping, asked.database, rejected, dry=asked.dry_run)
    except Trouble as trouble:
        print(console(trouble.hint), file=sys.stderr)
        return 2
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(account)).decode())
        return 0
    print(console(_summary(account)))
    for reason, count in account.reasons.items():
        print(f"  {count} × {reason}")
    if account.rejected_file:
        print(rejected)
    return 0


def run(
    file: Path, shop_code: str, mapping: str, database: str, rejected: Path, *, dry: bool = False
) -> Account:
    """Import one file; rows that were not taken are written to `rejected`, if there are any.

    Raises:
        Trouble: the file, its mapping or the shop's code cannot be used; nothing was written.
    """
    sheet = open_sheet(file)
    channel = channel_for(sheet.header, mapping)
    number_of_rows, scattered = scattered_numbers(channel, sheet.rows())
    running = open_hub(database) if database else _demo()
    try:
        shop = _shop(running, shop_code, channel, dry=dry)
        found = drafts(channel, sheet.rows(), shop, scattered)
        account = Account(shop=shop.code, mapping=channel.code, dry_run=dry)
        if dry:
            _Rehearsal(running, shop, account).take(found)
            return account
        with RejectedFile(rejected, sheet.header) as bad:
            _Import(running, shop, channel, sheet, account, bad, number_of_rows).take(found)
        account.rejected_file = rejected.name if account.rejected else ""
    finally:
        running.close()
    return account


def _demo() -> Running:
    from app.boot.demo import open_demo

    return open_demo(demo_database())


def _shop(running: Running, code: str, channel: Channel, *, dry: bool) -> Shop:
    """Return the shop, made if nobody set it up yet. Source: DECISIONS 12."""
    shop = running.shops().get(code)
    if shop is not None:
        if shop.channel != channel.shop.channel:
            raise Trouble(
                "shop",
                Text(
                    N_("{code} is a shop of another channel than {title}."),
                    {"code": code, "title": Text(channel.title)},
                ),
            )
        return shop
    if not code.isascii() or not code.isalnum() or len(code) > 16:
        raise Trouble(
            "shop", Text(N_("{code} is not a shop code: up to 16 letters and digits."), {"code": code})
        )
    hub = running.hub
    with reading(hub.engine) as db:
        places = select(ref.c.pk).where(ref.c.feed_id == FEED_ID, ref.c.tbl == "warehouse").order_by(ref.c.pk)
        warehouses = tuple(db.execute(places).scalars())
    made = msgspec.structs.replace(channel.shop, code=code, title=code, warehouses=warehouses)
    if not dry:
        with writing(hub.engine) as db:
            only = Company(title="", shops=(made,), warehouses=(), skus=())
            install_company(db, FEED_ID, only, hub.clock())
    return made


def _pages(found: Iterable[Draft | Rejected]) -> Iterator[tuple[list[Draft], list[Rejected]]]:
    """Cut what was read into pages of one kind; nothing changes its order."""
    for is_draft, run in groupby(found, key=lambda one: isinstance(one, Draft)):
        while page := list(islice(run, PAGE)):
            if is_draft:
                yield [one for one in page if isinstance(one, Draft)], []
            else:
                yield [], [one for one in page if isinstance(one, Rejected)]


class _Rehearsal:
    """Says what would happen; writes nothing."""

    def __init__(self, running: Running, shop: Shop, account: Account) -> None:
        self._hub, self._shop, self._account = running.hub, shop, account

    def take(self, found: Iterable[Draft | Rejected]) -> None:
        """Account for every row."""
        account, hub = self._account, self._hub
        for good, rejected in _pages(found):
            for one in rejected:
                _count_rejected(account, one)
            with reading(hub.engine) as db:
                known = known_versions(db, FEED_ID, hub.seal, self._shop, good)
            for draft, is_known in zip(good, known, strict=True):
                account.rows_read += len(draft.rows)
                if is_known:
                    account.unchanged += len(draft.rows)
                else:
                    _count_taken(account, draft)


class _Import:
    """One file on its way in."""

    def __init__(
        self,
        running: Running,
        shop: Shop,
        channel: Channel,
        sheet: Sheet,
        account: Account,
        bad: RejectedFile,
        number_of_rows: int,
    ) -> None:
        self._running, self._shop, self._channel, self._sheet = running, shop, channel, sheet
        self._account, self._bad, self._number_of_rows = account, bad, number_of_rows
        self._under_way: deque[dict[int, Draft]] = deque()
        self._digest = hashlib.sha256()
        self._is_ours = False
        self._told_s = self._moved_s = time.monotonic()
        hub = running.hub
        with writing(hub.engine) as db:
            self._name = open_account(db, FEED_ID, f"file:{shop.code}", hub.clock())
        self._last_n = self._decided()

    def take(self, found: Iterable[Draft | Rejected]) -> None:
        """Give every row to the hub and account for it."""
        hub, source = self._running.hub, self._sheet.path.name
        for good, rejected in _pages(found):
            if rejected:
                self._reject(rejected)
                continue
            page = take_in(
                hub.engine, FEED_ID, hub.seal, self._name, self._shop, self._channel.code, source, good,
                hub.clock(),
            )  # fmt: skip
            self._account.rows_read += sum(len(draft.rows) for draft in good)
            self._account.unchanged += page.unchanged
            if page.taken:
                self._under_way.append(page.taken)
            while len(self._under_way) > AHEAD:
                self._settle(self._under_way.popleft())
            self._tell()
        while self._under_way:
            self._settle(self._under_way.popleft())
        if self._account.rejected:
            self._ask_case()

    def _reject(self, rejected: list[Rejected], *, keep: bool = True) -> None:
        hub = self._running.hub
        if keep:
            source = self._sheet.path.name
            keep_unreadable(
                hub.engine, FEED_ID, hub.seal, self._name, self._shop, source, rejected, hub.clock()
            )
        for one in rejected:
            _count_rejected(self._account, one)
            self._bad.write(one)
            self._digest.update(msgspec.json.encode(one))

    def _settle(self, page: dict[int, Draft]) -> None:
        """Read what was decided of each number, and account for its rows."""
        self._wait_for(max(page))
        answers = select(command.c.n, command.c.status, command.c.refusal).where(
            command.c.feed_id == FEED_ID, command.c.replica_id == self._name, command.c.n.in_(page)
        )
        with reading(self._running.hub.engine) as db:
            rows = db.execute(answers).all()
        for row in rows:
            draft = page[row.n]
            refusal = msgspec.json.decode(row.refusal, type=Refusal) if row.refusal else None
            if row.status == "applied":
                _count_taken(self._account, draft)
            elif refusal is not None and refusal.code in ("unchanged", "stale_version"):
                self._account.unchanged += len(draft.rows)
            else:
                reason = refusal.text if refusal is not None else Text(row.status)
                self._account.rows_read -= len(draft.rows)
                self._reject([Rejected(row=numbered, reason=reason) for numbered in draft.rows], keep=False)

    def _wait_for(self, n: int) -> None:
        """Wait until a receipt is decided: by the hub that holds the account, else by ourselves."""
        while (last_n := self._decided()) < n:
            now_s = time.monotonic()
            if last_n != self._last_n:
                self._last_n, self._moved_s = last_n, now_s
            is_silent = now_s - self._moved_s > PATIENCE_S
            if (self._is_ours or is_silent) and self._running.accounts.page(self._name):
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
        at = select(replica.c.last_n).where(replica.c.feed_id == FEED_ID, replica.c.replica_id == self._name)
        with reading(self._running.hub.engine) as db:
            return int(db.execute(at).scalar_one())

    def _ask_case(self) -> None:
        """Put the rejected rows before a person: one case for a file, and the same file asks only once."""
        account, hub, source = self._account, self._running.hub, self._sheet.path.name
        said: Text | str = ""
        for reason in self._bad.reasons[:FIRST_REASONS]:
            said = Text(N_("{first} {rest}"), {"first": said, "rest": reason}) if said else reason
        text = Text(
            N_("{count} rows of {file} were not taken. {reasons}"),
            {"count": account.rejected, "file": source, "reasons": said},
        )
        case = f"file:{self._shop.code}:{hub.seal.args_hash('case', self._digest.digest())[:8].hex()}"
        ask_case(
            hub.engine, FEED_ID, hub.seal, self._name, self._shop, source, case, text, hub.clock()
        )  # fmt: skip
        given = select(accounts.c.next_n).where(
            accounts.c.feed_id == FEED_ID, accounts.c.replica_id == self._name
        )
        with reading(hub.engine) as db:
            newest = int(db.execute(given).scalar_one()) - 1
        self._wait_for(newest)

    def _tell(self) -> None:
        """Say on stderr how far a long import is."""
        now_s = time.monotonic()
        if now_s - self._told_s < TELL_EVERY_S:
            return
        self._told_s = now_s
        said = Text(
            N_("{done} of {all} rows"), {"done": self._account.rows_read, "all": self._number_of_rows}
        )
        print(console(said), file=sys.stderr, flush=True)


def _count_taken(account: Account, draft: Draft) -> None:
    account.accepted += len(draft.rows)
    account.orders_made += 1
    account.lines_made += len(draft.receive.lines)


def _count_rejected(account: Account, one: Rejected) -> None:
    said = console(one.reason)
    account.rows_read += 1
    account.rejected += 1
    account.reasons[said] = account.reasons.get(said, 0) + 1


def _summary(account: Account) -> Text:
    return Text(
        N_("{rows_read} rows read: {accepted} accepted, {unchanged} unchanged, {rejected} rejected."),
        {
            "rows_read": account.rows_read,
            "accepted": account.accepted,
            "unchanged": account.unchanged,
            "rejected": account.rejected,
        },
    )
