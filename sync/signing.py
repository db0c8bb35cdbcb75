"""What a desk signs, byte for byte, and how that is looked over: Ed25519 over the JSON of a list.

The list begins with what it is, so a signature for one thing is never one for another.
Source: sync.md section 14; RFC 8032.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from sync.wire import Refresh, SignIn, Wish

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that is read aloud as something else."""
CODE_LENGTH = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.encode


def wish_bytes(replica: str, wish: Wish, seen_sha256: bytes | None = None) -> bytes:
    """Return what is signed of one command: everything the hub decides by, and under whose number.

    `seen_sha256` stands for what its author saw, where only the digest of that was kept.
    """
    args, seen = hashlib.sha256(wish.args).hexdigest(), (seen_sha256 or seen_digest(wish)).hex()
    who = (wish.n, wish.id, wish.name, wish.rev, args, wish.login, _micros(wish.at))
    asked = (*who, seen, wish.because, wish.confirmed)
    return _encode(["docket/wish/1", replica, *asked])


def seen_digest(wish: Wish) -> bytes:
    """Return the digest of what the author of a command saw."""
    return hashlib.sha256(_encode(wish.seen)).digest()


def sign_in_bytes(asked: SignIn) -> bytes:
    """Return what is signed at sign-in; the hub's time in it makes a copy worthless after minutes."""
    told_at = _micros(asked.told_at) if asked.told_at else 0
    return _encode(
        ["docket/sign_in/1", asked.user, asked.device, asked.replica, asked.key, asked.next, told_at]
    )


def refresh_bytes(asked: Refresh) -> bytes:
    """Return what is signed when a token is changed for the next one."""
    return _encode(["docket/refresh/1", asked.refresh, asked.next, asked.replica])


class Signer:
    """The private key of one PC; it signs and never leaves."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._seed = seed

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._seed)

    @property
    def public(self) -> bytes:
        """The key others know this PC by."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> str:
        """Return the signature, in base64."""
        return base64.b64encode(self._key.sign(message)).decode()

    def signed(self, replica: str, wishes: Sequence[Wish]) -> list[Wish]:
        """Return commands with the signature of this PC under each."""
        return [msgspec.structs.replace(one, sig=self.sign(wish_bytes(replica, one))) for one in wishes]

    def sign_in(self, asked: SignIn) -> SignIn:
        """Return a sign-in with the key of this PC and the proof that it has it."""
        keyed = msgspec.structs.replace(asked, key=base64.b64encode(self.public).decode())
        return msgspec.structs.replace(keyed, proof=self.sign(sign_in_bytes(keyed)))

    def refresh(self, asked: Refresh) -> Refresh:
        """Return a request for the next token with the proof that this PC asks."""
        return msgspec.structs.replace(asked, proof=self.sign(refresh_bytes(asked)))


def is_signed(public: bytes, signature: str, message: bytes) -> bool:
    """Tell whether the owner of a key signed exactly this."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(text: str) -> bytes:
    """Return a public key as it came over the wire; empty when it is none."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return raw if len(raw) == KEY_BYTES else b""


def code_of(public: bytes) -> str:
    """Return what a person reads aloud of a key, so that the right PC is let in."""
    number = int.from_bytes(hashlib.sha256(b"docket/code/1" + public).digest(), "big")
    letters = ""
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[rest]
    return f"{letters[:4]}-{letters[4:]}"


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
