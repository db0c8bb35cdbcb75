"""Tokens that show by themselves that a hub of this company made them, though not what they open.

Whoever makes tokens up can send them without end, and each would cost a look into the database before anybody
is counted. So a token ends in a keyed digest of its beginning: what no hub made is told so without a look,
what one made is looked up and counted by itself, whatever address it comes from. Desks that share an address
with a stranger are not held up by them.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode

from sqlalchemy import Connection

from sync.hub.kept_secret import secret_of

_NAME = "token tags"
_TAG = 16
"""Bytes of the digest that travel: who guesses at one over the line needs 2**127 tries."""


def mint(db: Connection, feed_id: int) -> str:
    """Make a token nobody can guess, with the tag of this company."""
    chance = secrets.token_urlsafe(32)
    return f"{chance}.{_tag(tag_key(db, feed_id), chance)}"


def is_minted(key: bytes, token: str) -> bool:
    """Tell whether a hub of this company made this token; what it opens, if anything, the database says."""
    chance, _, tag = token.partition(".")
    return token.isascii() and hmac.compare_digest(tag, _tag(key, chance))


def tag_key(db: Connection, feed_id: int) -> bytes:
    """Return what tokens of a company are tagged with."""
    return secret_of(db, feed_id, _NAME)


def _tag(key: bytes, chance: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, chance.encode(), "sha256")[:_TAG]).rstrip(b"=").decode()
