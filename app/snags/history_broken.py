"""A desk saw this history otherwise than it is now: somebody changed it, or went back without saying so."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.snag import CaseRepair, Kind
from app.text import N_


def let_go(case: str) -> Command:
    """Close the case and change nothing else."""
    return LetGo(case=case)


KIND = Kind(
    code="history_broken",
    title=N_("History changed"),
    hint=N_("Ask who touched the database. Check it with docket verify and the last anchor before going on."),
    severity="bad",
    case_repairs=(
        CaseRepair(
            "explained",
            N_("It is explained"),
            let_go,
            N_("The evidence stays at the hub and on the desk that found it."),
        ),
    ),
)
