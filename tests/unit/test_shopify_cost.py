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


def test_no_call_for_orders_of_shopify_costs_more_than_one_may() -> None:
    stream = manifest_of("shopify").streams["orders"]
    assert stream.detail is not None
    page = {"first": stream.pages.size, "after": None, "query": "", "id": ""}
    for call in (stream.call, stream.one, stream.detail.call):
        (field,) = wanted(str(call["query"]), page)
        assert cost(field) < 1000
