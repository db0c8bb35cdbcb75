"""How likely two records speak of one thing: every field says something for or against it, in bits.

Source: Fellegi and Sunter 1969. A bit doubles the odds; what is unknown says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Trait(NamedTuple):
    """How one field of two records stands to each other, and what that weighs in bits."""

    field: str
    stands: str
    bits: float


def likely_pct(odds_bits: float, traits: Iterable[Trait] = ()) -> float:
    """Return the likelihood in percent: the odds before anything is compared, and what the fields add."""
    bits = odds_bits + sum(trait.bits for trait in traits)
    odds: float = 2.0 ** max(min(bits, 60.0), -60.0)
    return 100 * odds / (1 + odds)
