"""Count what lies in one bin, against what the screen said."""

from __future__ import annotations

from datetime import date

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, no_shelf
from app.counting import Counting, counted
from app.domain.values import Keys


class CountBin(Command, frozen=True, kw_only=True):
    """`doc` is the new document's id, or the count that waits for a second one.

    What is kept in lots is counted lot by lot.

    Units: pieces. `base` is what was on hand on the counter's screen: what moves while somebody counts is no
    difference.
    """

    doc: str
    warehouse: str
    sku: str
    counted: int
    base: int
    reference: str = ""
    reason: str = ""
    lot: str = ""
    best_before: date | None = None


def needs(command: CountBin) -> Keys:
    """Name the document, the article, its place, and whether that drifted."""
    return _asked(command).needs()


def decide(command: CountBin, facts: Facts) -> Decided:
    """Book the difference; a large one waits until a second person finds the same.

    Refuses: `unknown_warehouse`, `unknown_sku`, `bad_count`, `unchanged`, `count_open`, `same_counter`,
        `promised`, and why not of this lot, see `wrong_lot`.
    Source: rules recount_above_pieces; capabilities 3.8, differences become adjustments with approval.
    """
    nowhere = no_shelf(facts, command.warehouse, command.sku)
    return nowhere if nowhere is not None else counted(_asked(command), facts)


def _asked(command: CountBin) -> Counting:
    return Counting(*msgspec.structs.astuple(command))


def inverse(command: CountBin, facts: Facts) -> Undo | None:
    """Take a first count back; what two people found is counted anew instead."""
    if facts.stock_doc(command.doc) is not None:
        return None
    return Undo(
        "withdraw_stock_doc", {"doc": command.doc, "warehouse": command.warehouse, "sku": command.sku}
    )


SPEC = Spec("count_bin", CountBin, needs, decide, Authority.HUB, inverse=inverse, touches=False, offline=True)
