"""How an exception comes before the lead, and back: by itself, or together with what is done to its order."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.claims import AboutSnag, about, no_claim, snag_of
from app.command import NOT_ALLOWED, Facts, Refusal, refuse
from app.domain.duty import LEADS, REASON_MOST, Escalation, Why
from app.domain.events import Event, SnagEscalated, SnagRecalled
from app.domain.order import Snag
from app.duties import woken
from app.text import N_


class Asked(NamedTuple):
    """One exception of an order."""

    order: str
    kind: str
    case: str = ""


def is_asked(snag: Snag) -> bool:
    """Tell whether a person sent it to the lead."""
    return snag.escalation is not None and snag.escalation.why == Why.ASKED


def sent(what: AboutSnag, reason: str, facts: Facts) -> list[Event] | Refusal:
    """Let the lead have an exception; its clock runs on. Whatever does so needs the right to `escalate`.

    Refuses: `not_allowed`, `no_order`, `no_snag`, `no_reason`, `long_reason`, `with_lead`, `claimed`.
    """
    if "escalate" not in facts.by.grants:
        return NOT_ALLOWED
    snag = snag_of(what, facts)
    if isinstance(snag, Refusal):
        return snag
    reason = " ".join(reason.split())
    if not reason:
        return refuse("no_reason", N_("Write why, so that the lead knows."))
    if len(reason) > REASON_MOST:
        return refuse("long_reason", N_("That is too long. Say it in {count} characters."), count=REASON_MOST)
    if is_asked(snag):
        return refuse("with_lead", N_("The lead has it already. Nothing to do."))
    if (kept := no_claim(snag, facts)) is not None:
        return kept
    events: list[Event] = [woken(what, snag, facts)] if snag.snooze is not None else []
    sent = Escalation(why=Why.ASKED, at=facts.now, by=facts.by.user, reason=reason)
    return [*events, SnagEscalated(**about(what), escalation=sent)]


def taken_back(
    what: AboutSnag, facts: Facts, to: str = "", claimed_at: datetime | None = None
) -> list[Event] | Refusal:
    """End the lead's attention: `to` has it then, since `claimed_at`. Whatever does so needs `recall`.

    Refuses: `not_allowed`, `no_order`, `no_snag`, `not_with_lead`, `claimed`, `not_yours`.
    """
    if "recall" not in facts.by.grants:
        return NOT_ALLOWED
    snag = snag_of(what, facts)
    if isinstance(snag, Refusal):
        return snag
    if snag.escalation is None:
        return refuse("not_with_lead", N_("It does not stand before the lead. Nothing to do."))
    is_lead = facts.by.role in LEADS
    if not is_lead and snag.escalation.by != facts.by.user:
        return refuse("not_yours", N_("Somebody else sent it to the lead. Ask the lead."))
    if snag.claimed_at is not None and snag.owner != facts.by.user:
        return refuse("claimed", N_("{who} has claimed it. Take the next one."), who=snag.owner)
    return [SnagRecalled(**about(what), to=to, claimed_at=claimed_at)]
