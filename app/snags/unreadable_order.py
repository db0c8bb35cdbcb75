"""A delivery of a channel does not parse; its text is kept as it came."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.domain.clock import Wait
from app.snag import CaseRepair, Kind
from app.text import N_


def let_go(case: str) -> Command:
    """Close the case and change nothing else."""
    return LetGo(case=case)


KIND = Kind(
    code="unreadable_order",
    title=N_("Delivery unreadable"),
    hint=N_("Read the delivery as it came. Correct the field mapping, or take the order in by hand."),
    severity="warn",
    rank=33,
    case_repairs=(
        CaseRepair(
            "set_aside",
            N_("Set aside"),
            let_go,
            N_("The delivery stays in the archive and can be read again from the channel."),
        ),
    ),
    stops=(Wait.PLATFORM,),
)
