"""Suspected duplicates: which orders may be the same purchase, and how alike they are."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from app.domain.address_key import normal_key
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.values import Receiver, Region, digest

BLOCK_LIMIT = 12
"""Entries kept per key: more orders of one phone in the window are a reseller's, not a double click."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a later order needs to know of an earlier one. Units: `payable_minor` minor units."""

    order: str
    number: str
    at: datetime
    goods: tuple[tuple[str, int], ...]
    payable_minor: int


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The last orders that share one key, the digest of a phone or of an address; first come first."""

    entries: tuple[Entry, ...] = ()


class Twin(msgspec.Struct, frozen=True):
    """A likely duplicate. Units: `score_pct` whole percent, `gap_min` minutes."""

    entry: Entry
    score_pct: int
    gap_min: int


@functools.lru_cache(maxsize=1024)
def block_keys(receiver: Receiver, region: Region) -> tuple[str, ...]:
    """Digest what orders are compared by: the phone and the address, where there are any.

    Kept for a while: a batch asks for the same keys when it loads, when it looks and when it writes.
    Source: capabilities 1, suspected duplicate.
    """
    keys = []
    if len(receiver.phone) >= 7 and "*" not in receiver.phone:
        keys.append("phone:" + digest(receiver.phone))
    if receiver.street and "*" not in receiver.street:
        keys.append("address:" + digest(normal_key(region, receiver.street)))
    return tuple(keys)


def entry_of(order: Order) -> Entry:
    """Reduce an order to what comparison needs; lines not matched yet count by the channel's own code."""
    goods = tuple(sorted((line.sku or "?" + line.ext_sku, line.qty) for line in order.lines))
    return Entry(
        order=order.id,
        number=order.number,
        at=order.ordered_at,
        goods=goods,
        payable_minor=order.payable_minor,
    )


def with_entry(block: Block | None, entry: Entry, window_h: int) -> Block:
    """Add `entry`, forgetting what fell out of the window; an order that is there already keeps its place."""
    since = entry.at - timedelta(hours=window_h)
    kept = [e for e in (block.entries if block else ()) if e.at >= since or e.order == entry.order]
    if any(e.order == entry.order for e in kept):
        return Block(entries=tuple(entry if e.order == entry.order else e for e in kept))
    return Block(entries=(*kept, entry)[-BLOCK_LIMIT:])


def without(block: Block | None, order: str) -> Block:
    """Forget an order that is no longer a purchase to compare with."""
    return Block(entries=tuple(e for e in (block.entries if block else ()) if e.order != order))


def score_pct(one: Entry, other: Entry) -> int:
    """Return how alike two orders of the same buyer are, 0 to 100.

    Three quarters are the goods (Jaccard over article and quantity), one quarter the amount.
    Source: capabilities 1, line overlap and equal amount.
    """
    mine, theirs = set(one.goods), set(other.goods)
    if not mine or not theirs:
        return 0
    overlap = len(mine & theirs) / len(mine | theirs)
    return round(75 * overlap + (25 if one.payable_minor == other.payable_minor else 0))


def likeliest(
    order: Order, blocks: tuple[Block, ...], rules: Rules, kin: frozenset[str] = frozenset()
) -> Twin | None:
    """Return the order most like this one that was here before, unless somebody said to keep both.

    Parts of one order are its `kin`, never suspected of each other.

    Of two alike, only the one that came in later is suspected, whatever the order of their dates.
    Source: rules duplicate_window_h, duplicate_score_pct.
    """
    earlier = {entry.order: entry for block in blocks for entry in _before(order.id, block)}
    if not earlier:
        return None
    mine = entry_of(order)
    window = timedelta(hours=rules.duplicate_window_h)
    best: Twin | None = None
    for entry in earlier.values():
        gap = abs(mine.at - entry.at)
        if entry.order in kin or gap > window or order.is_settled("duplicate_suspect", entry.order):
            continue
        score = score_pct(mine, entry)
        if score >= rules.duplicate_score_pct and (best is None or score > best.score_pct):
            best = Twin(entry, score, int(gap.total_seconds() // 60))
    return best


def _before(order: str, block: Block) -> Iterator[Entry]:
    return itertools.takewhile(lambda entry: entry.order != order, block.entries)
