"""`service`: print how this machine runs the hub by itself: units for systemd, a description for WinSW."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from sqlalchemy import make_url

import resources
from app.boot.opening import read_address
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
SYSTEMD = ("docket-hub.service", "docket-backup.service", "docket-backup.timer")
WINDOWS = ("docket-hub.xml",)


def main(argv: list[str]) -> int:
    """Print the files, or write them into a folder; 0 when done, 2 when they would not work."""
    parser = argparse.ArgumentParser(prog="docket service", description=__doc__)
    parser.add_argument("kind", choices=("systemd", "windows"))
    parser.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    parser.add_argument("--listen", default="0.0.0.0:8765", help="HOST:PORT")
    parser.add_argument("--tls-cert", default="", metavar="FILE", help="of this hub; without: behind a proxy")
    parser.add_argument("--tls-key", default="", metavar="FILE")
    parser.add_argument("--metrics", default="127.0.0.1:9465", help="HOST:PORT of figures for Prometheus")
    parser.add_argument("--backups", default="/srv/docket-backups", help="a folder on another disk")
    parser.add_argument("--out", type=Path, help="write the files there instead of printing them")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of what is said")
    asked = parser.parse_args(argv)
    try:
        line = (
            f"--tls-cert {asked.tls_cert} --tls-key {asked.tls_key}" if asked.tls_cert else "--behind-proxy"
        )
        files = described(asked.kind, asked.database, asked.listen, line, asked.metrics, asked.backups)
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    for name, text in files.items():
        if asked.out is None:
            print(f"# {name}" if asked.kind == "systemd" else f"<!-- {name} -->", text, sep="\n")
        else:
            asked.out.mkdir(parents=True, exist_ok=True)
            (asked.out / name).write_text(text, encoding="utf-8")
    return 0


def described(kind: str, database: str, listen: str, line: str, metrics: str, backups: str) -> dict[str, str]:
    """Return the files by name, with this machine's places in them.

    Raises:
        Trouble: database: no address, or one with a password in it: every account could read it there.
    """
    read_address(database)
    if make_url(database).password:
        raise Trouble(
            "database",
            Text(N_("Leave the password out of the address: ~/.pgpass or DOCKET's hub.env keep it.")),
        )
    values = {
        "root": str(ROOT), "python": sys.executable, "database": database, "listen": listen,
        "line": line, "metrics": metrics, "backups": backups,
        "home": "read-only" if ROOT.is_relative_to("/home") or ROOT.is_relative_to("/root") else "yes",
    }  # fmt: skip
    for name, value in values.items():
        if any(sign in value for sign in "\n\"'\\") and kind == "systemd":
            raise Trouble("service", Text(N_("{name} has signs no unit can hold."), {"name": name}))
    if kind == "systemd":
        values = {name: value.replace("%", "%%") for name, value in values.items()}
    else:
        values = {name: escape(value, {'"': "&quot;"}) for name, value in values.items()}
    names = SYSTEMD if kind == "systemd" else WINDOWS
    return {name: _filled(resources.read("service", name).decode(), values) for name in names}


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
