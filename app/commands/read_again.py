"""Have what a channel sent read once more: as the channel has it now, or with the mapping of today."""

from __future__ import annotations

from datetime import timedelta

from app.claims import no_work
from app.command import NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.clock import Wait
from app.domain.duty import Snooze
from app.domain.events import SnagSnoozed
from app.domain.values import Keys, snag_key
from app.text import N_

KIND, VOUCHER = "unreadable_order", "voucher_refused"
PATIENCE = timedelta(hours=1)
"""After that it is in the list again, whatever the channel said."""
OF_CHANNEL, OF_FILE = "shop:", "file:"
"""Cases of shops the hub talks to by itself begin so; files and other systems are not asked again."""


class ReadAgain(Command, frozen=True, kw_only=True):
    case: str


def needs(command: ReadAgain) -> Keys:
    """Name the case."""
    return frozenset({snag_key(command.case)})


def decide(command: ReadAgain, facts: Facts) -> Decided:
    """Let it wait for the channel, its clock standing still; the hub closes it once it could be read.

    A voucher that was refused waits for the bookkeeping system in the same way.

    Refuses: `no_snag`, `no_channel`, `taken`, `asleep`.
    Source: capabilities 15, unreadable_order.
    """
    case = facts.case(command.case)
    if case is None or not case.is_open or case.snag.kind not in (KIND, VOUCHER):
        return NO_SNAG
    if case.snag.kind == KIND and not command.case.startswith(OF_CHANNEL):
        return refuse("no_channel", N_("This came in a file. Correct its columns, or import it again."))
    if (kept := no_work(case.snag, facts)) is not None:
        return kept
    if case.snag.snooze is not None:
        return refuse("asleep", N_("It is put off already. Wake it first."))
    snooze = Snooze(by=facts.by.user, at=facts.now, until=facts.now + PATIENCE, wait=Wait.PLATFORM)
    stops = Wait.PLATFORM in case.snag.may_stop
    return [SnagSnoozed(case=case.id, kind=case.snag.kind, snooze=snooze, stops=stops)]


def inverse(command: ReadAgain, facts: Facts) -> Undo | None:
    """Put it back into the list."""
    case = facts.case(command.case)
    return Undo("wake", {"case": command.case, "kind": case.snag.kind if case is not None else KIND})


SPEC = Spec("read_again", ReadAgain, needs, decide, Authority.DESK, inverse=inverse, touches=False)
