"""What becomes of the lines of an order, in words and figures: label, before, after."""

from __future__ import annotations

from app.command import Facts
from app.domain.money import shown
from app.domain.order import Line, Order
from app.text import N_

Field = tuple[str, str, str]


def called(line: Line, facts: Facts) -> str:
    """Return an article as people know it: its code, and what it is called."""
    known = facts.refs.articles.get(line.sku)
    title = known.title if known is not None else line.title
    return " ".join(dict.fromkeys(part for part in (line.sku or line.ext_sku, title) if part))


def line_fields(before: Order, after: Order, facts: Facts) -> list[Field]:
    """Return what is removed, swapped, counted or priced otherwise, and what is added."""
    fields: list[Field] = []
    now = {line.id: line for line in after.lines}
    for line in before.lines:
        new = now.get(line.id)
        if new is None:
            fields.append((N_("Article"), called(line, facts), ""))
            continue
        if new.sku != line.sku:
            was = called(line, facts) if line.sku else line.title or line.ext_sku
            fields.append((N_("Article"), was, called(new, facts)))
        price = (shown(one.unit_price_minor, whose.currency) for one, whose in ((line, before), (new, after)))
        figures = ((N_("Quantity"), str(line.qty), str(new.qty)), (N_("Price"), *price))
        fields += [(label, was, becomes) for label, was, becomes in figures if was != becomes]
    known = {line.id for line in before.lines}
    fields += [
        (N_("Article"), "", f"{called(line, facts)} × {line.qty}")
        for line in after.lines
        if line.id not in known
    ]
    return fields
