"""`anchor`: put the hub's signed head where nobody who owns the database can change it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import threading
from pathlib import Path

from sqlalchemy import Engine

from app.boot.backup import repeated, seconds
from app.boot.opening import FEED_ID, check_key, opened, wall_clock
from app.boot.places import found_key
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database
from sync.hub.seal import Seal
from sync.hub.witness.anchors import Anchor, note_anchor, sign_anchor
from sync.hub.witness.heads import Signer


def main(argv: list[str]) -> int:
    """Write one anchor, or one again and again; 0 when it is there, 2 on trouble."""
    parser = argparse.ArgumentParser(prog="docket anchor", description=__doc__)
    parser.add_argument("--database", required=True, help="the hub's database")
    parser.add_argument("--to", type=Path, metavar="FILE", help="append a line there; without it, print it")
    parser.add_argument("--every", default="", metavar="5m|1h", help="go on until stopped")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of what is said")
    asked = parser.parse_args(argv)
    try:
        pause_s = seconds(asked.every)
        engine = opened(asked.database, connect_database)
        try:
            signer = _signer(engine, asked.database)
            return repeated(lambda: _once(engine, signer, asked.to), pause_s, threading.Event())
        finally:
            engine.dispose()
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _signer(engine: Engine, database: str) -> Signer:
    key = found_key(database)
    if key is None:
        raise Trouble("no_key", Text(N_("This machine has no key of this database.")))
    check_key(engine, Seal(key))
    return Signer(Seal(key))


def _once(engine: Engine, signer: Signer, to: Path | None) -> int:
    made = sign_anchor(engine, FEED_ID, signer, wall_clock())
    if to is None:
        _print(made)
    else:
        _append(to, made)
    note_anchor(engine, made, str(to.resolve()) if to else "printed")
    return 0


def _append(to: Path, made: Anchor) -> None:
    """Add one line; when this returns it is on disk.

    Raises:
        Trouble: no_room.
    """
    try:
        with to.open("ab") as file:
            file.write(made.line())
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise Trouble(
            "no_room",
            Text(
                N_("The anchor could not be written to {file}: {reason}."),
                {"file": str(to), "reason": fault.strerror or "?"},
            ),
            retry=True,
        ) from fault


def _print(made: Anchor) -> None:
    """Print it for paper: what a person compares, what a machine reads, a QR code where it can be drawn."""
    print(made.printed(), made.line().decode().strip(), sep="\n", flush=True)
    if sys.stdout.isatty() and importlib.util.find_spec("segno"):
        import segno

        segno.make(made.line().decode().strip(), error="l").terminal(compact=True)
