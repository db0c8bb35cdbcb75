"""`docket import FILE --shop CODE`: a shop's file goes in, every row accounted for.

The file is submitted as the channel account `file:<shop>`. A running hub on that database does the writing;
where none runs, this process does it itself.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import select

from app.boot.opening import FEED_ID, Running, open_hub
from app.boot.places import demo_database
from app.boot.words import console
from app.domain.company import Company, Shop
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Channel, Draft, Rejected, drafts
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.delivery import channel_for, read_rows
from sync.hub.intake import PAGE, known_versions, open_account, take_in
from sync.tables import command, receipt, replica

PATIENCE_S = 2.0
"""How long a silent hub is given before this process writes itself."""

NEW_SHOPS = {
    "tmall_export": Shop(code="", title="", channel="TM"),
    "amazon_india_export": Shop(
        code="", title="", channel="AZ", currency="INR", zone="Asia/Kolkata", country="IN"
    ),
}
"""What a shop that is not set up yet is taken for, by the kind of its file. Source: DECISIONS 12."""

T = TypeVar("T")


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
    try:
        account = run(
            asked.file, asked.shop, asked.mapping, asked.database, asked.rejected, dry=asked.dry_run
        )
    except Trouble as trouble:
        print(console(trouble.hint), file=sys.stderr)
        return 2
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(account)).decode())
    else:
        print(console(_summary(account)))
    return 0


def run(
    file: Path, shop_code: str, mapping: str, database: str, rejected_file: Path | None, *, dry: bool = False
) -> Account:
    """Import one file; see `Account`.

    Raises:
        Trouble: the file, its mapping or the shop's code cannot be used; nothing was written.
    """
    header, rows = read_rows(file)
    channel = channel_for(header, mapping)
    running = _open(database)
    try:
        shop = _shop(running, shop_code, channel, dry=dry)
        account = Account(shop=shop.code, mapping=channel.code, dry_run=dry)
        bad: list[Rejected] = []
        found = _good(drafts(channel, rows, shop), bad, account)
        if dry:
            _compare(running, shop, found, account)
        else:
            _take(running, shop, channel, file, found, bad, account)
        account.rejected += len(bad)
        account.rows_read += len(bad)
        for one in bad:
            _count(account, one.reason)
        if bad and rejected_file is not None:
            _write_rejected(rejected_file, header, bad)
            account.rejected_file = rejected_file.name
    finally:
        running.hub.writer.stop()
        running.hub.engine.dispose()
    return account


def _open(database: str) -> Running:
    if database:
        return open_hub(database)
    from app.boot.demo import open_demo

    return open_demo(demo_database())


def _shop(running: Running, code: str, channel: Channel, *, dry: bool) -> Shop:
    shop = running.shops().get(code)
    if shop is not None:
        return shop
    if not code.isascii() or not code.isalnum() or len(code) > 16:
        raise Trouble(
            "shop", Text(N_("{code} is not a shop code: up to 16 letters and digits."), {"code": code})
        )
    made = msgspec.structs.replace(NEW_SHOPS[channel.code], code=code, title=code)
    if not dry:
        with writing(running.hub.engine) as db:
            install_company(db, FEED_ID, _only(made), running.hub.clock())
    return made


def _only(shop: Shop) -> Company:
    return Company(title="", shops=(shop,), warehouses=(), skus=())


def _good(found: Iterable[Draft | Rejected], bad: list[Rejected], account: Account) -> Iterator[Draft]:
    for one in found:
        if isinstance(one, Rejected):
            bad.append(one)
        else:
            account.rows_read += len(one.rows)
            yield one


def _pages(found: Iterator[T], size: int) -> Iterator[list[T]]:
    while page := list(islice(found, size)):
        yield page


def _compare(running: Running, shop: Shop, found: Iterator[Draft], account: Account) -> None:
    hub = running.hub
    for page in _pages(found, PAGE):
        with reading(hub.engine) as db:
            known = known_versions(db, FEED_ID, hub.seal, shop, page)
        for draft, is_known in zip(page, known, strict=True):
            if is_known:
                account.unchanged += len(draft.rows)
            else:
                account.accepted += len(draft.rows)
                account.orders_made += 1
                account.lines_made += len(draft.receive.lines)


def _take(
    running: Running,
    shop: Shop,
    channel: Channel,
    file: Path,
    found: Iterator[Draft],
    bad: list[Rejected],
    account: Account,
) -> None:
    hub = running.hub
    with writing(hub.engine) as db:
        account_id = open_account(db, FEED_ID, f"file:{shop.code}", hub.clock())
    taken: dict[int, Draft] = {}
    for page in _pages(found, PAGE):
        result = take_in(
            hub.engine, FEED_ID, hub.seal, account_id, shop, channel.code, file.name, page, hub.clock()
        )
        account.unchanged += result.unchanged
        taken |= result.taken
        running.drain_account(account_id)
    _finish(running, account_id)
    _answers(running, account_id, taken, bad, account)


def _finish(running: Running, account_id: str) -> None:
    """Wait until every receipt is decided: by the hub that holds the account, else by ourselves."""
    moved_s, last = time.monotonic(), -1
    while True:
        with reading(running.hub.engine) as db:
            at = select(replica.c.last_n).where(
                replica.c.feed_id == FEED_ID, replica.c.replica_id == account_id
            )
            last_n = db.execute(at).scalar_one()
            newest = db.execute(
                select(receipt.c.n)
                .where(receipt.c.feed_id == FEED_ID, receipt.c.replica_id == account_id)
                .order_by(receipt.c.n.desc())
                .limit(1)
            ).scalar_one_or_none()
        if newest is None or last_n >= newest:
            return
        if last_n != last:
            moved_s, last = time.monotonic(), last_n
        if not running.drain_account(account_id):
            time.sleep(0.05)
        if time.monotonic() - moved_s > 60 * PATIENCE_S:
            raise Trouble(
                "stalled",
                Text(N_("The hub does not take the rows. They are kept; start the import again.")),
                retry=True,
            )


def _answers(
    running: Running, account_id: str, taken: dict[int, Draft], bad: list[Rejected], account: Account
) -> None:
    """Read what was decided of each number, and account for its rows."""
    numbers = sorted(taken)
    for page in _pages(iter(numbers), 500):
        with reading(running.hub.engine) as db:
            rows = db.execute(
                select(command.c.n, command.c.status, command.c.refusal).where(
                    command.c.feed_id == FEED_ID, command.c.replica_id == account_id, command.c.n.in_(page)
                )
            ).all()
        for row in rows:
            draft = taken[row.n]
            if row.status == "applied":
                account.accepted += len(draft.rows)
                account.orders_made += 1
                account.lines_made += len(draft.receive.lines)
                continue
            refusal = json.loads(row.refusal or "{}")
            if refusal.get("code") in ("unchanged", "stale_version"):
                account.unchanged += len(draft.rows)
                continue
            text = msgspec.convert(refusal.get("text", {"message": row.status}), Text)
            account.rows_read -= len(draft.rows)
            bad.extend(Rejected(row=numbered, reason=text) for numbered in draft.rows)


def _count(account: Account, reason: Text) -> None:
    said = console(reason)
    account.reasons[said] = account.reasons.get(said, 0) + 1


def _write_rejected(path: Path, header: tuple[str, ...], bad: list[Rejected]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([*header, "row", "reason"])
        for one in bad:
            cells = [_neutral(one.row.cells.get(name, "")) for name in header]
            sheet.writerow([*cells, one.row.row_no, console(one.reason)])


def _neutral(cell: str) -> str:
    """Keep a cell from being run as a formula by the spreadsheet that opens it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


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
