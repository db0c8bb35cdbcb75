"""The refresh tokens of the person at this desk, kept so that nobody but them can go on with one.

What is stored is sealed under a key made from their password: a sign-in without the hub opens it, a stolen
file does not. The token to come with next is made up and stored before it is used, so a crash at any moment
leaves a pair that the hub takes: the old token with the same successor.
Source: sync.md section 14; OWASP password storage (Argon2id, 19 MiB, 2 passes).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSES, MEMORY_KB = 2, 19 * 1024
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The token that is good now, and the one after it."""

    current: str
    next: str

    def moved(self) -> Chain:
        """Return the chain after the hub has taken `current`."""
        return Chain(current=self.next, next=fresh_token())


class Keeper:
    """Seals the chain of one person. The password is forgotten, what is made from it stays while they sit."""

    def __init__(self, user: str, password: str, salt: bytes = b"") -> None:
        from argon2.low_level import Type, hash_secret_raw

        self.user, self.salt = user, salt or secrets.token_bytes(SALT_BYTES)
        self._key = hash_secret_raw(password.encode(), self.salt, PASSES, MEMORY_KB, 1, KEY_BYTES, Type.ID)

    def seal(self, chain: Chain) -> bytes:
        """Return the chain as it is stored."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, msgspec.json.encode(chain), self.user.encode())

    def open(self, sealed: bytes) -> Chain | None:
        """Return a stored chain; None when it was sealed with another password."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            plain = AESGCM(self._key).decrypt(nonce, rest, self.user.encode())
        except (InvalidTag, ValueError):
            return None
        return msgspec.json.decode(plain, type=Chain)


def fresh_token() -> str:
    """Make a token up."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the hub is told of a token beforehand."""
    return hashlib.sha256(token.encode()).hexdigest()


def verifier_of(password: str) -> str:
    """Return what a sign-in without the hub is checked against."""
    return _hasher().hash(password)


def fits(verifier: str, password: str) -> bool:
    """Tell whether this is the password."""
    from argon2.exceptions import VerifyMismatchError

    try:
        _hasher().verify(verifier, password)
    except VerifyMismatchError:
        return False
    return True


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KB, parallelism=1)
