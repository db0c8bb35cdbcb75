"""Put an exception that was put off back into the list."""

from __future__ import annotations

from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.duties import woken
from app.text import N_


class Wake(Command, frozen=True, kw_only=True):
    order: str = ""
    kind: str
    case: str = ""


def decide(command: Wake, facts: Facts) -> Decided:
    """End the sleep; a clock that stood still goes on.

    Refuses: `no_order`, `no_snag`, `awake`.
    """
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.snooze is None:
        return refuse("awake", N_("It is in the list already. Nothing to do."))
    return [woken(command, snag, facts)]


def inverse(command: Wake, facts: Facts) -> Undo | None:
    """Put it off again as it was."""
    snag = snag_of(command, facts)
    if isinstance(snag, Refusal) or snag.snooze is None or snag.snooze.until is None:
        return None
    until, wait = snag.snooze.until, snag.snooze.wait
    return Undo("snooze", {**about(command), "until": until, "wait": wait})


SPEC = Spec("wake", Wake, subject_of, decide, Authority.DESK, inverse=inverse)
