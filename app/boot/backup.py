"""`backup`: copy a hub's database while it works, prove that it restores, count it as protection."""

from __future__ import annotations

import argparse
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError

from app.boot.opening import opened, wall_clock
from app.boot.verify import tell_findings
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database, is_newest
from sync.hub.keeping.backup import Backup, back_up, count_as_protection, keep_newest

_SECONDS = {"m": 60, "h": 3_600, "d": 86_400}


def main(argv: list[str]) -> int:
    """Back up once, or again and again; 0 when all is well, 1 on a broken promise, 2 on trouble."""
    parser = argparse.ArgumentParser(prog="docket backup", description=__doc__)
    parser.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="a folder on another disk")
    parser.add_argument("--elsewhere", action="store_true", help="something else copies FOLDER away")
    parser.add_argument("--every", default="", metavar="15m|6h|1d", help="go on until stopped")
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all but the newest N")
    parser.add_argument("--json", action="store_true", help="one JSON object for each backup")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        pause_s = seconds(asked.every)
        engine = opened(asked.database, connect_database)
        try:
            return repeated(lambda: _once(engine, asked), pause_s, threading.Event())
        finally:
            engine.dispose()
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def repeated(once: Callable[[], int], pause_s: int, stop: threading.Event) -> int:
    """Run `once`, and where there is a pause again after it; one that fails is told and does not end it."""
    while True:
        begun_s = time.monotonic()
        try:
            code = once()
        except Trouble as trouble:
            if not pause_s:
                raise
            print(console(trouble.hint), file=sys.stderr, flush=True)
            code = 2
        if not pause_s or stop.wait(max(0.0, pause_s - (time.monotonic() - begun_s))):
            return code


def seconds(every: str) -> int:
    """Return a pause in seconds, 0 for none.

    Raises:
        Trouble: it is none.
    """
    if not every:
        return 0
    found = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", every)
    if found is None:
        raise Trouble("every", Text(N_("--every is a number with m, h or d, e.g. 15m, 6h, 1d.")))
    return int(found[1]) * _SECONDS[found[2]]


def is_beside(database: str, folder: Path) -> bool:
    """Tell whether a backup there would be lost with the disk of the database; unknown counts as no."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    there = next((one for one in (folder, *folder.resolve().parents) if one.exists()), None)
    return there is not None and there.stat().st_dev == Path(url.database).stat().st_dev


def _once(engine: Engine, asked: argparse.Namespace) -> int:
    now = wall_clock()
    try:
        made = back_up(engine, asked.to, now)
        is_far = asked.elsewhere or not is_beside(asked.database, asked.to)
        counts = made.ok and is_far and is_newest(engine)
        if counts:
            count_as_protection(engine, made, now)
    except DBAPIError as fault:
        raise Trouble(
            "database",
            Text(N_("The database cannot be read: {reason}"), {"reason": str(fault.orig).strip() or "?"}),
            retry=True,
        ) from fault
    gone = keep_newest(asked.to, asked.keep) if made.ok and asked.keep > 0 else []
    if asked.json:
        said = {
            "name": "backup", "ok": made.ok, "folder": str(made.folder), "counts": counts,
            "rows": made.manifest.rows, "bytes": made.manifest.size, "moments": made.manifest.moments,
            "rehearsed_s": made.rehearsed.took_s, "findings": made.rehearsed.findings, "deleted": len(gone),
        }  # fmt: skip
        print(msgspec.json.encode(said).decode(), flush=True)
    else:
        _tell(made, asked.lang, counts=counts, is_far=is_far)
    return 0 if made.ok else 1


def _tell(made: Backup, language: str, *, counts: bool, is_far: bool) -> None:
    """Say it to a person."""
    figures: dict[str, str | int | Text] = {
        "folder": str(made.folder),
        "rows": made.manifest.rows,
        "mb": made.manifest.size // 1_000_000,
    }
    said = [Text(N_("{folder}: {rows} rows, {mb} MB."), figures)]
    if not made.ok:
        said.append(
            Text(N_("It was restored to try it and breaks promises. It does not count; look at these:"))
        )
        print(*(console(text, language) for text in said), sep="\n")
        tell_findings(made.rehearsed.findings, language)
        return
    said.append(Text(N_("It was restored to try it and keeps every promise.")))
    if counts:
        said.append(Text(N_("Work up to here is protected.")))
    elif not is_far:
        said.append(
            Text(
                N_(
                    "It lies on the disk of the database and is lost with it, so it does not count. "
                    "Choose another disk, or say --elsewhere if something copies it away."
                )
            )
        )
    else:
        said.append(Text(N_("It does not count as a second copy until this hub has been started once.")))
    said.append(Text(N_("The key to names and addresses is not inside. Keep one: docket key export.")))
    print(*(console(text, language) for text in said), sep="\n", flush=True)
