"""Which warehouses may serve an order: those its shop names, open, and of its own legal entity.

Source: capabilities 6, legal entity as a constraint.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.company import Shop, Warehouse
from app.domain.order import Order
from app.domain.source_policy import Asked, Policy, policy_for


def serving(
    order: Order,
    shop: Shop | None,
    houses: Mapping[str, Warehouse],
    policies: Mapping[str, Policy],
    now: datetime,
) -> tuple[str, ...]:
    """Return the warehouses that may serve an order now, best first."""
    if shop is None:
        return ()
    there = tuple(code for code in shop.warehouses if code not in houses or not houses[code].is_stopped)
    if not any(is_foreign(shop, houses.get(code)) for code in there):
        return there
    lends = lends_to(order, shop, policies, now)
    return tuple(code for code in there if lends or not is_foreign(shop, houses.get(code)))


def is_foreign(shop: Shop, house: Warehouse | None) -> bool:
    """Tell whether a warehouse belongs to another company of the group than a shop sells for."""
    return house is not None and bool(shop.entity and house.entity) and shop.entity != house.entity


def lends_to(order: Order, shop: Shop, policies: Mapping[str, Policy], now: datetime) -> bool:
    """Tell whether the policy an order falls under lets companies of the group send for each other."""
    if not any(policy.lends for policy in policies.values()):
        return False
    asked = Asked(
        customer=order.customer,
        channels=frozenset((shop.channel, shop.code)),
        skus=[line.sku for line in order.lines if line.qty > 0 and line.sku],
    )
    policy = policy_for(policies.values(), asked, now.astimezone(ZoneInfo(shop.zone)).date())
    return policy is not None and policy.lends
