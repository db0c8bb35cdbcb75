"""Kits of an order are unpacked as soon as it is known what they mean: their parts are what is promised."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.command import Facts
from app.domain.catalogue import Sku
from app.domain.events import KitUnpacked
from app.domain.kit import KitOf, shared_out
from app.domain.order import EDITABLE, Line, Order


def unpacked(order: Order, facts: Facts) -> Iterator[KitUnpacked]:
    """Put the parts of each kit in its place, for the money of the kit; a later recipe changes no order.

    Source: capabilities 3, bundles and kits.
    """
    for line in order.lines if order.status in EDITABLE else ():
        article = facts.sku(line.sku) if line.sku else None
        if article is not None and article.parts and line.qty > 0 and line.kit is None:
            parts = tuple(_parts(line, article, facts))
            yield KitUnpacked(order=order.id, line=line.id, sku=line.sku, qty=line.qty, parts=parts)


def _parts(line: Line, kit: Sku, facts: Facts) -> Iterator[Line]:
    """Return a line for each part; two where the money of the part does not go into its pieces."""
    of = KitOf(
        line=line.id,
        sku=kit.code,
        recipe=kit.recipe,
        qty=line.qty,
        unit_price_minor=line.unit_price_minor,
        priced_from=line.priced_from,
        ext_sku=line.ext_sku,
        title=line.title,
    )
    articles = [facts.sku(part.sku) for part in kit.parts]
    pieces = [
        (line.qty * part.qty, article.list_price_minor if article is not None else 0)
        for part, article in zip(kit.parts, articles, strict=True)
    ]
    shares = shared_out(line.qty * line.unit_price_minor, pieces)
    for part, article, share in zip(kit.parts, articles, shares, strict=True):
        title = article.title if article is not None else part.sku
        for at, (qty, price) in enumerate(share):
            yield Line(
                id=f"{line.id}+{part.sku}" + ("+" if at else ""),
                ext_sku="",
                title=title,
                sku=part.sku,
                qty=qty,
                unit_price_minor=price,
                kit=msgspec.structs.replace(of, each=part.qty),
                held=line.held,
                held_by=line.held_by,
            )
