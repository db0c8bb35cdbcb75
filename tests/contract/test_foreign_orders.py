"""Orders from abroad through the hub: read from a platform, judged, and only the wrong ones stop."""

from __future__ import annotations

import pytest
from hub_world import HubWorld
from polled_world import Polled

from sync.simulators.abroad import is_mistyped, lives

COUNT = 24


@pytest.mark.parametrize("code", ["shopify", "woocommerce", "amazon", "ebay"])
def test_whose_address_is_right_goes_on_and_each_mistake_is_stopped_by_name(hub: HubWorld, code: str):
    polled = Polled(hub, code, COUNT)
    polled.settle()
    orders = polled.orders()
    sales = {polled.platform.ext_id(sale.no): sale for sale in polled.shop}
    assert len(orders) == COUNT

    passed = {number for number, one in orders.items() if one.region.verdict == "accept"}
    right = {number for number, sale in sales.items() if not is_mistyped(sale.buyer)}
    assert passed == right
    assert 0 < len(right) < COUNT
    assert {orders[number].region.country for number in passed} > {"US", "GB", "DE"}
    for number in right:
        assert orders[number].snag("address_invalid") is None
        assert orders[number].snag("receiver_invalid") is None
        assert orders[number].receiver.street == lives(sales[number]).street
    stopped = [orders[number].snag("address_invalid") for number in orders.keys() - right]
    assert all(snag is None or "field" in str(snag.text) for snag in stopped)
    assert any(stopped)
