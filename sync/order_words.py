"""What a search finds an order by: one line per place, public ones before the wall."""

from __future__ import annotations

from app.domain.carrier import lanes_of
from app.domain.order import Order
from sync.grams import searched


def words_of(order: Order) -> str:
    """Return what a search finds this order by; with its parcel stand its lanes and the lots in it."""
    receiver, region = order.receiver, order.region
    place = "".join(dict.fromkeys((region.province, region.city, region.district)))
    lots = " ".join(dict.fromkeys(one.no for line in order.lines for one in line.lots))
    parcel = " ".join(filter(None, (order.tracking_no, lanes_of(order.carriage), lots)))
    articles = dict.fromkeys(part for line in order.lines for part in (line.title, line.ext_sku, line.sku))
    return searched(
        (order.number, order.ext_id, parcel, place, " ".join(articles)),
        (receiver.name, receiver.phone, place + receiver.street, receiver.note),
    )
