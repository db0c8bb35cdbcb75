"""What Shopify charges for a call, before it looks at what it holds."""

from __future__ import annotations

from sync.manifest.reading import manifest_of
from sync.simulators.graphql import Wanted, wanted


def cost(field: Wanted) -> int:
    """Return what Shopify charges for a field before it looks: an object one point, a list two and its rows.

    Source: shopify.dev, rate limits of the GraphQL Admin API.
    """
    if not field.below:
        return 0
    inside = sum(map(cost, field.below))
    most = field.arguments.get("first")
    return 1 + inside if most is None else 2 + int(most) * inside


def test_no_call_to_shopify_costs_more_than_one_may() -> None:
    shopify = manifest_of("shopify")
    orders, ship = shopify.streams["orders"], shopify.writes["ship"]
    assert orders.detail is not None
    assert ship.parts is not None
    asked = [(one.call, one.pages.size) for one in shopify.streams.values()]
    asked += [(one, 1) for one in (orders.one, orders.detail.call, ship.parts.call, ship.lookup)]

    for call, size in asked:
        (field,) = wanted(str(call["query"]), {"first": size, "after": None, "query": "", "id": ""})
        assert cost(field) < 1000, call
