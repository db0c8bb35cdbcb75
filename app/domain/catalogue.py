"""Articles we sell, and what each shop calls them."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Sku(msgspec.Struct, frozen=True, kw_only=True):
    """One article; `needs_install`: somebody comes to put it up; `has_battery`, or is dangerous otherwise.

    Units: `list_price_minor` in `currency`; `weight_g` grams and `volume_cm3` a piece, 0: not known.
    """

    code: str
    title: str
    list_price_minor: int
    currency: str = "CNY"
    barcode: str = ""
    weight_g: int = 0
    needs_install: bool = False
    volume_cm3: int = 0
    has_battery: bool = False


class SkuMap(msgspec.Struct, frozen=True, kw_only=True):
    """What a shop's own code means; an empty `sku` is a mapping taken back."""

    shop: str
    ext_sku: str
    sku: str
    by: str
    at: datetime
