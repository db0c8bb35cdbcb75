"""The hub refused what was done here, or another desk was faster."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.snag import CaseRepair, Kind
from app.text import N_


def let_go(case: str) -> Command:
    """Close the case and change nothing else."""
    return LetGo(case=case)


KIND = Kind(
    code="refused_command",
    title=N_("Change refused"),
    hint=N_("Compare your change with the order as it is now, then do it again or let it go."),
    severity="warn",
    rank=28,
    case_repairs=(
        CaseRepair(
            "let_go",
            N_("Let it go"),
            let_go,
            N_("The order stays as it is now. Your change stays in the history."),
        ),
    ),
)
