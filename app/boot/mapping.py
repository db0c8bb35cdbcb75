"""`map MANIFEST FILE`: try the manifest of a channel on a payload, before a shop is connected.

MANIFEST is the id of one that comes with the program, or a YAML file. What it makes of each record is told,
and everything that looked odd; names, phones and streets are masked. Exit 1 where a record cannot be read or
is held.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from app.boot.words import LANGUAGES, console
from app.domain.company import Shop
from app.domain.mask import masked
from app.domain.money import shown
from app.domain.order import ChannelState
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.hub.imports.sheets import open_sheet, plain_name
from sync.manifest.blocks import Manifest
from sync.manifest.files import records
from sync.manifest.mapping import Mapped, mapped, orders_in
from sync.manifest.messages import Message, message, refunds, refunds_in
from sync.manifest.reading import (
    MOST_BYTES,
    BadManifest,
    built_in_ids,
    checked,
    from_yaml,
    manifest_of,
    schema,
)
from sync.manifest.values import MOST_BYTES as PAYLOAD_MOST
from sync.manifest.values import document

READS = ("orders", "refunds", "events")


def main(argv: list[str]) -> int:
    """Run the verb; 0 where every record is read, 1 where one is not or is held, 2 for a bad manifest."""
    parser = argparse.ArgumentParser(prog="run.py map", description=__doc__)
    parser.add_argument(
        "manifest", nargs="?", default="", help="id or YAML file; none lists the built-in ones"
    )
    parser.add_argument("file", nargs="?", type=Path, help="the payload: JSON, or a table")
    parser.add_argument("--as", dest="reads", choices=READS, default="orders", help="what the payload holds")
    parser.add_argument("--currency", default="CNY", help="of the shop, where the channel names none")
    parser.add_argument("--country", default="CN", help="of the shop, where the channel names none")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of a manifest")
    parser.add_argument("--json", action="store_true", help="one JSON object a record")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    if asked.schema:
        print(msgspec.json.encode(schema()).decode())
        return 0
    if not asked.manifest:
        print("\n".join(built_in_ids()))
        return 0
    try:
        manifest = read_manifest(asked.manifest)
        payload = _payload(manifest, asked.file)
    except BadManifest as wrong:
        for text in wrong.texts:
            print(console(text, asked.lang), file=sys.stderr)
        return 2
    except Unreadable as wrong:
        print(console(wrong.text, asked.lang), file=sys.stderr)
        return 2
    except Trouble as fault:
        print(console(fault.hint, asked.lang), file=sys.stderr)
        return 2
    shop = Shop(code="X", title="", channel="X", currency=asked.currency, country=asked.country)
    return _report(asked, list(tried(manifest, payload, shop, asked.reads, datetime.now(UTC))))


def read_manifest(named: str) -> Manifest:
    """Return a manifest by its id, or out of a file.

    Raises:
        BadManifest: it cannot be used.
    """
    if named in built_in_ids():
        return manifest_of(named)
    return checked(from_yaml(_content(Path(named), MOST_BYTES)))


def _payload(manifest: Manifest, path: Path | None) -> Any:
    """Read JSON, or a table where the channel sends those."""
    if manifest.file is None or path is None or path.suffix == ".json":
        return document(_content(path, PAYLOAD_MOST))
    with TemporaryDirectory() as folder:
        known = (plain_name(name) for value in manifest.map.order.values() for name in value.column)
        sheet = open_sheet(path, Path(folder), known=frozenset(known))
        return records(manifest, (row.cells for row in sheet.rows()))


def _content(path: Path | None, most: int) -> bytes:
    try:
        if path is None:
            return sys.stdin.buffer.read(most + 1)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        text = Text(N_("The file cannot be read. Check that you may open it."))
        raise BadManifest((text,)) from None


def tried(
    manifest: Manifest, payload: Any, shop: Shop, reads: str, now: datetime
) -> Iterator[Mapped | Message | Unreadable]:
    """Read each record of a payload, or say why it cannot be read."""
    found = orders_in(manifest, payload) if reads == "orders" else refunds_in(manifest, payload)
    if reads == "events":
        found = payload if isinstance(payload, list) else [payload]
    for record in found:
        try:
            if reads == "orders":
                yield mapped(manifest, record, shop, now)
            elif reads == "refunds":
                yield from refunds(manifest, record, shop)
            else:
                yield message(manifest, record, shop)
        except Unreadable as wrong:
            yield wrong


def _report(asked: argparse.Namespace, found: list[Mapped | Message | Unreadable]) -> int:
    odd = 0
    for one in found:
        is_held = isinstance(one, Mapped) and one.receive.channel_state is ChannelState.UNKNOWN
        odd += isinstance(one, Unreadable) or is_held
        print(
            msgspec.json.encode(as_json(one, asked.lang)).decode() if asked.json else _told(one, asked.lang)
        )
    if not found:
        print(console(Text(N_("No record stands at any of the roots. Look at map.roots.")), asked.lang))
    return 1 if odd or not found else 0


def as_json(one: Mapped | Message | Unreadable, language: str) -> dict[str, Any]:
    """Return what is printed of a record; the buyer is masked."""
    if isinstance(one, Unreadable):
        return {"unreadable": console(one.text, language)}
    if isinstance(one, Message):
        hidden = msgspec.structs.replace(one, receiver=masked(one.receiver))
        return {"message": msgspec.to_builtins(hidden)}
    told = one.receive.beside
    told = told and msgspec.structs.replace(told, receiver=masked(told.receiver))
    hidden_order = msgspec.structs.replace(one.receive, receiver=masked(one.receive.receiver), beside=told)
    order = msgspec.to_builtins(msgspec.structs.replace(one, receive=hidden_order, warnings=()))
    return {"order": order, "warnings": [console(text, language) for text in one.warnings]}


def _told(one: Mapped | Message | Unreadable, language: str) -> str:
    if isinstance(one, Unreadable):
        return f"✗ {console(one.text, language)}"
    if isinstance(one, Message):
        state = f"{one.case.kind} {one.case.state}" if one.case is not None else ""
        return f"{one.ext_id}  {one.means or 'read'}  {state or one.topic}".rstrip()
    order = one.receive
    state = f"{order.channel_state} {order.lock}".strip()
    pieces = sum(line.qty for line in order.lines)
    said = (
        f"{order.ext_id}  {state}  {shown(order.payable_minor, order.currency)}  {len(order.lines)}/{pieces}"
    )
    return "\n".join([said, *(f"  ! {console(text, language)}" for text in one.warnings)])
