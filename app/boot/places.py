"""Where Docket keeps its files on this PC, and the keys to them."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import keyring
import keyring.errors
import platformdirs

KEYRING = "docket"
KEY_BYTES = 32


def data_dir() -> Path:
    """Return the folder for this person's Docket files; DOCKET_HOME overrides it."""
    home = os.environ.get("DOCKET_HOME")
    folder = Path(home) if home else Path(platformdirs.user_data_dir("docket", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def demo_database() -> str:
    """Return the address of the embedded company's database."""
    return f"sqlite:///{(data_dir() / 'hub.db').as_posix()}"


def master_key(database: str) -> bytes:
    """Return the key under which a database's personal data is sealed, made at first use.

    Looked for in DOCKET_HUB_KEY (base64), the OS keyring, then a file only this account can read.
    Losing it is losing every name and address: the operations page tells how to keep a copy.
    """
    given = os.environ.get("DOCKET_HUB_KEY")
    if given:
        return base64.b64decode(given)
    return _kept(f"hub {database}")


def _kept(name: str) -> bytes:
    if os.environ.get("DOCKET_HOME") is None:
        try:
            stored = keyring.get_password(KEYRING, name)
            if stored is None:
                stored = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
                keyring.set_password(KEYRING, name, stored)
            return base64.b64decode(stored)
        except keyring.errors.KeyringError:
            pass  # headless Linux has none: the file below is the documented second choice
    return _from_file(data_dir() / "keys", name)


def _from_file(folder: Path, name: str) -> bytes:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / base64.urlsafe_b64encode(name.encode()).decode()[:120]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return base64.b64decode(path.read_bytes())
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)))
    return base64.b64decode(path.read_bytes())
