"""Close a case: the delivery or the command is not pursued."""

from __future__ import annotations

from app.claims import no_work
from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import CaseClosed
from app.domain.values import Keys, snag_key
from app.text import N_


class LetGo(Command, frozen=True, kw_only=True):
    case: str
    reason: str = ""


def needs(command: LetGo) -> Keys:
    """Name the case."""
    return frozenset({snag_key(command.case)})


def decide(command: LetGo, facts: Facts) -> Decided:
    """Close it.

    Refuses: `no_case`, `taken`.
    """
    case = facts.case(command.case)
    if case is None or not case.is_open:
        return refuse("no_case", N_("This case is closed already. Nothing to do."))
    return no_work(case.snag, facts) or [CaseClosed(id=command.case)]


SPEC = Spec("let_go", LetGo, needs, decide, Authority.DESK, touches=False)
