"""Whether two orders are surely of one buyer, by what stands on them; hidden words say nothing."""

from __future__ import annotations

from app.domain.address_key import normal_key
from app.domain.characters import half_width
from app.domain.duplicate import ACCOUNT_LEAST
from app.domain.order import Order, Status
from app.domain.scan import ScanKind, last_scan
from app.domain.values import Receiver


def is_same_buyer(one: Order, other: Order) -> bool:
    """Tell whether they have one account of one channel shop, or one name at one door.

    Source: capabilities 15, receiver_invalid; capabilities 1, platform receiver ids differ by shop.
    """
    account = _account(one.receiver)
    if account and one.shop == other.shop and account == _account(other.receiver):
        return True
    return _person(one) is not None and _person(one) == _person(other)


def is_delivered(order: Order) -> bool:
    """Tell whether its parcel has arrived, as the channel or the carrier says."""
    last = last_scan(order.scans)
    return order.status is Status.COMPLETED or (last is not None and last.kind is ScanKind.DELIVERED)


def _account(receiver: Receiver) -> str:
    account = half_width(receiver.account).strip()
    return account if len(account) >= ACCOUNT_LEAST and "*" not in account else ""


def _person(order: Order) -> tuple[str, str] | None:
    name, street = half_width(order.receiver.name).strip().casefold(), order.receiver.street.strip()
    if not name or not street or "*" in name + street:
        return None
    return name, normal_key(order.region, street)
