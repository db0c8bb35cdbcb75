"""A passphrase in place of a key store: the desk's keys lie in its folder, in a file nobody else opens.

The keys themselves never change, so another passphrase writes this one file anew and nothing else.
Source: OWASP password storage (Argon2id); AES-256-GCM.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from app.boot.places import KEY_BYTES, drop_desk_key, found_desk_key
from app.passphrases import check_phrase
from app.text import N_, Text
from app.trouble import Trouble
from sync.replica import sealed

if TYPE_CHECKING:  # loads with the first passphrase
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEPT: Final = "phrase.key"
OLDER: Final = "phrase.salt"
"""Of a desk whose keys were made from the passphrase itself."""
NAMES: Final = ("files", "signs")
SALT_BYTES, NONCE_BYTES, FILE_LIMIT = 16, 12, 4_096
PASSES, MEMORY_KB = 3, 64 * 1024
_PURPOSE: Final = b"docket desk keys 1"
WRONG: Final = N_("This is not the passphrase of this desk. Nothing is lost; try again.")
BROKEN: Final = N_("The key file of this desk cannot be read: {name}. Ask your administrator.")


class _Kept(msgspec.Struct, frozen=True):
    """What lies in the file."""

    salt: bytes
    nonce: bytes
    sealed: bytes


class PhraseKeys:
    """The keys of the desk in `home`, under a passphrase; implements `app.passphrases.Keys`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def is_set(self) -> bool:
        """Tell whether the keys of this desk lie under a passphrase."""
        return (self._home / KEPT).exists() or (self._home / OLDER).exists()

    def open(self, phrase: str) -> Mapping[str, bytes]:
        """Return the keys by name.

        Raises:
            Trouble: phrase: another passphrase; phrase_file: the file is damaged. Nothing is changed.
        """
        if (self._home / KEPT).exists():
            keys = _unsealed(self._home / KEPT, phrase)
        else:
            keys = self._older(phrase)
            self._keep(keys, phrase)
        self._drop_others()
        return keys

    def set(self, phrase: str) -> Mapping[str, bytes]:
        """Put the keys under a first passphrase: those this desk has, or new ones.

        Raises:
            Trouble: weak_phrase; phrase: there is one already.
        """
        check_phrase(phrase)
        if self.is_set():
            raise Trouble("phrase", Text(WRONG))
        keys = {name: found_desk_key(self._home, name) or secrets.token_bytes(KEY_BYTES) for name in NAMES}
        self._keep(keys, phrase)
        self._drop_others()
        return keys

    def change(self, phrase: str, new: str) -> None:
        """Put the same keys under another passphrase.

        Raises:
            Trouble: phrase: the present one is another; weak_phrase.
        """
        check_phrase(new)
        self._keep(self.open(phrase), new)

    def _keep(self, keys: Mapping[str, bytes], phrase: str) -> None:
        """Write the file, whole or not at all, and let it open before anything else is let go of."""
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
        under = _cipher(phrase, salt).encrypt(nonce, msgspec.json.encode(keys), _PURPOSE)
        self._home.mkdir(parents=True, exist_ok=True)
        draft = self._home / f"{KEPT}.part"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(_Kept(salt, nonce, under)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._home / KEPT)
        (self._home / OLDER).unlink(missing_ok=True)

    def _drop_others(self) -> None:
        """Leave no copy that opens without the passphrase."""
        for name in NAMES:
            drop_desk_key(self._home, name)

    def _older(self, phrase: str) -> dict[str, bytes]:
        salt = _read(self._home / OLDER)
        root = _stretched(phrase, salt)
        keys = {name: hmac.digest(root, name.encode(), "sha256") for name in NAMES}
        work = self._home / "desk" / "work.db"
        if not work.exists() or sealed.is_plain(work):
            return keys
        try:
            sealed.connect(work, keys["files"]).close()
        except Trouble as trouble:
            raise Trouble("phrase", Text(WRONG)) from trouble
        return keys


def _unsealed(path: Path, phrase: str) -> dict[str, bytes]:
    from cryptography.exceptions import InvalidTag

    broken = Trouble("phrase_file", Text(BROKEN, {"name": path.name}))
    try:
        kept = msgspec.json.decode(_read(path), type=_Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise broken from fault
    if (len(kept.salt), len(kept.nonce)) != (SALT_BYTES, NONCE_BYTES):
        raise broken
    try:
        plain = _cipher(phrase, kept.salt).decrypt(kept.nonce, kept.sealed, _PURPOSE)
    except InvalidTag as fault:
        raise Trouble("phrase", Text(WRONG)) from fault
    return msgspec.json.decode(plain, type=dict[str, bytes])


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(FILE_LIMIT)


def _cipher(phrase: str, salt: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_stretched(phrase, salt))


def _stretched(phrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(phrase.encode(), salt, PASSES, MEMORY_KB, 1, KEY_BYTES, Type.ID)
