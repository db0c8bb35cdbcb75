"""Seal what is personal: one key per order (its subject), wrapped under the hub's master key.

Deleting a subject's key makes everything about that buyer unreadable, in arguments, rows and feed, while the
audit chain over the sealed text still verifies.

Source: sync.md section 1, personal data stays out of arguments, change rows and the chain in clear.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX: Final = "sealed:"
ERASED: Final = PREFIX
"""What stands where the subject's key was deleted before this was written."""
PERSONAL: Final = "receiver"
"""The field under which documents hold personal data. Source: DECISIONS 2."""
INVOICE: Final = "invoice"
"""Sealed beside it: whom an invoice is made out to may be a person."""

_NONCE_BYTES = 12
_KEY_BYTES = 32
_MARK = b'"%b":' % PERSONAL.encode()
_MARKS = (_MARK, b'"%b":' % INVOICE.encode())
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_OBJECT = re.compile(rb"\{[^{}\"]*+(?:%b[^{}\"]*+)*+\}" % _TEXT)
_SEALED = re.compile(rb'("(?:receiver|invoice)":)"(%b[^"]*)"' % PREFIX.encode())
_NOTHING = {_MARK: b"{}"}
"""What an erased receiver opens to; an erased invoice is none."""


class Unreadable(ValueError):
    """A sealed value is damaged, or its key is another subject's."""


class SubjectKey:
    """Seals and opens the values of one subject."""

    __slots__ = ("_aes", "_subject", "subject_id", "wrapped")

    def __init__(self, subject_id: str, key: bytes, wrapped: bytes) -> None:
        self.subject_id = subject_id
        self._subject = subject_id.encode()
        self._aes = AESGCM(key)
        self.wrapped = wrapped

    def seal(self, plain: bytes) -> str:
        """Return `plain` as text that tells nothing but its length."""
        return PREFIX + base64.b64encode(self.pack(plain)).decode()

    def open(self, sealed: str) -> bytes:
        """Return what was sealed.

        Raises:
            Unreadable: the text was damaged, or belongs to another subject.
        """
        try:
            return self.unpack(base64.b64decode(sealed.removeprefix(PREFIX), validate=True))
        except ValueError as fault:
            raise Unreadable("a sealed value does not open") from fault

    def pack(self, plain: bytes) -> bytes:
        """Seal to bytes, for a column that need not be text."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aes.encrypt(nonce, plain, self._subject)

    def unpack(self, packed: bytes) -> bytes:
        """Return what was packed.

        Raises:
            Unreadable: the bytes were damaged, or belong to another subject.
        """
        try:
            return self._aes.decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], self._subject)
        except (InvalidTag, ValueError) as fault:
            raise Unreadable("a sealed value does not open") from fault


class Seal:
    """What is done with the hub's master key; the key itself comes from outside and is 32 bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != _KEY_BYTES:
            raise ValueError("the master key has 32 bytes")
        self._wrapping = AESGCM(_derived(master, b"docket subject keys"))
        self._blinding = _derived(master, b"docket block keys")
        self._digesting = _derived(master, b"docket command arguments")
        self.signing = _derived(master, b"docket signed heads")

    def new_key(self, subject_id: str) -> SubjectKey:
        """Make the key of a new subject; its `wrapped` form goes into `subject_key`."""
        key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = nonce + self._wrapping.encrypt(nonce, key, subject_id.encode())
        return SubjectKey(subject_id, key, wrapped)

    def unwrap(self, subject_id: str, wrapped: bytes) -> SubjectKey:
        """Return a subject's key from its row.

        Raises:
            Unreadable: the row is damaged, or was wrapped under another master key.
        """
        try:
            key = self._wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject_id.encode())
        except InvalidTag as fault:
            raise Unreadable("a subject's key does not open: is this this database's master key?") from fault
        return SubjectKey(subject_id, key, wrapped)

    def blind(self, key: str) -> str:
        """Return a phone or address key as nobody can guess it without the master key."""
        return hmac.digest(self._blinding, key.encode(), "sha256")[:16].hex()

    def draw(self, name: str) -> int:
        """Return what chance says of a name, 0 to 9,999; only who has the master key can tell before."""
        return (
            int.from_bytes(hmac.digest(self._blinding, b"draw\0" + name.encode(), "sha256")[:8], "big")
            % 10_000
        )

    def order_chance(self, channel: str, shop: str, ext_id: str) -> int:
        """Return what stands for chance in the id of a channel's order, whenever it is read. 80 bits."""
        said = f"{channel}\x1f{shop}\x1f{ext_id}".encode()
        return int.from_bytes(hmac.digest(self._blinding, b"order\0" + said, "sha256")[:10], "big")

    def args_hash(self, name: str, args: bytes) -> bytes:
        """Return the keyed digest by which a repeated command is recognised and a forked one found out."""
        return hmac.digest(self._digesting, name.encode() + b"\0" + args, "sha256")


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(master)


def holds_personal(document: bytes) -> bool:
    """Tell whether a JSON document has a field that must be sealed."""
    return any(mark in document for mark in _MARKS)


def seal_document(document: bytes, seal: Callable[[bytes], str]) -> bytes:
    """Replace every `receiver` and `invoice` object, at any depth, by its sealed text.

    `document` is as msgspec writes it: inside a JSON text every quote is escaped, so what looks like a
    field is one.
    """
    for mark in _MARKS:
        clear = mark + b"{"
        start = document.find(clear)
        while start >= 0:
            start += len(mark)
            end = start + _length(document, start)
            document = b'%b"%b"%b' % (document[:start], seal(document[start:end]).encode(), document[end:])
            start = document.find(clear, start)
    return document


def open_document(document: bytes, key: SubjectKey | None) -> bytes:
    """Undo `seal_document`; without a key (erased) the receiver is empty, and there is no invoice.

    Raises:
        Unreadable: a sealed value is damaged.
    """

    def opened(found: re.Match[bytes]) -> bytes:
        mark, sealed = found[1], found[2].decode()
        return mark + (key.open(sealed) if key and sealed != ERASED else _NOTHING.get(mark, b"null"))

    return _SEALED.sub(opened, document)


def sealed_receiver(document: bytes) -> str:
    """Return the sealed text of the receiver of a document, empty if there is none."""
    found = (one for one in _SEALED.finditer(document) if one[1] == _MARK)
    return next((one[2].decode() for one in found), "")


def _length(document: bytes, start: int) -> int:
    """Return how long the flat JSON object that begins at `start` is. Units: bytes."""
    found = _OBJECT.match(document, start)
    if found is None:
        raise Unreadable("a receiver that is no flat object cannot be sealed")
    return len(found[0])
