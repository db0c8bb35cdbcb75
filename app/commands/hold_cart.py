"""Hold goods for an order that is being placed: a clerk types it, or a channel's buyer is about to pay."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.catalogue import parts_of
from app.domain.events import Event, StockLeased
from app.domain.leasing import cart_life
from app.domain.order import LINES_MOST
from app.domain.sourcing import shortest
from app.domain.stock import cart_of
from app.domain.values import Keys, order_key
from app.text import N_

PIECES_MOST = 1_000_000


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article a cart names, by our code or by the shop's own; 0 pieces: not any more. Units: pieces."""

    sku: str = ""
    ext_sku: str = ""
    qty: int


class HoldCart(Command, frozen=True, kw_only=True):
    """`cart` is the id its order will have. Every hold replaces the one before, and begins its time anew."""

    cart: str
    shop: str
    lines: tuple[Wanted, ...]


def needs(command: HoldCart) -> Keys:
    """Name the order it becomes: with it the articles and their stock are looked up."""
    return frozenset({order_key(command.cart)})


def decide(command: HoldCart, facts: Facts) -> Decided:
    """Hold what is there for as long as the rules say; what is short is not held, and nobody is asked.

    All of it comes from one warehouse where one has it all. What is 0, or no longer needed in a warehouse, is
    given back; a cart whose order is placed holds nothing more.
    Refuses: `unknown_shop`, `no_lines`, `no_quantity`.
    Source: capabilities 3, cart hold for manual entry 10 min, renewed by activity.
    """
    shop = facts.refs.shops.get(command.shop)
    if shop is None:
        return refuse("unknown_shop", N_("This shop is not set up. Choose another one."))
    if not 0 < len(command.lines) <= LINES_MOST:
        return refuse("no_lines", N_("An order has 1 to 500 lines. Add an article."))
    if any(not 0 <= line.qty <= PIECES_MOST for line in command.lines):
        return refuse("no_quantity", N_("A quantity is 0 or more. Change the line."))
    holder = cart_of(command.cart)
    is_placed = facts.order(command.cart) is not None
    wants: dict[str, int] = {}
    for line in command.lines:
        sku = _article(line, command.shop, facts)
        article = facts.sku(sku) if sku else None
        for part in parts_of(article) if article is not None else ():
            wants[part.sku] = wants.get(part.sku, 0) + (0 if is_placed else line.qty * part.qty)
    until = facts.now + cart_life(facts.rules)
    taken = _taken(wants, shop.warehouses, holder, facts)
    events: list[Event] = []
    for place in shop.warehouses:
        for sku in wants:
            qty, stock = taken.get((place, sku), 0), facts.stock(place, sku)
            if stock is not None and (qty or stock.lease_of(holder) is not None):
                events.append(StockLeased(warehouse=place, sku=sku, desk=holder, qty=qty, until=until))
    return events


def _article(line: Wanted, shop: str, facts: Facts) -> str:
    if line.sku or not line.ext_sku:
        return line.sku
    mapping = facts.mapping(shop, line.ext_sku)
    return mapping.sku if mapping is not None else ""


def _taken(
    wants: dict[str, int], warehouses: Sequence[str], holder: str, facts: Facts
) -> dict[tuple[str, str], int]:
    """Say where how much is held: in one place, else wherever something is, the best place first."""

    def free(place: str, sku: str) -> int:
        stock = facts.stock(place, sku)
        return stock.available_to("", holder) if stock is not None else 0

    houses = facts.refs.warehouses
    sending = [one for one in warehouses if one not in houses or not houses[one].is_stopped]
    whole = [one for one in sending if not shortest(wants, (one,), free)]
    taken: dict[tuple[str, str], int] = {}
    for sku, qty in wants.items():
        left = qty
        for place in whole[:1] or sending:
            taken[place, sku] = min(left, free(place, sku))
            left -= taken[place, sku]
    return taken


SPEC = Spec("hold_cart", HoldCart, needs, decide, Authority.HUB, touches=False)
