"""Every guide by its code, and those a person may open from where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import app.forms
from app.command import Facts
from app.domain.order import Order
from app.form import About, Form, Shelf, Subject
from app.registry import collect

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


def about_of(subject: Subject) -> About:
    """Say what kind of subject this is."""
    if isinstance(subject, Order):
        return About.ORDER
    return About.STOCK if isinstance(subject, Shelf) else About.NOTHING
