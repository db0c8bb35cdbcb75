"""A suspected duplicate beside the order it is like: what each says, and how that stands to each other."""

from __future__ import annotations

import msgspec

from app.command import Facts
from app.compare import said
from app.domain.duplicate import (
    KIND,
    compare,
    entry_of,
    minutes_apart,
    order_in,
    score_pct,
    shared_by,
)
from app.domain.likeness import Trait
from app.domain.order import Order
from app.domain.parts import ACCOUNT, LINES, NAME, PHONE, PLACE
from app.pairs import twin_of
from app.text import N_, Text

FIELDS = {
    "buyer": (N_("Buyer account"), ACCOUNT),
    "phone": (N_("Phone"), PHONE),
    "address": (N_("Address"), PLACE),
    "name": (N_("Name"), NAME),
    "goods": (N_("Articles"), LINES),
    "amount": (N_("Amount"), "payable_minor"),
    "shop": (N_("Shop"), "shop"),
    "gap": (N_("Ordered"), "ordered_at"),
}
"""Field of a comparison: what the screen calls it, and the part of the order that says it."""
PEOPLE = frozenset(("buyer", "phone", "name"))
"""Where both say the same nobody has to read it in full."""
STANDS = {
    "same": N_("The same"),
    "seen_alike": N_("The same as far as one sees"),
    "close": N_("Written otherwise, same numbers"),
    "sounds": N_("Written otherwise, sounds the same"),
    "some": N_("Partly the same"),
    "alike": N_("Hidden here"),
    "unknown": N_("Hidden here"),
    "other": N_("Another one"),
}


class BesideRow(msgspec.Struct, frozen=True, kw_only=True):
    """One field of both orders. `mark`: met speaks for one purchase, stops against it, empty for neither."""

    label: str
    mine: str
    theirs: str
    stands: Text
    mark: str


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """The other order and the comparison. Units: `score_pct` whole percent."""

    order: str
    number: str
    score_pct: int
    rows: tuple[BesideRow, ...]


def beside(order: Order, facts: Facts, kind: str, zone: str, *, is_masked: bool) -> Beside | None:
    """Compare an order with the one it is suspected to be, field by field, as the hub compared them.

    None: the exception is of another kind, or this desk does not hold the other one.
    """
    snag = order.snag(KIND) if kind == KIND else None
    other = twin_of(order_in(snag.digest), facts) if snag is not None else None
    if other is None:
        return None
    mine, theirs = entry_of(order), entry_of(other)
    traits = compare(mine, theirs, shared_by(order, other))

    def tell(one: Order, trait: Trait) -> str:
        if trait.field == "shop":
            shop = facts.refs.shops.get(one.shop)
            return shop.title if shop is not None else one.shop
        is_hidden = is_masked or (trait.field in PEOPLE and trait.stands == "same")
        return said(one, FIELDS[trait.field][1], zone, is_masked=is_hidden)

    rows = tuple(
        BesideRow(
            label=FIELDS[trait.field][0],
            mine=tell(order, trait),
            theirs=tell(other, trait),
            stands=_stands(trait, minutes_apart(mine, theirs)),
            mark="met" if trait.bits > 0 else "stops" if trait.bits < 0 else "",
        )
        for trait in traits
    )
    return Beside(order=other.id, number=other.number, score_pct=score_pct(traits), rows=rows)


def _stands(trait: Trait, gap_min: int) -> Text:
    if trait.field == "gap":
        return Text(N_("{gap} min apart"), {"gap": gap_min})
    return Text(STANDS[trait.stands])
