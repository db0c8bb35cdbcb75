"""The hub could not do a command: a fault of the program, which an administrator must know of."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.snag import CaseRepair, Kind
from app.text import N_


def let_go(case: str) -> Command:
    """Close the case."""
    return LetGo(case=case)


KIND = Kind(
    code="broken_command",
    title=N_("Fault of the hub"),
    hint=N_("This one command was refused, everything else went on. Send the log of the hub to its makers."),
    severity="bad",
    case_repairs=(
        CaseRepair(
            "let_go",
            N_("It is reported"),
            let_go,
            N_("The command stays refused. Whoever gave it may do it again after an update."),
        ),
    ),
)
