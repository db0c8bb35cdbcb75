"""A passphrase in place of a key store: the desk's keys are made from it at each start and kept nowhere.

Source: OWASP password storage (Argon2id); what is derived once is split by name with HMAC-SHA-256.
"""

from __future__ import annotations

import getpass
import hmac
import secrets
import sys
from functools import cache
from pathlib import Path

from app.boot.words import console
from app.text import N_, Text
from app.trouble import Trouble

SALT = "phrase.salt"
SALT_BYTES, KEY_BYTES = 16, 32
LEAST = 10
PASSES, MEMORY_KB = 3, 64 * 1024


def ask_phrase(home: Path) -> str:
    """Ask for the passphrase of the desk in `home`, at the terminal or from a pipe; the first time twice.

    Raises:
        Trouble: phrase: too short, or not the same both times.
    """
    phrase = _read(console(Text(N_("Passphrase of this desk:"))))
    if (home / SALT).exists():
        return phrase
    if len(phrase) < LEAST:
        raise Trouble("phrase", Text(N_("A passphrase needs {count} characters or more."), {"count": LEAST}))
    if phrase != _read(console(Text(N_("The same once more:")))):
        raise Trouble("phrase", Text(N_("That was not the same. Start again.")))
    return phrase


def phrase_key(home: Path, phrase: str, name: str) -> bytes:
    """Return one key of the desk in `home`; another passphrase makes other keys."""
    path = home / SALT
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.write_bytes(secrets.token_bytes(SALT_BYTES))
    return hmac.digest(_root(phrase, path.read_bytes()), name.encode(), "sha256")


@cache
def _root(phrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(phrase.encode(), salt, PASSES, MEMORY_KB, 1, KEY_BYTES, Type.ID)


def _read(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt} ")
    return sys.stdin.readline().rstrip("\n")
