"""A bookkeeping system does not take the voucher of a day."""

from __future__ import annotations

from app.command import Command
from app.commands.let_go import LetGo
from app.commands.read_again import ReadAgain
from app.domain.clock import Wait
from app.snag import CaseRepair, Kind
from app.text import N_


def send_again(case: str) -> Command:
    """Have it sent once more, now that what it lacked is there."""
    return ReadAgain(case=case)


def by_hand(case: str) -> Command:
    """Close the case: it stands in the books already."""
    return LetGo(case=case)


KIND = Kind(
    code="voucher_refused",
    title=N_("Voucher refused"),
    hint=N_("Look there which account or book is missing, mend it, then send it again."),
    severity="warn",
    rank=25,
    case_repairs=(
        CaseRepair(
            "send_again",
            N_("Send again"),
            send_again,
            N_("It is sent within a minute, once. Booked, the case closes; refused, it is back in an hour."),
        ),
        CaseRepair(
            "by_hand",
            N_("Booked by hand"),
            by_hand,
            N_("It is not sent any more. Do this only when it stands in the books."),
        ),
    ),
    stops=(Wait.PLATFORM,),
)
