"""Put a delivery that does not parse, or a refused command, before a person."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import CaseOpened
from app.domain.order import Snag
from app.domain.values import Keys, snag_key
from app.duties import opening_times
from app.text import N_, Text

KINDS = {
    "unreadable_order": "raw",
    "refused_command": "command",
    "broken_command": "command",
    "history_broken": "command",
    "token_stolen": "command",
    "stock_drift": "raw",
}
"""What each kind of case is about."""
SEVERE = frozenset({"broken_command", "history_broken", "token_stolen", "stock_drift"})
"""Something is wrong with the program or the database, not with one change."""


class OpenCase(Command, frozen=True, kw_only=True):
    """`subject_id` names the raw delivery, or the command; `owner` is the person who must look, if any."""

    case: str
    kind: str
    subject_id: str
    text: Text
    owner: str = ""


def needs(command: OpenCase) -> Keys:
    """Name the case."""
    return frozenset({snag_key(command.case)})


def decide(command: OpenCase, facts: Facts) -> Decided:
    """Open a case; the same one is opened once.

    Refuses: `unknown_kind`, `unchanged`.
    """
    subject = KINDS.get(command.kind)
    if subject is None:
        return refuse("unknown_kind", N_("There is no such exception type. Ask your administrator."))
    if facts.case(command.case) is not None:
        return refuse("unchanged", N_("This case is known. Nothing to do."))
    goal_min = facts.rules.snag_goal_min
    warn_at, due_at = opening_times("", goal_min, facts)
    snag = Snag(
        kind=command.kind,
        severity="bad" if command.kind in SEVERE else "warn",
        text=command.text,
        opened_at=facts.now,
        warn_at=warn_at,
        due_at=due_at,
        goal_min=goal_min,
    )
    opened = CaseOpened(
        id=command.case, snag=snag, subject=subject, subject_id=command.subject_id, owner=command.owner
    )
    return [opened]


SPEC = Spec("open_case", OpenCase, needs, decide, Authority.HUB, touches=False)
