"""Put a delivery that does not parse, or a refused command, before a person."""

from __future__ import annotations

from typing import NamedTuple

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.clock import Wait
from app.domain.events import CaseClosed, CaseOpened
from app.domain.order import Snag
from app.domain.values import Keys, snag_key
from app.duties import opening_times
from app.text import N_, Text


class About(NamedTuple):
    """What a kind of case is about, "raw" or "command", how grave it is, and whom its clock may wait for."""

    subject: str
    severity: str = "bad"
    may_stop: tuple[Wait, ...] = ()


KINDS = {
    "unreadable_order": About("raw", "warn", (Wait.PLATFORM,)),
    "refused_command": About("command", "warn"),
    "broken_command": About("command"),
    "history_broken": About("command"),
    "token_stolen": About("command"),
    "voucher_refused": About("raw", "warn", (Wait.PLATFORM,)),
    "stock_drift": About("raw", may_stop=(Wait.COUNT,)),
}
"""Where something is wrong with the program or the database, not with one change, it is grave."""


class OpenCase(Command, frozen=True, kw_only=True):
    """`subject_id` names the raw delivery, or the command; `owner` is the person who must look, if any.

    `over`: whoever opened it says why nobody need look any more, in `text`.
    """

    case: str
    kind: str
    subject_id: str
    text: Text
    owner: str = ""
    over: bool = False


def needs(command: OpenCase) -> Keys:
    """Name the case."""
    return frozenset({snag_key(command.case)})


def decide(command: OpenCase, facts: Facts) -> Decided:
    """Open a case; the same one is opened once, and what is over is closed whoever has it.

    Refuses: `unknown_kind`, `unchanged`.
    """
    about = KINDS.get(command.kind)
    if about is None:
        return refuse("unknown_kind", N_("There is no such exception type. Ask your administrator."))
    known = facts.case(command.case)
    if command.over and known is not None and known.is_open:
        return [CaseClosed(id=command.case, why=command.text)]
    if command.over or known is not None:
        return refuse("unchanged", N_("This case is known. Nothing to do."))
    goal_min = facts.rules.snag_goal_min
    warn_at, due_at = opening_times("", goal_min, facts)
    snag = Snag(
        kind=command.kind,
        severity=about.severity,
        text=command.text,
        opened_at=facts.now,
        warn_at=warn_at,
        due_at=due_at,
        goal_min=goal_min,
        may_stop=about.may_stop,
    )
    opened = CaseOpened(
        id=command.case, snag=snag, subject=about.subject, subject_id=command.subject_id, owner=command.owner
    )
    return [opened]


SPEC = Spec("open_case", OpenCase, needs, decide, Authority.HUB, touches=False)
