"""`docket tls`: certificates for a hub on a LAN, made by an authority of the company's own."""

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.boot.places import data_dir
from app.boot.words import console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.tls import Pair, issue, new_ca

CA = "docket-ca"


def main(argv: list[str]) -> int:
    """`docket tls new-ca [--dir DIR]`, then `docket tls issue HOST… [--dir DIR]`."""
    parser = argparse.ArgumentParser(prog="docket tls", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    ca = verbs.add_parser("new-ca", help="make the authority; desks are given docket-ca.crt")
    ca.add_argument("--name", default="Docket", help="what the authority is called")
    made = verbs.add_parser("issue", help="make certificate and key of a hub")
    made.add_argument("host", nargs="+", help="every name and address desks reach it by")
    for verb in (ca, made):
        verb.add_argument("--dir", type=Path, default=None, help="where the files are")
    asked = parser.parse_args(argv)
    folder = asked.dir or data_dir() / "tls"
    try:
        if asked.verb == "new-ca":
            _keep(folder, CA, new_ca(asked.name[:60], datetime.now(UTC)))
        else:
            name = re.sub(r"[^A-Za-z0-9.-]+", "-", asked.host[0])
            _keep(folder, name, issue(_authority(folder), asked.host, datetime.now(UTC)))
    except Trouble as trouble:
        print(console(trouble.hint), file=sys.stderr)
        return 2
    return 0


def _authority(folder: Path) -> Pair:
    try:
        return Pair((folder / f"{CA}.crt").read_bytes(), (folder / f"{CA}.key").read_bytes())
    except OSError as fault:
        hint = Text(N_("There is no authority in {folder}. Run docket tls new-ca."), {"folder": str(folder)})
        raise Trouble("tls", hint) from fault


def _keep(folder: Path, name: str, pair: Pair) -> None:
    """Write both files; an authority that is there is never written over."""
    cert, key = folder / f"{name}.crt", folder / f"{name}.key"
    if name == CA and key.exists():
        raise Trouble("tls", Text(N_("{file} is there already. Move it away first."), {"file": str(key)}))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key.unlink(missing_ok=True)
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pair.key)
        cert.write_bytes(pair.cert)
    except OSError as fault:
        message = N_("Nothing can be written in {folder}: {reason}")
        hint = Text(message, {"folder": str(folder), "reason": fault.strerror or "?"})
        raise Trouble("tls", hint) from fault
    print(cert)
    print(key)
