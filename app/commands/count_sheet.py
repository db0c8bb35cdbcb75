"""Take a whole count in: many bins of one warehouse, each with what lay there."""

from __future__ import annotations

from collections import Counter

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, no_shelf, refuse
from app.counting import Counting, counted
from app.domain.event import Event
from app.domain.goods import Bin
from app.domain.values import Keys
from app.text import N_

BINS_MOST = 1_000


class CountSheet(Command, frozen=True, kw_only=True):
    """`sheet` is a new id; its bins become documents of their own, each to be taken back by itself."""

    sheet: str
    warehouse: str
    bins: tuple[Bin, ...]
    reference: str = ""
    reason: str = ""


def needs(command: CountSheet) -> Keys:
    """Name what a count of each bin would."""
    return frozenset().union(*(one.needs() for one in _asked(command)))


def decide(command: CountSheet, facts: Facts) -> Decided:
    """Book every difference, or none; a large one, or one below what is promised, waits for a second count.

    Refuses: `no_bins`, `twice`, `unknown_warehouse`, `unknown_sku`, `bad_count`, `unchanged`, `count_open`,
        and what `wrong_lot` does.
    Source: capabilities 3.8; rules recount_above_pieces.
    """
    if not 0 < len(command.bins) <= BINS_MOST:
        return refuse("no_bins", N_("A sheet has 1 to {most} bins. Split it."), most=BINS_MOST)
    named = Counter((one.sku, one.lot) for one in command.bins)
    twice = next((sku for (sku, _), times in named.items() if times > 1), "")
    if twice:
        return refuse("twice", N_("{sku} stands here twice. Leave one out."), sku=twice)
    events: list[Event] = []
    for one in _asked(command):
        found = no_shelf(facts, one.warehouse, one.sku) or counted(one, facts, asks=True)
        if isinstance(found, Refusal):
            return refuse(found.code, N_("{sku}: {said}"), sku=one.sku, said=found.text)
        events += found
    return events


def _asked(command: CountSheet) -> list[Counting]:
    return [
        Counting(
            f"{command.sheet}/{n}", command.warehouse, one.sku, one.counted, one.base, command.reference,
            command.reason, one.lot,
        )
        for n, one in enumerate(command.bins[: BINS_MOST + 1], 1)
    ]  # fmt: skip


SPEC = Spec("count_sheet", CountSheet, needs, decide, Authority.HUB, touches=False, offline=True)
