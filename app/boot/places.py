"""Where Docket keeps its files on this PC, and the keys to them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

import platformdirs

from app.text import N_, Text
from app.trouble import Trouble

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

    Raises:
        Trouble: DOCKET_HUB_KEY is no key.
    """
    given = os.environ.get("DOCKET_HUB_KEY")
    if not given:
        return _kept(f"hub {_identity(database)}")
    try:
        key = base64.b64decode(given, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Trouble(
            "master_key", Text(N_("DOCKET_HUB_KEY is no key: it has to be 32 bytes, written in base64."))
        )
    return key


def _identity(database: str) -> str:
    """Name a database the same way however its address is written, and without its password."""
    from sqlalchemy import make_url  # the desk asks this file for its folder, and has no SQLAlchemy

    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").resolve().as_posix()
    return f"{url.host or 'local'}:{url.port or 5432}/{url.database or ''}"


def _kept(name: str) -> bytes:
    if os.environ.get("DOCKET_HOME") is None:
        import keyring
        import keyring.errors

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
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")[-40:]
    path = folder / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}.key"
    if not path.exists():
        # Whole or not there: a second process must never read half a key.
        draft = folder / f"draft-{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return base64.b64decode(path.read_bytes())
