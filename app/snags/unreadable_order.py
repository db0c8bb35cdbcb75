"""A delivery of a channel does not parse; its text is kept as it came."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.commands.read_again import OF_CHANNEL, OF_FILE, ReadAgain
from app.domain.clock import Wait
from app.snag import CaseRepair, Kind
from app.text import N_


def read_again(case: str) -> Command | None:
    """Have the hub read what came from a channel it talks to by itself."""
    return ReadAgain(case=case) if case.startswith(OF_CHANNEL) else None


def no_command(_case: str) -> Command | None:
    """Say that nothing is done with one key: the columns are looked at first."""
    return None


def open_columns(case: str) -> str:
    """Show which column means what, for rows that came in a file."""
    return "import_file" if case.startswith(OF_FILE) else ""


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
            "read_again",
            N_("Read again"),
            read_again,
            N_("The order is read from its channel as it is now. If that fails it is back in an hour."),
        ),
        CaseRepair(
            "correct_columns",
            N_("Correct columns"),
            no_command,
            N_(
                "The rows as they came are taken once more, each once. The case ends when all of them are in."
            ),
            open_columns,
        ),
        CaseRepair(
            "set_aside",
            N_("Set aside"),
            let_go,
            N_("The delivery stays in the archive and can be read again from the channel."),
        ),
    ),
    stops=(Wait.PLATFORM,),
    shows_raw=True,
)
