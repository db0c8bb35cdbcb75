"""`connect SHOP`: give the hub the keys of a shop, so that it reads its orders by itself; or see how it goes.

Keys are read from a file or from standard input, as one JSON object or as lines NAME = VALUE (what
`simulate` prints), so that they stand in no history of a shell. They are kept sealed under the master key.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from app.boot.opening import FEED_ID, check_key, opened, wall_clock
from app.boot.places import master_key
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.polling.connections import connect, switch
from sync.hub.seal import Seal
from sync.manifest.reading import BadManifest, built_in_ids
from sync.tables import connection, stream

MOST_BYTES = 65_536


def main(argv: list[str]) -> int:
    """Run the verb; 0 when it is done, 2 with a sentence when it cannot be."""
    asked = _parser().parse_args(argv)
    try:
        told = _done(asked)
    except BadManifest as bad:
        print("\n".join(console(text, asked.lang) for text in bad.texts), file=sys.stderr)
        return 2
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    print(told)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py connect", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shop", nargs="?", default="", help="the code of a shop that is set up")
    parser.add_argument("--database", required=True, help="of the hub: sqlite:///FILE or postgresql://…")
    parser.add_argument("--channel", choices=built_in_ids(), help="the manifest that reads it")
    parser.add_argument("--settings", metavar="FILE", help="its keys; - reads them from standard input")
    parser.add_argument("--since", metavar="DAY", default="", help="read orders that changed from then on")
    parser.add_argument("--override", metavar="FILE", help="JSON that lies over the manifest")
    parser.add_argument("--off", action="store_true", help="stop talking to it; its keys are kept")
    parser.add_argument("--on", action="store_true", help="go on where it was left")
    parser.add_argument("--list", action="store_true", help="how every list of every shop stands, as JSON")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    return parser


def _done(asked: argparse.Namespace) -> str:
    engine = opened(asked.database)
    try:
        if asked.list:
            return msgspec.json.encode(listed(engine)).decode()
        if not asked.shop:
            raise Trouble("no_shop", Text(N_("Name a shop, or ask for --list.")))
        if asked.off or asked.on:
            with writing(engine) as db:
                switch(db, FEED_ID, asked.shop, wall_clock(), is_on=asked.on)
            return console(Text(N_("Done.")), asked.lang)
        if not asked.channel or not asked.settings:
            raise Trouble("no_keys", Text(N_("Name the channel and a file with the keys of the shop.")))
        seal = Seal(master_key(asked.database))
        check_key(engine, seal)
        keys, since = _keys(_read(asked.settings)), _day(asked.since)
        override = _object(_read(asked.override)) if asked.override else {}
        with writing(engine) as db:
            who = db, FEED_ID, seal, asked.shop, asked.channel
            hook_key = connect(*who, keys, wall_clock(), since=since, override=override)
        return f"/hooks/{hook_key}"
    finally:
        engine.dispose()


def listed(engine: Any) -> list[dict[str, Any]]:
    """Say how every list of every shop stands; keys are not among it."""
    c, s = connection.c, stream.c
    found = (
        select(c.shop, c.manifest, c.state, c.hook_key, s.name, s.read_to, s.well_at, s.newest_at, s.orders)
        .add_columns(s.tries, s.code, s.trouble, s.not_before)
        .outerjoin(stream, (s.feed_id == c.feed_id) & (s.shop == c.shop))
        .where(c.feed_id == FEED_ID)
        .order_by(c.shop, s.name)
    )
    with reading(engine) as db:
        rows = [dict(row) for row in db.execute(found).mappings()]
    for row in rows:
        row["hook"] = f"/hooks/{row.pop('hook_key')}"
        row["trouble"] = console(msgspec.json.decode(row["trouble"], type=Text)) if row["trouble"] else ""
    return rows


def _read(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError:
        raise Trouble("no_file", Text(N_("The file cannot be read. Check that you may open it."))) from None
    if len(content) > MOST_BYTES:
        raise Trouble("settings", Text(N_("The settings are too long. Look at what was pasted.")))
    return content


def _keys(content: bytes) -> dict[str, str]:
    if content.lstrip().startswith(b"{"):
        return {name: str(value) for name, value in _object(content).items()}
    pairs = [line.partition("=") for line in content.decode(errors="replace").splitlines() if "=" in line]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise Trouble("no_json", Text(N_("The file is no JSON. Write one object."))) from None


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble("day", Text(N_("A day is written like 2026-06-13. Correct it."))) from None
    return at.replace(tzinfo=at.tzinfo or UTC)
