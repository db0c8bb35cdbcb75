"""The channel spoke of an order that was merged or split: what was made of it may be wrong now."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.put_back import PutBack
from app.commands.settle import Settle
from app.domain.events import fields_said
from app.domain.order import OPEN, Order
from app.domain.relations import group_of, news, news_digest, why_not_back
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find what a channel said of an original since this order was made from it.

    Source: capabilities 1, nothing a channel says is lost; capabilities 15, un-merge if merged.
    """
    if not order.made_from or order.status not in OPEN:
        return None
    told = news(order, facts.order)
    if not told:
        return None
    original, fields = told[0]
    params: dict[str, str | int | Text] = {"number": original.number, "fields": fields_said(fields)}
    text = Text(N_("The channel changed {number}, which is in this order: {fields}"), params)
    return Finding(text, digest=news_digest(told))


def put_back(order: Order, facts: Facts) -> Command | None:
    """Let the originals go on by themselves, with what the channel said."""
    group = group_of(order, facts.order)
    return PutBack(order=order.id) if group is not None and why_not_back(group) is None else None


def keep(order: Order, _facts: Facts) -> Command | None:
    """Send it as it is."""
    snag = order.snag("source_changed")
    return Settle(order=order.id, kind="source_changed", digest=snag.digest) if snag else None


KIND = Kind(
    code="source_changed",
    title=N_("Original changed"),
    hint=N_("Open the original and compare. Taken back, it goes on with what the channel said."),
    severity="bad",
    rank=4,
    found=found,
    repairs=(
        Repair(
            "put_back",
            N_("Restore originals"),
            put_back,
            N_("The originals go on by themselves with the channel's news. You can merge or split again."),
        ),
        Repair(
            "keep_it",
            N_("Keep as is"),
            keep,
            N_("Goods and money stay as they are here. The question returns when the channel speaks again."),
        ),
    ),
)
