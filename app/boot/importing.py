"""`docket import FILE… --shop CODE`: a shop's files go in, every row accounted for.

The files are submitted as the channel account `file:<shop>`. A running hub on that database does the
deciding; where none runs, this process does it itself. Memory stays flat: a few pages are under way.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from app.boot.opening import FEED_ID, Running, column_names, open_hub, tools_of
from app.boot.places import data_dir, demo_database
from app.boot.rejects import RejectedFiles
from app.boot.words import console
from app.imports import Account as Counted
from app.imports import FileAccount, ImportRow
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.imports import records
from sync.hub.imports.delivery import channel_for
from sync.hub.imports.importing import Importing
from sync.hub.imports.plan import Plan
from sync.hub.imports.sheets import Sheet, open_sheet
from sync.hub.imports.shop import find_shop, shop_for
from sync.hub.imports.source import source_of
from sync.hub.imports.survey import survey
from sync.hub.imports.taking import Taking
from sync.hub.imports.understanding import checked, understand

PATIENCE_S = 1.5
"""How long a hub is waited for before this process decides itself: three of its looks at the accounts."""
TELL_EVERY_S = 2.0
OPTIONS = ("currency", "zone", "country", "state", "cancels")
"""Single words of a mapping that may be given at a console."""
BY = "cli"
"""Who imports at a console: whoever may read the database itself."""


class Account(msgspec.Struct, kw_only=True):
    """What became of each row; `rows_read = accepted + unchanged + rejected` always."""

    rows_read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    orders_made: int = 0
    lines_made: int = 0
    reasons: dict[str, int] = {}
    new: int = 0
    changed: int = 0
    files: tuple[FileAccount, ...] = ()
    shop: str = ""
    mapping: str = ""
    import_id: str = ""
    rejected_file: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is imported and how."""

    files: Sequence[Path]
    shop: str
    rejected: Path
    database: str = ""
    mapping: str = ""
    mapping_file: Path | None = None
    save_mapping: bool = False
    dry: bool = False
    options: dict[str, str] = field(default_factory=dict)
    """Single words of a mapping, by the names of `OPTIONS`."""


def main(argv: list[str]) -> int:
    """Run the verb."""
    parser = argparse.ArgumentParser(prog="docket import", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--join", type=Path, nargs="+", default=[], help="files that belong to it by keys")
    parser.add_argument("--shop", default="", help="the shop's code, e.g. TM1")
    parser.add_argument(
        "--mapping", default="", help="how to read the file; found by its columns if not given"
    )
    parser.add_argument("--mapping-file", type=Path, help="a mapping as --show-mapping prints it")
    parser.add_argument("--show-mapping", action="store_true", help="print the mapping, import nothing")
    parser.add_argument("--save-mapping", action="store_true", help="keep it for files with these columns")
    for name in OPTIONS:
        parser.add_argument(f"--{name}", default="", help=f"{name} of the mapping")
    parser.add_argument(
        "--database", default="", help="the hub's database; the embedded company if not given"
    )
    parser.add_argument("--rejected", type=Path, help="where to write rows that were not taken")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
    parser.add_argument("--list", action="store_true", help="show past imports")
    parser.add_argument("--undo", default="", metavar="ID", help="take an import back")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    try:
        said = _answer(parser, asked)
    except Trouble as trouble:
        print(console(trouble.hint), file=sys.stderr)
        return 2
    if asked.json or not isinstance(said, Account):
        print(msgspec.json.format(msgspec.json.encode(said)).decode())
        return 0
    print(console(_summary(said)))
    for reason, count in said.reasons.items():
        print(f"  {count} × {reason}")
    if said.rejected_file:
        print(said.rejected_file)
    return 0


def _answer(
    parser: argparse.ArgumentParser, asked: argparse.Namespace
) -> Account | Plan | list[ImportRow] | records.Record:
    if asked.list:
        with _running(asked.database) as running, reading(running.hub.engine) as db:
            return [record.row() for record in records.past(db, FEED_ID, 50)]
    if asked.undo:
        with _running(asked.database) as running:
            return Importing(tools_of(running)).undo(asked.undo, BY)
    if asked.file is None or not asked.shop:
        parser.error("FILE and --shop are needed")
    options = {name: value for name in ("currency", "zone", "country", "state", "cancels")
               if (value := getattr(asked, name))}  # fmt: skip
    wanted = Asked(
        files=(asked.file, *asked.join),
        shop=asked.shop,
        rejected=asked.rejected or data_dir() / "rejected" / f"{asked.file.stem}.rejected.csv",
        database=asked.database,
        mapping=asked.mapping,
        mapping_file=asked.mapping_file,
        save_mapping=asked.save_mapping,
        dry=asked.dry_run,
        options=options,
    )
    return shown_plan(wanted) if asked.show_mapping else run(wanted)


def run(asked: Asked) -> Account:
    """Import files that belong together; rows that were not taken are written to `rejected`.

    Raises:
        Trouble: a file, its mapping or the shop's code cannot be used; nothing was written.
    """
    with ExitStack() as stack:
        folder = _room(stack)
        sheets = _sheets(asked.files, folder)
        running = stack.enter_context(_running(asked.database))
        plan = _plan(asked, sheets, running)
        source = source_of(sheets, plan)
        hub = running.hub
        shop = shop_for(hub.engine, FEED_ID, asked.shop, source, hub.clock(), dry=asked.dry)
        account = Account(shop=shop.code, mapping=plan.reader, dry_run=asked.dry)
        importing = Importing(tools_of(running))
        if asked.dry:
            dry = Taking(tools_of(running), shop, source, folder)
            return _filled(account, dry.rehearse())
        bad = stack.enter_context(RejectedFiles(asked.rejected, sheets))
        record = importing.open(sheets, plan, shop, BY, asked.files, keep=False)
        taking = importing.taking(
            record, source, shop, folder, patience_s=PATIENCE_S, tell=_Telling(), on_rejected=bad.write
        )
        account.import_id = record.id
        _filled(account, importing.take(record, taking).account)
        if asked.save_mapping and not plan.reader:
            with writing(hub.engine) as db:
                records.keep_mapping(db, FEED_ID, shop.code, sheets, plan, BY, hub.clock())
        account.rejected_file = bad.names
    return account


def shown_plan(asked: Asked) -> Plan:
    """Return the mapping these files would be read by."""
    with ExitStack() as stack:
        sheets = _sheets(asked.files, _room(stack))
        running = stack.enter_context(_running(asked.database))
        return _plan(asked, sheets, running, is_checked=False)


def _room(stack: ExitStack) -> Path:
    """Return a folder of this import's own, gone when it ends."""
    base = data_dir() / "imports"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="console-", dir=base))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _sheets(files: Sequence[Path], folder: Path) -> list[Sheet]:
    known = column_names().known
    return [replace(open_sheet(file, folder, known=known), file=i) for i, file in enumerate(files)]


@contextmanager
def _running(database: str) -> Iterator[Running]:
    if database:
        running = open_hub(database)
    else:
        from app.boot.demo import open_demo

        running = open_demo(demo_database())
    try:
        yield running
    finally:
        running.close()


def _plan(asked: Asked, sheets: list[Sheet], running: Running, *, is_checked: bool = True) -> Plan:
    """Find how the files are understood: by name, by a given mapping, by a kept one, by themselves."""
    if asked.mapping:
        return Plan(reader=channel_for(sheets[0].header, asked.mapping).code)
    if asked.mapping_file is not None:
        plan = _given(asked.mapping_file)
    else:
        hub = running.hub
        shop = find_shop(hub.engine, FEED_ID, asked.shop)
        with reading(hub.engine) as db:
            kept = records.kept_mapping(db, FEED_ID, asked.shop, sheets)
        plan = understand(sheets, [survey(sheet) for sheet in sheets], column_names(), shop, kept, {}).plan
    plan = msgspec.structs.replace(plan, **asked.options)
    return checked(plan, sheets) if is_checked else plan


def _given(file: Path) -> Plan:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Plan)
    except (OSError, msgspec.MsgspecError) as fault:
        raise Trouble(
            "mapping", Text(N_("{name} is no mapping. --show-mapping prints one."), {"name": file.name})
        ) from fault


class _Telling:
    """Says on stderr how far a long import is."""

    def __init__(self) -> None:
        self._told_s = time.monotonic()

    def __call__(self, taking: Taking) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s < TELL_EVERY_S:
            return
        self._told_s = now_s
        said = Text(N_("{done} of {all} rows"), {"done": taking.done, "all": taking.rows})
        print(console(said), file=sys.stderr, flush=True)


def _filled(account: Account, counted: Counted) -> Account:
    account.rows_read, account.new, account.changed = counted.read, counted.new, counted.changed
    account.accepted = counted.new + counted.changed
    account.unchanged, account.rejected = counted.unchanged, counted.rejected
    account.orders_made, account.lines_made = counted.orders, counted.lines
    account.files = counted.files
    account.reasons = {console(reason.text): reason.count for reason in counted.reasons}
    return account


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
