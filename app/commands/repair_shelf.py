"""Set the counters of one shelf to what its papers come to, and nothing else."""

from __future__ import annotations

from app.claims import no_work
from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.drift import KIND, Drift, drift_key, shelf_of_case
from app.domain.events import CaseClosed, Event
from app.domain.values import Keys, snag_key, stock_key
from app.text import N_


class RepairShelf(Command, frozen=True, kw_only=True):
    """`case` names the shelf, see `drift.shelf_of_case`."""

    case: str


def needs(command: RepairShelf) -> Keys:
    """Name the case, the shelf, and how far it drifted."""
    own = stock_key(*shelf_of_case(command.case))
    return frozenset({snag_key(command.case), own, drift_key(own[1])})


def decide(command: RepairShelf, facts: Facts) -> Decided:
    """Believe the papers; a shelf that agrees with them by now only loses its case.

    Refuses: `no_case`, `taken`, `wait`, `promised`.
    Source: capabilities 3.5, one key repairs only that row and writes who and why.
    """
    case = facts.case(command.case)
    if case is None or not case.is_open or case.snag.kind != KIND:
        return refuse("no_case", N_("This case is closed already. Nothing to do."))
    if (kept := no_work(case.snag, facts)) is not None:
        return kept
    warehouse, sku = shelf_of_case(command.case)
    drift, stock = facts.row(drift_key(f"{warehouse}/{sku}")), facts.stock(warehouse, sku)
    if not isinstance(drift, Drift) or stock is None:
        return refuse("wait", N_("Only the hub reads the papers. Wait for its answer."))
    on_hand, reserved = drift.by_papers(stock)
    if not 0 <= reserved <= on_hand:
        return refuse("promised", N_("More is promised than the papers say lies there. Count the bin first."))
    events: list[Event] = [] if drift.is_over else [drift.repaired(stock, facts.by.user)]
    return [*events, CaseClosed(id=command.case)]


SPEC = Spec("repair_shelf", RepairShelf, needs, decide, Authority.HUB, touches=False)
