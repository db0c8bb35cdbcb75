"""The same buyer ordered the same goods a moment ago."""

from __future__ import annotations

from app.command import Command, Facts, Unnamed
from app.commands.cancel import Cancel
from app.commands.merge import Merge
from app.commands.settle import Settle
from app.domain.clock import Wait
from app.domain.duplicate import block_keys, entry_of, likeliest, order_in, pair_digest
from app.domain.order import EDITABLE, Order
from app.domain.values import digest
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


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
    snag = order.snag("duplicate_suspect")
    return Settle(order=order.id, kind="duplicate_suspect", digest=snag.digest) if snag else None


def merge(order: Order, facts: Facts) -> Command | None:
    """Send both as one; the command itself says why they may not go out together."""
    snag = order.snag("duplicate_suspect")
    twin = twin_of(order_in(snag.digest), facts) if snag is not None else None
    if twin is None:
        return None
    return Merge(orders=(twin.id, order.id), into=f"m-{digest(twin.id, order.id)}")


def twin_of(id: str, facts: Facts) -> Order | None:
    """Return the earlier order, where it is loaded."""
    try:
        return facts.order(id)
    except Unnamed:
        return None


def cancel(order: Order, _facts: Facts) -> Command:
    """Call the later order off."""
    return Cancel(order=order.id, reason="duplicate_suspect")


KIND = Kind(
    code="duplicate_suspect",
    title=N_("Suspected duplicate"),
    hint=N_("Look at both orders side by side. Ask the buyer when in doubt."),
    severity="bad",
    rank=8,
    found=found,
    repairs=(
        Repair(
            "keep_both",
            N_("Keep both"),
            keep_both,
            N_("Both orders go on unchanged. This pair is not asked about again."),
        ),
        Repair(
            "cancel_this",
            N_("Cancel this one"),
            cancel,
            N_("Only this order stops, the other one goes on. It can be restored."),
        ),
        Repair(
            "merge",
            N_("Merge both"),
            merge,
            N_("Both go out in one parcel. The originals come back exactly if you undo it."),
        ),
    ),
    hub_only=True,
    stops=(Wait.CUSTOMER,),
)
