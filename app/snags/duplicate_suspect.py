"""The same buyer ordered the same goods a moment ago."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.merge import Merge
from app.commands.settle import Settle
from app.domain.clock import Wait
from app.domain.duplicate import KIND as KIND_CODE
from app.domain.duplicate import block_keys, entry_of, likeliest, pair_digest
from app.domain.order import EDITABLE, Order
from app.domain.values import digest
from app.pairs import newer_of, pair_of
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Suspected duplicate")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find the earlier order most like this one.

    Source: capabilities 1, suspected duplicate; capabilities 15, duplicate_suspect.
    """
    if order.status not in EDITABLE or order.makes_good is not None:
        return None
    keys = block_keys(order.receiver, order.region)
    blocks = {key: block for key in keys if (block := facts.block(key)) is not None}
    twin = likeliest(order, blocks, facts.rules, kin_of(order, facts))
    if twin is None:
        return None
    params: dict[str, str | int | Text] = {
        "number": twin.entry.number,
        "gap": twin.gap_min,
        "score": twin.score_pct,
    }
    text = Text(N_("Same buyer and goods as {number}, {gap} min apart, {score} % alike"), params)
    pair = pair_digest(entry_of(order), twin.entry)
    return Finding(text, waits_for=(f"order:{twin.entry.order}",), digest=pair)


def kin_of(order: Order, facts: Facts) -> frozenset[str]:
    """Return the other parts of what this order was split from."""
    originals = [facts.order(source.order) for source in order.made_from]
    return frozenset(part for one in originals if one is not None for part in one.replaced_by)


def keep_both(order: Order, _facts: Facts) -> Command | None:
    """Say that both are wanted; this pair is never asked again."""
    snag = order.snag(KIND_CODE)
    return Settle(order=order.id, kind=KIND_CODE, digest=snag.digest) if snag else None


def merge(order: Order, facts: Facts) -> Command | None:
    """Send both as one; the command itself says why they may not go out together."""
    orders = tuple(one.id for one in pair_of(order, facts))
    return Merge(orders=orders, into=f"m-{digest(*orders)}") if len(orders) > 1 else None


def cancel_newer(order: Order, facts: Facts) -> Command:
    """Call off the one that was placed later; the guide turns it round."""
    return Cancel(order=newer_of(order, facts).id, reason=TITLE)


KIND = Kind(
    code=KIND_CODE,
    title=TITLE,
    hint=N_("Look at both orders side by side. Ask the buyer when in doubt."),
    severity="bad",
    rank=8,
    found=found,
    repairs=(
        Repair(
            "merge",
            N_("Merge both"),
            merge,
            N_("Both go out in one parcel. The originals come back exactly if you undo it."),
        ),
        Repair(
            "keep_both",
            N_("Keep both"),
            keep_both,
            N_("Both orders go on unchanged. This pair is not asked about again."),
        ),
        Repair(
            "cancel_newer",
            N_("Cancel newer one"),
            cancel_newer,
            N_("Only the order that was placed later stops, the first one goes on. It can be restored."),
        ),
    ),
    form="cancel_one",
    hub_only=True,
    stops=(Wait.CUSTOMER,),
)
