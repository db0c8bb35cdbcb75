"""Look at an order again: something outside it may have changed, or time has passed."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of
from app.domain.events import Event, LinesMatched
from app.domain.order import EDITABLE, Order


class Recheck(Command, frozen=True, kw_only=True):
    order: str


def decide(command: Recheck, facts: Facts) -> Decided:
    """Match lines whose code is known by now; the engine looks at the rest by itself.

    Refuses: `no_order`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    return list(_matches(order, facts)) if order.status in EDITABLE else []


def _matches(order: Order, facts: Facts) -> list[Event]:
    # One event per author of a mapping: whoever mapped the goods made the content and may not sign it.
    by_author: dict[str, list[tuple[str, str]]] = {}
    for line in order.lines:
        if line.sku or not line.ext_sku:
            continue
        mapping = facts.mapping(order.shop, line.ext_sku)
        if mapping is not None and mapping.sku and facts.sku(mapping.sku) is not None:
            by_author.setdefault(mapping.by, []).append((line.id, mapping.sku))
    return [LinesMatched(order=order.id, skus=tuple(skus), by=by) for by, skus in sorted(by_author.items())]


SPEC = Spec("recheck", Recheck, order_of, decide, Authority.HUB)
