"""Whether a slot can be had, decided on the rows a command or an exception looks at."""

from __future__ import annotations

from datetime import timedelta

from app.command import Facts, Refusal, refuse
from app.domain.company import today_of
from app.domain.kinship import terms_said
from app.domain.order import Order
from app.domain.visit import LOOKED_AHEAD, Bookings, Visit, bookings_key, is_free
from app.domain.visiting import earliest_on, visit_said
from app.text import N_, Text


def bookings_of(outlet: str, facts: Facts) -> Bookings | None:
    """Return what is booked at an outlet.

    Raises:
        Unnamed: nobody named this row.
    """
    row = facts.row(bookings_key(outlet))
    return row if isinstance(row, Bookings) else None


def agreed_said(order: Order, facts: Facts) -> tuple[tuple[str, Text], ...]:
    """Say who buys on which terms, how invoices and contracts stand, who comes when."""
    outlet = facts.refs.outlets.get(order.visit.outlet) if order.visit is not None else None
    return (*terms_said(order, facts.refs.customers.get(order.customer)), *visit_said(order, outlet))


def why_not(order: Order, visit: Visit, facts: Facts, *, is_back: bool = False) -> Refusal | None:
    """Say why a visit cannot be planned so; None where it can.

    One that goes back to where it was may conflict with goods and place as it did then; it needs its room.

    Refuses: `no_outlet`, `not_served`, `too_early`, `too_far`, `full`.
    """
    outlet, shop = facts.refs.outlets.get(visit.outlet), facts.shop_of(order)
    if outlet is None or not outlet.active:
        return refuse("no_outlet", N_("There is no such outlet. Choose one from the list."))
    if not is_back and not outlet.serves(order.region):
        return refuse("not_served", N_("They do not come there. Choose another outlet."))
    first_on = today_of(shop, facts.now) if is_back else earliest_on(order, shop, facts.rules, facts.now)
    if visit.day < first_on:
        return refuse("too_early", N_("The goods are not there by then. Choose a later day."))
    if visit.day > today_of(shop, facts.now) + timedelta(days=LOOKED_AHEAD):
        return refuse("too_far", N_("Visits are planned 60 days ahead. Choose an earlier day."))
    if not is_free(outlet, bookings_of(outlet.code, facts), visit.day, visit.part, order.id):
        return refuse("full", N_("No room then. Choose another part of the day, or another day."))
    return None
