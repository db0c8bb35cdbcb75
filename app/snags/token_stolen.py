"""Somebody else came with the sign-in of a PC: that login is over, and a person decides about the PC."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.snag import CaseRepair, Kind
from app.text import N_


def let_go(case: str) -> Command:
    """Close the case and change nothing else."""
    return LetGo(case=case)


KIND = Kind(
    code="token_stolen",
    title=N_("Sign-in used elsewhere"),
    hint=N_("An administrator puts the PC out under Settings, PCs, unless it was copied on purpose."),
    severity="bad",
    case_repairs=(
        CaseRepair(
            "looked_at",
            N_("Looked at"),
            let_go,
            N_("The PC stays as it is under Settings, PCs. The sign-in stays over."),
        ),
    ),
)
