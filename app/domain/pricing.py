"""Is a price believable? The list price and a band around it."""

from __future__ import annotations

from app.domain.catalogue import Sku
from app.domain.order import Line
from app.domain.rules import Rules


def outside_band(line: Line, sku: Sku, currency: str, rules: Rules) -> bool:
    """Tell whether a line's price is outside the band around the list price; gifts at 0 are not judged.

    Source: rules price_floor_pct, price_ceiling_pct.
    """
    if line.unit_price_minor == 0 or sku.currency != currency or sku.list_price_minor == 0:
        return False
    scaled = line.unit_price_minor * 100
    return not rules.price_floor_pct * sku.list_price_minor <= scaled <= rules.price_ceiling_pct * sku.list_price_minor
