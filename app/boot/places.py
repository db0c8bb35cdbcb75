"""Where Docket keeps its files on this PC, and the keys to them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import platformdirs

from app.text import N_, Text
from app.trouble import Trouble

KEYRING = "docket"
KEY_BYTES = 32


def data_dir() -> Path:
    """Return the folder for this person's Docket files; DOCKET_HOME overrides it."""
    home = os.environ.get("DOCKET_HOME")
    folder = Path(home) if home else _own_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _own_dir() -> Path:
    return Path(platformdirs.user_data_dir("docket", appauthor=False))


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


def desk_key(home: Path, name: str) -> bytes:
    """Return a key of the desk in `home`, made at first use: in the OS keyring, else a file of this account.

    Only the desk of this person has its key in the keyring; one that lives elsewhere keeps it at home.
    """
    if home == _own_dir():
        return _kept(f"desk {name}")
    return _from_file(home / "keys", name)


def found_desk_key(home: Path, name: str) -> bytes | None:
    """Return a key of the desk in `home` if it lies here without a passphrase; make none."""
    if home == _own_dir():
        with _ring() as ring:
            if ring is not None:
                stored = ring.get_password(KEYRING, f"desk {name}")
                return None if stored is None else base64.b64decode(stored)
    path = _desk_file(home, name)
    return base64.b64decode(path.read_bytes()) if path.exists() else None


def drop_desk_key(home: Path, name: str) -> None:
    """Take a key of the desk in `home` away from wherever it lies without a passphrase."""
    if home == _own_dir():
        with _ring() as ring:
            if ring is not None and ring.get_password(KEYRING, f"desk {name}") is not None:
                ring.delete_password(KEYRING, f"desk {name}")
    _desk_file(home, name).unlink(missing_ok=True)


def _desk_file(home: Path, name: str) -> Path:
    return _key_file(home / "keys", f"desk {name}" if home == _own_dir() else name)


def found_key(database: str) -> bytes | None:
    """Return a database's master key if this machine has it; make none.

    Raises:
        Trouble: DOCKET_HUB_KEY is no key.
    """
    if os.environ.get("DOCKET_HUB_KEY"):
        return master_key(database)
    name = f"hub {_identity(database)}"
    with _ring() as ring:
        if ring is not None and (stored := ring.get_password(KEYRING, name)) is not None:
            return base64.b64decode(stored)
    path = _key_file(data_dir() / "keys", name)
    return base64.b64decode(path.read_bytes()) if path.exists() else None


def keep_key(database: str, key: bytes) -> None:
    """Take a database's master key in; another one that was here is put aside, never thrown away."""
    name, text = f"hub {_identity(database)}", base64.b64encode(key).decode()
    aside = f"before-{secrets.token_hex(4)}"
    with _ring() as ring:
        if ring is not None:
            if (old := ring.get_password(KEYRING, name)) not in (None, text):
                ring.set_password(KEYRING, f"{name} {aside}", str(old))
            ring.set_password(KEYRING, name, text)
            return
    path = _key_file(data_dir() / "keys", name)
    if path.exists() and path.read_bytes() != text.encode():
        path.rename(path.with_suffix(f".{aside}"))
    _write_key(path, key)


@contextmanager
def _ring() -> Iterator[ModuleType | None]:
    """Give the OS keyring, or nothing where there is none or DOCKET_HOME rules."""
    if os.environ.get("DOCKET_HOME") is not None:
        yield None
        return
    import keyring
    import keyring.errors

    try:
        keyring.get_password(KEYRING, "is there one")
    except keyring.errors.KeyringError:
        yield None  # headless Linux has none: a file is the documented second choice
        return
    yield keyring


def _kept(name: str) -> bytes:
    with _ring() as ring:
        if ring is not None:
            stored = ring.get_password(KEYRING, name)
            if stored is None:
                stored = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
                ring.set_password(KEYRING, name, stored)
            return base64.b64decode(stored)
    return _from_file(data_dir() / "keys", name)


def _from_file(folder: Path, name: str) -> bytes:
    path = _key_file(folder, name)
    if not path.exists():
        _write_key(path, secrets.token_bytes(KEY_BYTES))
    return base64.b64decode(path.read_bytes())


def _key_file(folder: Path, name: str) -> Path:
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")[-40:]
    return folder / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}.key"


def _write_key(path: Path, key: bytes) -> None:
    """Make the file whole or not at all: nobody reads half a key, and the one that is there stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"draft-{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
