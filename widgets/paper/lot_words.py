"""An article on paper with the lots it comes from, or that are in the parcel."""

from __future__ import annotations

from app.domain.lot import FromLot
from app.domain.paper import Item
from widgets.words import tr


def with_lots(item: Item) -> str:
    """Say what an article is called, and behind it which lots."""
    return " · ".join((item.title, *(_lot(one) for one in item.lots if one.no)))


def _lot(one: FromLot) -> str:
    if one.best_before is None:
        return tr("lot {lot} ×{qty}", lot=one.no, qty=one.qty)
    day = one.best_before.isoformat()
    return tr("lot {lot} ×{qty}, best before {day}", lot=one.no, qty=one.qty, day=day)
