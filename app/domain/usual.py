"""What is usual of an article and of a buyer, learned from orders that left; what differs is looked at first.

Figures are compared by their logarithms: ten pieces instead of one differ as a hundred instead of ten. What
is usual lies around the middle, as wide as half of what was seen lies: one wild order moves nothing.
Nothing here is a reason to stop an order; it is what a person who checks one should look at first.
Source: capabilities 10, quantity against history, price against band, address against past.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

import msgspec

from app.domain.money import shown
from app.domain.order import Line, Order
from app.text import N_, Text

QTY_LEAST, PRICE_LEAST, BUYER_LEAST, SHOP_LEAST = 20, 8, 3, 200
"""Of so few nothing is said."""
QTY_WIDTH, PRICE_WIDTH = math.log(1.4), math.log(1.06)
"""The least width: where all were alike, so much more is still nothing."""
FAR = 4.0
"""So many widths from the middle are unusual."""
NORMAL = 1.4826
"""Half of a bell curve lies within its width divided by this."""
AMOUNT_TIMES, AMOUNT_LEAST = 8, 6
"""A buyer who spends so many times the most of so many orders before is unusual."""


class Spread(msgspec.Struct, frozen=True):
    """Where figures lie, by their logarithms. `least` and `most` are the outermost that are not unusual."""

    count: int
    middle: float
    width: float
    least: int
    most: int

    def has(self, figure: int) -> bool:
        """Tell whether a figure is usual."""
        return self.least <= figure <= self.most or abs(math.log(figure) - self.middle) <= FAR * self.width


class Buyer(msgspec.Struct, frozen=True):
    """What one buyer did. Units: `most_minor` in the currency of the shop."""

    orders: int
    provinces: frozenset[str]
    most_minor: int


class Usual(msgspec.Struct, frozen=True):
    """`pieces` by article, `prices` by shop and article, `sold` how many orders a shop had of what."""

    pieces: Mapping[str, Spread] = {}
    prices: Mapping[tuple[str, str], Spread] = {}
    buyers: Mapping[str, Buyer] = {}
    sold: Mapping[str, frozenset[str]] = {}
    orders: Mapping[str, int] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is unusual: in which field, what it says there, what is usual, and who found it."""

    field: str
    """qty | price | article | province | amount."""
    line: str = ""
    by: str
    said: Text
    because: Text


def usual_of(orders: Iterable[Order]) -> Usual:
    """Learn from orders that left."""
    pieces: dict[str, list[int]] = {}
    prices: dict[tuple[str, str], list[int]] = {}
    buyers: dict[str, list[Order]] = {}
    sold: dict[str, set[str]] = {}
    count: dict[str, int] = {}
    for order in orders:
        count[order.shop] = count.get(order.shop, 0) + 1
        for sku, qty in _wanted(order).items():
            pieces.setdefault(sku, []).append(qty)
            sold.setdefault(order.shop, set()).add(sku)
        for line in _priced(order):
            prices.setdefault((order.shop, line.sku), []).append(line.unit_price_minor)
        if buyer := buyer_of(order):
            buyers.setdefault(buyer, []).append(order)
    return Usual(
        {sku: _spread(seen, QTY_WIDTH) for sku, seen in pieces.items() if len(seen) >= QTY_LEAST},
        {key: _spread(seen, PRICE_WIDTH) for key, seen in prices.items() if len(seen) >= PRICE_LEAST},
        {key: _buyer(seen) for key, seen in buyers.items() if len(seen) >= BUYER_LEAST},
        {shop: frozenset(skus) for shop, skus in sold.items()},
        count,
    )


def buyer_of(order: Order) -> str:
    """Return who bought, where that is the same in every order of theirs; hidden words are nobody."""
    account = order.receiver.account
    return order.customer or (f"{order.shop}:{account}" if account and "*" not in account else "")


def unusual(order: Order, usual: Usual) -> tuple[Finding, ...]:
    """Return what is unusual of an order, line by line, then as a whole."""
    return (
        *_of_pieces(order, usual),
        *_of_prices(order, usual),
        *_of_articles(order, usual),
        *_of_buyer(order, usual),
    )


def _of_pieces(order: Order, usual: Usual) -> Iterator[Finding]:
    for sku, qty in _wanted(order).items():
        spread = usual.pieces.get(sku)
        if spread is None or qty < spread.least or spread.has(qty):
            continue
        line = next(one for one in order.lines if one.sku == sku)
        params: dict[str, str | int | Text] = {
            "count": spread.count,
            "middle": round(math.exp(spread.middle)),
            "most": spread.most,
        }
        yield Finding(
            field="qty",
            line=line.id,
            by=N_("Quantity against what was sold"),
            said=Text(N_("{qty} pieces of {sku}"), {"qty": qty, "sku": sku}),
            because=Text(N_("{count} orders had {middle} as a rule, at most {most}."), params),
        )


def _of_prices(order: Order, usual: Usual) -> Iterator[Finding]:
    for line in _priced(order):
        spread = usual.prices.get((order.shop, line.sku))
        if spread is None or spread.has(line.unit_price_minor):
            continue
        params: dict[str, str | int | Text] = {
            "count": spread.count,
            "least": shown(spread.least, order.currency),
            "most": shown(spread.most, order.currency),
        }
        price = shown(line.unit_price_minor, order.currency)
        yield Finding(
            field="price",
            line=line.id,
            by=N_("Price against what was paid"),
            said=Text(N_("{sku} at {price}"), {"sku": line.sku, "price": price}),
            because=Text(N_("{count} orders of this shop paid between {least} and {most}."), params),
        )


def _of_articles(order: Order, usual: Usual) -> Iterator[Finding]:
    known, count = usual.sold.get(order.shop, frozenset()), usual.orders.get(order.shop, 0)
    if count < SHOP_LEAST:
        return
    for line in order.lines:
        if line.sku and line.qty > 0 and line.sku not in known and line.sku in usual.pieces:
            yield Finding(
                field="article",
                line=line.id,
                by=N_("Article against what the shop sold"),
                said=Text(N_("{sku} in this shop"), {"sku": line.sku}),
                because=Text(
                    N_("None of its last {count} orders had it; other shops sell it."), {"count": count}
                ),
            )


def _of_buyer(order: Order, usual: Usual) -> Iterator[Finding]:
    buyer = usual.buyers.get(buyer_of(order))
    if buyer is None:
        return
    here = order.region.province
    if here and here not in buyer.provinces:
        places = ", ".join(sorted(buyer.provinces))
        params: dict[str, str | int | Text] = {"count": buyer.orders, "places": places}
        yield Finding(
            field="province",
            by=N_("Address against earlier ones"),
            said=Text(N_("It goes to {place}"), {"place": here}),
            because=Text(N_("{count} earlier orders of this buyer went to {places}."), params),
        )
    if buyer.orders >= AMOUNT_LEAST and 0 < AMOUNT_TIMES * buyer.most_minor < order.payable_minor:
        most = shown(buyer.most_minor, order.currency)
        yield Finding(
            field="amount",
            by=N_("Amount against earlier ones"),
            said=Text(N_("It costs {amount}"), {"amount": shown(order.payable_minor, order.currency)}),
            because=Text(
                N_("{count} earlier orders of this buyer cost {most} at most."),
                {"count": buyer.orders, "most": most},
            ),
        )


def _wanted(order: Order) -> dict[str, int]:
    """Return pieces by article: two lines of one article are as many pieces as one line of both."""
    wanted: dict[str, int] = {}
    for line in order.lines:
        if line.sku and line.qty > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.qty
    return wanted


def _priced(order: Order) -> list[Line]:
    return [line for line in order.lines if line.sku and line.qty > 0 and line.unit_price_minor > 0]


def _spread(seen: list[int], width_least: float) -> Spread:
    logs = [math.log(one) for one in seen]
    middle = median(logs)
    width = max(NORMAL * median(abs(one - middle) for one in logs), width_least)
    usual = [one for one, log in zip(seen, logs, strict=True) if abs(log - middle) <= FAR * width]
    return Spread(len(seen), middle, width, min(usual), max(usual))


def _buyer(orders: list[Order]) -> Buyer:
    provinces = frozenset(order.region.province for order in orders if order.region.province)
    return Buyer(len(orders), provinces, max(order.payable_minor for order in orders))
