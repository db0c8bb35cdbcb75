"""The counter of a shelf is not what its papers come to."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.commands.repair_shelf import RepairShelf
from app.domain.clock import Wait
from app.snag import CaseRepair, Kind
from app.text import N_


def repair(case: str) -> Command:
    """Believe the papers."""
    return RepairShelf(case=case)


def let_go(case: str) -> Command:
    """Close the case and change nothing; the hub's next round finds what still differs."""
    return LetGo(case=case)


KIND = Kind(
    code="stock_drift",
    title=N_("Stock figures differ"),
    hint=N_("Somebody changed the counter beside the papers. In doubt count the bin: that settles it."),
    severity="bad",
    rank=7,
    case_repairs=(
        CaseRepair(
            "repair_row",
            N_("Repair this row"),
            repair,
            N_("Only this counter is set to what its papers come to. The history keeps who did it."),
        ),
        CaseRepair(
            "let_go",
            N_("Leave it so"),
            let_go,
            N_("Nothing changes. What still differs is found again."),
        ),
    ),
    form="count_bin",
    stops=(Wait.COUNT,),
)
