"""A counter of a shelf that is not what its papers come to (账实不符)."""

from __future__ import annotations

import msgspec

from app.domain.values import Key


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What the papers of one shelf come to. Units: pieces.

    `on_hand` is opening, corrections, documents, returns and parcels; `reserved` what orders and desks hold.
    """

    on_hand: int
    reserved: int


def papers_key(shelf: str) -> Key:
    """Name what the papers of a shelf come to, "SZ/LN-220": read at the hub when asked for, never kept."""
    return ("papers", shelf)


def shelf_of_case(case: str) -> tuple[str, str]:
    """Return warehouse and article of a case: "drift/SZ/LN-220/1"."""
    _, warehouse, rest = case.split("/", 2)
    return warehouse, rest.rpartition("/")[0]
