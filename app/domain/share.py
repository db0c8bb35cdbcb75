"""A share with the interval the true one lies in, and whether two shares differ by more than chance.

Source: Wilson 1927, the interval of a share; Newcombe 1998, method 10, that of a difference.
"""

from __future__ import annotations

from math import ceil, sqrt

import msgspec

Z_95 = 1.959964
"""So many standard deviations hold 95 % of a normal distribution."""
Z_POWER = 0.841621
"""A difference that is there is seen with 80 %."""
ENOUGH = 100
"""Below so many nobody's share says much: capabilities 10, statistics."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """`count` of `of`, and between which shares the true one lies with 95 %. Units: `*_pct` percent."""

    count: int
    of: int
    low_pct: float
    high_pct: float

    @property
    def is_small(self) -> bool:
        """Tell whether the sample is too small to compare anybody by it."""
        return self.of < ENOUGH

    @property
    def pct(self) -> float:
        """The share itself; 0 of none."""
        return 100 * self.count / self.of if self.of else 0.0


def share(count: int, of: int) -> Share:
    """Return a share with its interval; of nothing everything is possible."""
    if of == 0:
        return Share(count=0, of=0, low_pct=0.0, high_pct=100.0)
    part, square = count / of, Z_95 * Z_95
    middle = (part + square / (2 * of)) / (1 + square / of)
    half = Z_95 / (1 + square / of) * sqrt(part * (1 - part) / of + square / (4 * of * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(count=count, of=of, low_pct=round(100 * low, 1), high_pct=round(100 * high, 1))


def difference(one: Share, other: Share) -> tuple[float, float]:
    """Return between which values `one` less `other` lies with 95 %. Units: percentage points."""
    if not (one.of and other.of):
        return -100.0, 100.0
    apart = one.pct - other.pct
    low = apart - sqrt((one.pct - one.low_pct) ** 2 + (other.high_pct - other.pct) ** 2)
    high = apart + sqrt((one.high_pct - one.pct) ** 2 + (other.pct - other.low_pct) ** 2)
    return round(low, 2), round(high, 2)


def needed_to_tell(one_pct: float, other_pct: float) -> int:
    """Return how many of each group tell two shares apart with 80 % power; 0 where they are the same."""
    p, q = one_pct / 100, other_pct / 100
    if p == q:
        return 0
    middle = (p + q) / 2
    spread = Z_95 * sqrt(2 * middle * (1 - middle)) + Z_POWER * sqrt(p * (1 - p) + q * (1 - q))
    return ceil(spread**2 / (p - q) ** 2)
