"""What an article costs somebody, and whether a price is believable: what was agreed, and a band around."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from app.domain.catalogue import Sku
from app.domain.company import Customer, PriceList
from app.domain.kit_lines import sold
from app.domain.money import shown
from app.domain.order import Line, Order
from app.domain.rules import Rules
from app.domain.values import digest
from app.text import N_, Text

Agreed = Callable[[Sku], int]
"""What an article costs the buyer of one order. Units: minor units."""


def agreed_prices(
    customer: str, customers: Mapping[str, Customer], lists: Mapping[str, PriceList], on: date
) -> Agreed:
    """Return how a customer's prices of a day are found; without a customer or a list it is the list price.

    The price a list names for the article comes first, then the share of the list price it grants, then the
    list price itself; a list in another currency, or one that does not hold on that day, does not count.
    Source: capabilities 7, price list before list price.
    """
    known = customers.get(customer)
    agreed = lists.get(known.price_list) if known is not None else None

    def price(sku: Sku) -> int:
        if agreed is None or agreed.currency != sku.currency or not agreed.holds_on(on):
            return sku.list_price_minor
        return agreed.prices.get(sku.code, sku.list_price_minor * agreed.share_pct // 100)

    return price


class OddPrice(NamedTuple):
    """A line whose price lies outside the band, the article, and what a piece should cost, in minor units."""

    line: Line
    sku: Sku
    expected_minor: int


def list_price(sku: Sku) -> int:
    """Return what everybody pays. Units: minor units."""
    return sku.list_price_minor


def outside_band(line: Line, sku: Sku, currency: str, rules: Rules, agreed: Agreed = list_price) -> bool:
    """Tell whether a line's price is outside the band around what was agreed; gifts at 0 are not judged.

    Source: rules price_floor_pct, price_ceiling_pct.
    """
    expected = agreed(sku)
    if line.unit_price_minor == 0 or sku.currency != currency or expected == 0:
        return False
    scaled = line.unit_price_minor * 100
    return not rules.price_floor_pct * expected <= scaled <= rules.price_ceiling_pct * expected


def odd_prices(
    order: Order, sku: Callable[[str], Sku | None], rules: Rules, agreed: Agreed = list_price
) -> tuple[OddPrice, ...]:
    """Return the matched lines whose price needs a person's word.

    A kit is judged as what was sold; where its parts are not what they were, each by its share of the kit.
    """
    odd = []
    for line in sold(order.lines):
        article = sku(line.sku) if line.sku else None
        if article is None:
            continue
        kit = sku(line.kit.sku) if line.kit is not None else None
        price = agreed if kit is None else _of_share(line, kit, sku, agreed)
        if outside_band(line, article, order.currency, rules, price):
            odd.append(OddPrice(line, article, price(article)))
    return tuple(odd)


def _of_share(line: Line, kit: Sku, sku: Callable[[str], Sku | None], agreed: Agreed) -> Agreed:
    """Return what a piece of a kit costs: its share of the kit by list prices, as the kit was unpacked.

    By another recipe than that of today nothing is known of shares: the piece costs what it costs by itself.
    """
    if line.kit is None or line.swapped_from or kit.recipe != line.kit.recipe:
        return agreed
    listed = {part.sku: one.list_price_minor for part in kit.parts if (one := sku(part.sku)) is not None}
    whole = sum(part.qty * listed.get(part.sku, 0) for part in kit.parts)
    if not whole:
        return agreed
    return lambda part: agreed(kit) * part.list_price_minor // whole


def difference_said(
    order: Order, sku: Callable[[str], Sku | None], rules: Rules, agreed: Agreed = list_price
) -> Text | None:
    """Say in money what unusual prices lose or gain against what was agreed; None where all are usual.

    Lines too dear do not make up for lines too cheap: what is lost is said before what is gained.
    """
    odd = odd_prices(order, sku, rules, agreed)
    if not odd:
        return None
    lost = under = gained = 0
    for line, _, each in odd:
        expected, paid = each * line.qty, line.unit_price_minor * line.qty
        lost, gained = lost + max(0, expected - paid), gained + max(0, paid - expected)
        under += max(0, -(-expected * rules.price_floor_pct // 100) - paid)
    if not lost:
        return Text(N_("{amount} above what is usual"), {"amount": shown(gained, order.currency)})
    said: dict[str, str | int | Text] = {"amount": shown(lost, order.currency)}
    return Text(N_("{amount} lost, {under} below the floor"), {**said, "under": shown(under, order.currency)})


def price_digest(odd: tuple[OddPrice, ...]) -> str:
    """Name exactly these prices, so that an answer is void when one of them changes."""
    return digest([(o.line.id, o.line.sku, o.line.unit_price_minor, o.sku.list_price_minor) for o in odd])
