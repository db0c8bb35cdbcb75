"""`key`: write the key to names and addresses into a file under a passphrase, or bring it back."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from sqlalchemy import make_url

from app.boot.opening import check_key, opened, wall_clock
from app.boot.places import found_key, keep_key
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database
from sync.hub.keeping.keyfile import opened_key, sealed_key
from sync.hub.seal import Seal


def main(argv: list[str]) -> int:
    """Export or import; 0 when done, 2 when it cannot be."""
    parser = argparse.ArgumentParser(prog="docket key", description=__doc__)
    parser.add_argument("what", choices=("export", "import"))
    parser.add_argument("file", type=Path, help="keep it away from the backups")
    parser.add_argument("--database", required=True, help="whose key it is")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of what is said")
    asked = parser.parse_args(argv)
    try:
        said = (_exported if asked.what == "export" else _imported)(asked.file, asked.database)
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"{asked.file}: {fault.strerror}", file=sys.stderr)
        return 2
    print(console(said, asked.lang))
    return 0


def _exported(file: Path, database: str) -> Text:
    key = found_key(database)
    if key is None:
        raise Trouble("no_key", Text(N_("This machine has no key of this database.")))
    engine = opened(database, connect_database)
    try:
        check_key(engine, Seal(key))
    finally:
        engine.dispose()
    named, passphrase = make_url(database).render_as_string(hide_password=True), _chosen()
    sealed = sealed_key(key, passphrase, named, wall_clock())
    file.touch(0o600, exist_ok=False)
    file.write_bytes(sealed)
    return Text(N_("Written. Keep the file and its passphrase away from the backups and from each other."))


def _imported(file: Path, database: str) -> Text:
    keep_key(database, opened_key(file.read_bytes(), _passphrase("Passphrase: ")))
    return Text(N_("The key is here. Start the hub: it says if the key is another database's."))


def _chosen() -> str:
    """Ask for a new passphrase, twice.

    Raises:
        Trouble: passphrase: they differ.
    """
    first = _passphrase("Passphrase: ")
    if sys.stdin.isatty() and _passphrase("Passphrase again: ") != first:
        raise Trouble("passphrase", Text(N_("These are two different passphrases. Try again.")))
    return first


def _passphrase(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
