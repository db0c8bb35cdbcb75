"""Is a price believable? The list price and a band around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.domain.catalogue import Sku
from app.domain.order import Line, Order
from app.domain.rules import Rules
from app.domain.values import digest


class OddPrice(NamedTuple):
    """A line whose price lies outside the band, and the article with its list price."""

    line: Line
    sku: Sku


def outside_band(line: Line, sku: Sku, currency: str, rules: Rules) -> bool:
    """Tell whether a line's price is outside the band around the list price; gifts at 0 are not judged.

    Source: rules price_floor_pct, price_ceiling_pct.
    """
    if line.unit_price_minor == 0 or sku.currency != currency or sku.list_price_minor == 0:
        return False
    scaled = line.unit_price_minor * 100
    return (
        not rules.price_floor_pct * sku.list_price_minor
        <= scaled
        <= rules.price_ceiling_pct * sku.list_price_minor
    )


def odd_prices(order: Order, sku: Callable[[str], Sku | None], rules: Rules) -> tuple[OddPrice, ...]:
    """Return the matched lines whose price needs a person's word."""
    odd = []
    for line in order.lines:
        article = sku(line.sku) if line.sku else None
        if article is not None and outside_band(line, article, order.currency, rules):
            odd.append(OddPrice(line, article))
    return tuple(odd)


def price_digest(odd: tuple[OddPrice, ...]) -> str:
    """Name exactly these prices, so that an answer is void when one of them changes."""
    return digest([(o.line.id, o.line.sku, o.line.unit_price_minor, o.sku.list_price_minor) for o in odd])
