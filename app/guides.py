"""Every guide by its code, those a person may open from where they are, and what one finds in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import app.forms
from app.command import Facts
from app.domain.money import shown
from app.domain.order import Order
from app.form import About, Choice, Form, Shelf, Subject
from app.ports import OrderRow
from app.registry import collect
from app.text import N_, Text

FORMS: Mapping[str, Form[Any]] = collect(app.forms, "FORM", Form)


def offered(subject: Subject, facts: Facts, may: Callable[[str], bool]) -> tuple[Form[Any], ...]:
    """Return the guides for one order or one article in a warehouse, as its sheet lists them."""
    return tuple(
        form
        for form in FORMS.values()
        if form.label
        and form.about is about_of(subject)
        and may(form.grant)
        and form.is_offered(subject, facts)
    )


def from_nothing(may: Callable[[str], bool]) -> tuple[Form[Any], ...]:
    """Return the guides that begin from nothing, for the palette."""
    return tuple(
        form for form in FORMS.values() if form.label and form.about is About.NOTHING and may(form.grant)
    )


def by_hand(code: str, order: Order, facts: Facts, may: Callable[[str], bool]) -> str:
    """Return the words on the key to the guide of an exception; none where it cannot help now."""
    form = FORMS[code]
    if not form.label:
        return N_("Edit by hand")
    return form.label if form in offered(order, facts, may) else ""


def order_hit(row: OrderRow) -> Choice:
    """Offer an order that was found: its number, its buyer as lists show them, what it costs."""
    price = shown(row.payable_minor, row.currency)
    said = Text("{buyer} {price}", {"buyer": row.buyer, "price": price})
    return Choice(row.id, Text("{number}", {"number": row.number}), said)


def article_hit(code: str, title: str, free: int) -> Choice:
    """Offer an article that was found. Units: `free` pieces."""
    said = Text(N_("{sku}, {free} free everywhere"), {"sku": code, "free": free})
    return Choice(code, Text("{title}", {"title": title}), said)


def about_of(subject: Subject) -> About:
    """Say what kind of subject this is."""
    if isinstance(subject, Order):
        return About.ORDER
    return About.STOCK if isinstance(subject, Shelf) else About.NOTHING
