"""Kits (套装): sold as one article, put together from others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

PARTS_MOST, PIECES_MOST = 50, 1_000


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One article of a recipe. Units: `qty` pieces in each kit."""

    sku: str
    qty: int


class KitOf(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The kit a line is a part of, as it was sold. `recipe` is the version it was put together by.

    Units: `qty` kits; `each` pieces of the part in one of them; minor units of the order's currency.
    """

    line: str
    sku: str
    recipe: int
    qty: int
    each: int = 1
    unit_price_minor: int = 0
    priced_from: int | None = None
    """The price it came with, where somebody corrected it before it was unpacked."""
    ext_sku: str = ""
    title: str = ""
    """Code and title: what the shop calls the kit."""


def whole(parts: Sequence[Part], place: str, free: Callable[[str, str], int]) -> int:
    """Return how many times everything is there in one place: the scarcest part decides.

    Units: pieces. Source: capabilities 3, kits, available = min over parts.
    """
    return min((free(place, part.sku) // part.qty for part in parts), default=0)


def shared_out(total_minor: int, pieces: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Share money out over articles, each given as (pieces, list price), exactly and by what they cost.

    Every article gets one line (pieces, price of a piece), and the one with the fewest pieces a second one
    where nothing else makes all lines add up to the money.
    Units: minor units.
    """
    worth = [qty * price for qty, price in pieces]
    weights = worth if sum(worth) else [qty for qty, _ in pieces]
    left, weight_left = total_minor, sum(weights)
    lines: dict[int, list[tuple[int, int]]] = {}
    by_pieces = sorted(range(len(pieces)), key=lambda at: -pieces[at][0])  # the fewest take what is over
    for at in by_pieces:
        qty, weight = pieces[at][0], weights[at]
        mine = left if at == by_pieces[-1] else left * weight // max(1, weight_left) // qty * qty
        left, weight_left = left - mine, weight_left - weight
        price, more = divmod(mine, qty)
        lines[at] = [(n, each) for n, each in ((qty - more, price), (more, price + 1)) if n]
    return [lines[at] for at in range(len(pieces))]
