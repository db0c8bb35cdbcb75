"""Suspected duplicates: which orders may be the same purchase, and what speaks for it field by field."""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from app.domain.address_key import normal_key
from app.domain.characters import half_width
from app.domain.likeness import Trait, likely_pct
from app.domain.order import Order
from app.domain.phone import plain_phone
from app.domain.rules import Rules
from app.domain.sounds import sound_of
from app.domain.values import Receiver, Region, digest
from app.domain.watch import Watch

_with = msgspec.structs.replace
KIND = "duplicate_suspect"
BLOCK_LIMIT = 12
"""Entries kept per key: more orders of one phone in the window are a reseller's, not a double click."""
_FIGURES = re.compile(r"\d+")
_NO_NAME = re.compile(r"\W+")
FIRST_CHARACTER = "\u4e00"
_POLITE = ("先生", "女士", "小姐", "太太")
"""Who is called so has told no more than a surname."""
BOTH = ("phone", "address")
"""What a buyer at a door is known by."""
PLACE = "place"
"""What the two are known by where the channel shows neither."""
ACCOUNT_LEAST = 4
"""A shorter name of a member is hidden, or anybody's."""
PRIOR_BITS = -5.0
"""Of orders that share a phone or an address within the window, one in thirty or so is a duplicate."""
BUYER = {"same": 4.0}
"""One account of a channel; the same person has others in other shops, so nothing follows from two."""
PHONE = {"same": 4.0, "seen_alike": 2.0, "other": -2.0}
ADDRESS = {"same": 3.0, "close": 1.5, "other": -2.0}
"""Close: written otherwise, but all its figures are the same."""
NAME = {"same": 1.0, "sounds": 0.5, "other": -1.5}
"""Sounds: written otherwise and read alike, as 张伟 and ZHANG WEI."""
AMOUNT = {"same": 1.5, "other": -1.0}
SHOP = {"same": 0.0, "other": 0.0}
"""A purchase may come in through two shops; nothing follows from it."""
GOODS_SAME = 3.0
GOODS_LOST = 12.0
"""What is lost when no piece is the same: the buyer bought something else."""
GAPS = ((10, 2.0), (60, 1.0), (24 * 60, 0.0))
"""Up to so many minutes apart, so many bits."""
GAP_LATER = -1.0


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a later order needs to know of an earlier one.

    The `*_mark` tell of a phone, an address, its figures, a name and its sound which of 255 kinds it is, and
    nothing more: two that differ are surely different, and nobody can be found by one. 0: there is none, or
    it is hidden.
    `asked` is the digest of the goods as they were bought; `kept` are the pairs it is wanted in.
    Units: `payable_minor` minor units.
    """

    order: str
    number: str
    at: datetime
    goods: tuple[tuple[str, int], ...]
    payable_minor: int
    shop: str = ""
    phone_mark: int = 0
    address_mark: int = 0
    door_mark: int = 0
    name_mark: int = 0
    sound_mark: int = 0
    asked: str = ""
    kept: tuple[str, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last orders that share one key, the digest of a phone or of an address; first come first."""

    entries: tuple[Entry, ...] = ()
    watch: Watch | None = None
    first: str = ""
    """The first order ever found under it; empty where that was before anybody asked."""

    def knew_before(self, order: str) -> bool:
        """Tell whether somebody bought under this key before an order."""
        return self.first != order if self.first else any(one.order != order for one in self.entries)


class Twin(msgspec.Struct, frozen=True):
    """A likely duplicate. Units: `score_pct` whole percent, `gap_min` minutes."""

    entry: Entry
    score_pct: int
    gap_min: int
    traits: tuple[Trait, ...]


class _Traces(NamedTuple):
    """What is compared of a receiver: the keys orders are found by, and the marks of an `Entry`."""

    keys: tuple[str, ...]
    phone: int
    address: int
    door: int
    name: int
    sound: int


@functools.lru_cache(maxsize=1024)
def _traces(receiver: Receiver, region: Region) -> _Traces:
    """Kept for a while: a batch asks for the same when it loads, when it looks and when it writes.

    Source: capabilities 1, suspected duplicate.
    """
    keys = []
    phone, street = plain_phone(receiver.phone, region.country), receiver.street
    if len(phone) >= 7 and "*" not in phone:
        keys.append("phone:" + digest(phone))
    address = door = ""
    if street and "*" not in street:
        address = normal_key(region, street)
        door = "-".join(_FIGURES.findall(address))
        keys.append("address:" + digest(address))
    account = half_width(receiver.account).strip() if receiver.account else ""
    if len(account) >= ACCOUNT_LEAST and "*" not in account:
        keys.append("buyer:" + digest(account))
    if len(receiver.place) >= ACCOUNT_LEAST and "*" not in receiver.place:
        keys.append(f"{PLACE}:" + digest(receiver.place))
    seen = phone[:3] + phone[-4:] if len(phone) >= 7 else ""
    name = _NO_NAME.sub("", half_width(receiver.name)).casefold()
    is_told = "*" not in receiver.name and not name.endswith(_POLITE)
    return _Traces(
        tuple(keys),
        0 if "*" in seen else _mark(seen),
        _mark(address),
        _mark(door),
        _mark(name) if is_told else 0,
        _sound(name) if is_told else 0,
    )


def block_keys(receiver: Receiver, region: Region) -> tuple[str, ...]:
    """Digest what orders are found by: phone, address, account and place, where there are any."""
    return _traces(receiver, region).keys


def door_keys(receiver: Receiver, region: Region) -> tuple[str, ...]:
    """Return those of a person at a door: the phone and the address, else how the channel names the two.

    Nothing where one is hidden and the channel has no name for it: nobody knows that door.
    """
    keys = block_keys(receiver, region)
    both = tuple(key for key in keys if key.partition(":")[0] in BOTH)
    return both if len(both) == len(BOTH) else tuple(key for key in keys if key.startswith(f"{PLACE}:"))


def _mark(text: str) -> int:
    return zlib.crc32(text.encode()) % 255 + 1 if text else 0


def _sound(name: str) -> int:
    """Mark how a name sounds; below 0 where it is written in characters."""
    sound = sound_of(name)
    mark = sound % 255 + 1 if sound else 0
    return -mark if name[:1] >= FIRST_CHARACTER else mark


def entry_of(order: Order) -> Entry:
    """Reduce an order to what comparison needs; lines not matched yet count by the channel's own code."""
    traces = _traces(order.receiver, order.region)
    return Entry(
        order=order.id,
        number=order.number,
        at=order.ordered_at,
        goods=tuple(sorted((line.sku or "?" + line.ext_sku, line.qty) for line in order.lines)),
        payable_minor=order.payable_minor,
        shop=order.shop,
        phone_mark=traces.phone,
        address_mark=traces.address,
        door_mark=traces.door,
        name_mark=traces.name,
        sound_mark=traces.sound,
        asked=_asked(order),
        kept=kept_of(order),
    )


def _asked(order: Order) -> str:
    goods = sorted([(line.ext_sku or line.sku, line.qty) for line in order.lines])
    return f"{zlib.crc32(repr(goods).encode()):08x}"


def kept_of(order: Order) -> tuple[str, ...]:
    """Return what a person said this order is wanted beside."""
    return tuple(one.digest for one in order.settled if one.kind == KIND)


def with_entry(block: Block | None, entry: Entry, window_h: int) -> Block:
    """Add `entry`, forgetting what fell out of the window; an order that is there already keeps its place.

    With other goods it is a purchase that came in just now: what came in meanwhile was not compared with it.
    """
    if block is None:
        return Block(entries=(entry,), first=entry.order)
    since = entry.at - timedelta(hours=window_h)
    kept = [e for e in block.entries if e.at >= since or e.order == entry.order]
    for i, known in enumerate(kept):
        if known.order == entry.order and known.asked == entry.asked:
            kept[i] = entry
            return _with(block, entries=tuple(kept))
    others = [e for e in kept if e.order != entry.order]
    return _with(block, entries=(*others, entry)[-BLOCK_LIMIT:])


def without(block: Block | None, order: str) -> Block:
    """Forget an order that is no longer a purchase to compare with."""
    block = block or Block()
    return _with(block, entries=tuple(e for e in block.entries if e.order != order))


def watched(block: Block | None, watch: Watch | None) -> Block:
    """Put whoever is found by a key on the list, or take them off."""
    return _with(block or Block(), watch=watch)


def pair_digest(one: Entry, other: Entry) -> str:
    """Return what an answer about a pair is bound to: the other order, and the goods both were bought for.

    A new version, a restart, a repaired address or a matched article change nothing about it.
    """
    return "#".join((other.order, *sorted((one.asked, other.asked))))


def order_in(pair: str) -> str:
    """Return the other order a digest of a pair names."""
    return pair.partition("#")[0]


def compare(one: Entry, other: Entry, shared: frozenset[str]) -> tuple[Trait, ...]:
    """Say how two orders stand to each other, field by field. `shared`: which of phone, address, buyer.

    Source: capabilities 1, suspected duplicate: line overlap, amount, time gap, same buyer.
    """
    return (
        *([_trait("buyer", "same", BUYER)] if "buyer" in shared else []),
        _trait("phone", _phone(one, other, shared), PHONE),
        _trait("address", _address(one, other, shared), ADDRESS),
        _trait("name", _name(one, other), NAME),
        _goods(one.goods, other.goods),
        _trait("amount", "same" if one.payable_minor == other.payable_minor else "other", AMOUNT),
        _trait("shop", "same" if one.shop == other.shop else "other", SHOP),
        Trait("gap", "apart", _gap_bits(minutes_apart(one, other))),
    )


def minutes_apart(one: Entry, other: Entry) -> int:
    """Return how long after one the other was ordered. Units: minutes."""
    return int(abs(one.at - other.at).total_seconds() // 60)


def score_pct(traits: tuple[Trait, ...]) -> int:
    """Return how likely two orders are one purchase, 0 to 100."""
    return round(likely_pct(PRIOR_BITS, traits))


def shared_by(one: Order, other: Order) -> frozenset[str]:
    """Return which of phone, address and buyer two orders have in common, without stars."""
    theirs = block_keys(other.receiver, other.region)
    both = [key for key in block_keys(one.receiver, one.region) if key in theirs]
    return frozenset(key.partition(":")[0] for key in both)


def likeliest(
    order: Order, blocks: Mapping[str, Block], rules: Rules, kin: frozenset[str] = frozenset()
) -> Twin | None:
    """Return the order most like this one that was here before, unless somebody said to keep both.

    `blocks` by their keys. Parts of one order are its `kin`, never suspected of each other.

    Of two alike, only the one that came in later is suspected, whatever the order of their dates.
    Source: rules duplicate_window_h, duplicate_score_pct.
    """
    earlier: dict[str, Entry] = {}
    shared: dict[str, frozenset[str]] = {}
    for key, block in blocks.items():
        what = frozenset((key.partition(":")[0],))
        for entry in _before(order.id, block):
            earlier[entry.order] = entry
            shared[entry.order] = shared.get(entry.order, frozenset()) | what
    if not earlier:
        return None
    mine = entry_of(order)
    window = timedelta(hours=rules.duplicate_window_h)
    best: Twin | None = None
    for entry in earlier.values():
        if entry.order in kin or abs(mine.at - entry.at) > window or is_kept(mine, entry):
            continue
        traits = compare(mine, entry, shared[entry.order])
        score = score_pct(traits)
        if score >= rules.duplicate_score_pct and (best is None or score > best.score_pct):
            best = Twin(entry, score, minutes_apart(mine, entry), traits)
    return best


def neighbours(blocks: Sequence[Block | None], order: str, shop: str) -> tuple[str, ...]:
    """Return other orders of a shop that go to one person at one door; first come first.

    `blocks` are those of its `door_keys`: who is not under each of them goes elsewhere.
    """
    known = [block for block in blocks if block is not None]
    if not known or len(known) < len(blocks):
        return ()
    first, *rest = known
    theirs = [{entry.order for entry in block.entries} for block in rest]
    return tuple(
        entry.order
        for entry in first.entries
        if entry.order != order and entry.shop == shop and all(entry.order in some for some in theirs)
    )


def is_kept(one: Entry, other: Entry) -> bool:
    """Tell whether somebody said of either order that both are wanted."""
    return (
        pair_digest(one, other) in one.kept
        or pair_digest(other, one) in other.kept
        or other.order in one.kept  # as answers were bound before they named the goods
    )


def _before(order: str, block: Block) -> Iterator[Entry]:
    return itertools.takewhile(lambda entry: entry.order != order, block.entries)


def _phone(one: Entry, other: Entry, shared: frozenset[str]) -> str:
    stands = _stands(one.phone_mark, other.phone_mark, "phone" in shared)
    return "seen_alike" if stands == "alike" else stands


def _address(one: Entry, other: Entry, shared: frozenset[str]) -> str:
    stands = _stands(one.address_mark, other.address_mark, "address" in shared)
    return "close" if stands == "other" and 0 < one.door_mark == other.door_mark else stands


def _name(one: Entry, other: Entry) -> str:
    stands = _stands(one.name_mark, other.name_mark, one.name_mark == other.name_mark)
    return "sounds" if stands == "other" and _sound_alike(one.sound_mark, other.sound_mark) else stands


def _sound_alike(one: int, other: int) -> bool:
    """Tell whether one name may be the other in letters; two in characters are two names: 张伟 and 章炜."""
    return abs(one) == abs(other) and max(one, other) > 0


def _stands(one: int, other: int, is_shared: bool) -> str:
    if is_shared and (one or other):
        return "same"
    if not one or not other:
        return "unknown"
    return "alike" if one == other else "other"


def _trait(field: str, stands: str, bits: Mapping[str, float]) -> Trait:
    return Trait(field, stands, bits.get(stands, 0.0))


def _goods(mine: tuple[tuple[str, int], ...], theirs: tuple[tuple[str, int], ...]) -> Trait:
    one, other = set(mine), set(theirs)
    overlap = len(one & other) / len(one | other) if one and other else 0.0
    stands = "same" if overlap == 1 else "some" if overlap else "other"
    return Trait("goods", stands, round(GOODS_SAME - GOODS_LOST * (1 - overlap), 2))


def _gap_bits(minutes: int) -> float:
    return next((bits for most, bits in GAPS if minutes <= most), GAP_LATER)
