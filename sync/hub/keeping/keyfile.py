"""The master key in a file that a passphrase opens: what lies in the safe while backups lie elsewhere.

Source: RFC 9106 (Argon2id), second recommended option; AES-256-GCM.
"""

from __future__ import annotations

import os
from datetime import datetime

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.text import N_, Text
from app.trouble import Trouble
from sync.wire import UNREADABLE

PASSPHRASE_LEAST = 12
FILE_LIMIT = 10_000
KIND = "docket key"
_SALT, _NONCE = 16, 12
PASSES, MEMORY_KB, LANES = 3, 64 * 1024, 4
_PURPOSE = b"docket master key 1"


class KeyFile(msgspec.Struct, frozen=True):
    """A sealed master key. `database` says whose it is."""

    kind: str
    database: str
    made_at: datetime
    salt: bytes
    nonce: bytes
    sealed: bytes


def sealed_key(key: bytes, passphrase: str, database: str, now: datetime) -> bytes:
    """Return the file.

    Raises:
        Trouble: weak_passphrase.
    """
    if len(passphrase) < PASSPHRASE_LEAST:
        raise Trouble(
            "weak_passphrase",
            Text(N_("The passphrase needs {count} characters or more."), {"count": PASSPHRASE_LEAST}),
        )
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, key, _PURPOSE)
    file = KeyFile(KIND, database, now, salt, nonce, sealed)
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def opened_key(file: bytes, passphrase: str) -> bytes:
    """Return the key.

    Raises:
        Trouble: not_a_key, wrong_passphrase.
    """
    try:
        kept = msgspec.json.decode(file[:FILE_LIMIT], type=KeyFile)
    except UNREADABLE:
        kept = None
    if kept is None or kept.kind != KIND or (len(kept.salt), len(kept.nonce)) != (_SALT, _NONCE):
        raise Trouble("not_a_key", Text(N_("This file is no key of a hub.")))
    try:
        return AESGCM(_stretched(passphrase, kept.salt)).decrypt(kept.nonce, kept.sealed, _PURPOSE)
    except InvalidTag as fault:
        raise Trouble("wrong_passphrase", Text(N_("The passphrase does not open this key."))) from fault


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, PASSES, MEMORY_KB, LANES, 32, Type.ID)
