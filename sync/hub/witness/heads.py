"""Sign where the feed stands, and say what lies between two numbers.

The signing key is made from the master key: there is one key to keep, and a restored hub signs as before.
Source: sync.md section 13.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from sync import chain as chain_of
from sync.chain import ROOTS_INLINE, ROOTS_LIMIT, ChainReply, Head, Life, statement
from sync.hub.seal import Seal
from sync.keeping_tables import life
from sync.tables import audit_block, feed


class Signer:
    """Puts the hub's name under heads. `key`: by what everybody checks it, hex."""

    def __init__(self, seal: Seal) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seal.signing)
        self.key = self._private.public_key().public_bytes_raw().hex()
        self._last = Head("", 0, "")

    def sign(self, epoch: str, seq: int, hash_: bytes) -> Head:
        """Return a signed head; the last one is remembered, since every desk asks for it."""
        last, hexed = self._last, hash_.hex()
        if (last.epoch, last.seq, last.hash) != (epoch, seq, hexed):
            bare = Head(epoch, seq, hexed)
            last = self._last = Head(epoch, seq, hexed, self._private.sign(statement(bare)).hex())
        return last


def roots_between(db: Connection, feed_id: int, since: int, to: int) -> tuple[str, ...]:
    """Return the roots of the blocks after `since` up to `to`, the oldest first, at most 2,000."""
    block = audit_block.c
    found = select(block.root).where(block.feed_id == feed_id, block.seq > since, block.seq <= to)
    return tuple(
        bytes(root).hex() for root in db.execute(found.order_by(block.seq).limit(ROOTS_LIMIT)).scalars()
    )


def roots_inline(db: Connection, feed_id: int, since: int, to: int) -> tuple[str, ...]:
    """Return the roots that a pull brings along; none where they are many."""
    return roots_between(db, feed_id, since, to) if to - since <= ROOTS_INLINE else ()


def lives(db: Connection, feed_id: int) -> tuple[Life, ...]:
    """Return every life that began with a restore, the oldest first."""
    rows = db.execute(
        select(life).where(life.c.feed_id == feed_id).order_by(life.c.begun_at, life.c.from_seq)
    )
    return tuple(Life(row.epoch, row.before, row.from_seq, bytes(row.from_hash).hex()) for row in rows)


def chain(db: Connection, feed_id: int, since: int, to: int) -> ChainReply:
    """Return what a desk follows the chain with."""
    return ChainReply(since=since, roots=roots_between(db, feed_id, since, to), lives=lives(db, feed_id))


def standing(db: Connection, feed_id: int) -> tuple[str, int, bytes]:
    """Return where the feed stands: life, number, hash."""
    row = db.execute(
        select(feed.c.epoch, feed.c.head, feed.c.head_hash).where(feed.c.feed_id == feed_id)
    ).one()
    return row.epoch, row.head, bytes(row.head_hash)


def shared_until(db: Connection, feed_id: int, epoch: str) -> int | None:
    """Return up to which number the present history is that of a life; None when it knows no such life."""
    now, head, _ = standing(db, feed_id)
    return chain_of.shared_until(lives(db, feed_id), Head(now, head, ""), epoch)


def hash_at(db: Connection, feed_id: int, seq: int) -> str:
    """Return the hash of a block, empty where there is none."""
    found = select(audit_block.c.hash).where(audit_block.c.feed_id == feed_id, audit_block.c.seq == seq)
    stood = db.execute(found).scalar()
    return bytes(stood).hex() if stood is not None else ""


def contradiction(db: Connection, feed_id: int, head: Head) -> str:
    """Say how a head that somebody saw denies this history, empty when it does not.

    `rolled_back`: it lies beyond the end of the life it was seen in, though that life is this one;
    `rewritten`: the block stands there with another hash. What a restore cut off denies nothing, nor does
    the life of a stranger.
    """
    until = shared_until(db, feed_id, head.epoch)
    if until is None:
        return ""
    if head.seq > until:
        return "rolled_back" if head.epoch == standing(db, feed_id)[0] else ""
    return "rewritten" if head.seq and hash_at(db, feed_id, head.seq) != head.hash else ""
