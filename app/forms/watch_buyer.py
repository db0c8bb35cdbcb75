"""Guide: put the buyer of an order on the list, and say why."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.watch_buyer import REASON_MOST, WatchBuyer
from app.domain.duplicate import block_keys
from app.domain.order import Order
from app.domain.watch import WHAT
from app.form import Answers, Choice, Field, Form, Step, Verdict
from app.text import N_, Text


def whats(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer what may be held against a buyer."""
    return tuple(Choice(code, Text(title)) for code, title in WHAT.items())


def check_what(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want one of them."""
    if value in WHAT:
        return None
    return Verdict(is_error=True, text=Text(N_("Choose from the list what happened.")))


def check_reason(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want a reason: it is all that whoever meets the next order knows."""
    if not value.strip():
        return Verdict(is_error=True, text=Text(N_("Write why, so that the next person knows.")))
    if len(value.strip()) > REASON_MOST:
        return Verdict(is_error=True, text=Text(N_("Say it in 120 characters.")))
    return None


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with nothing said."""
    return {"what": "", "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return WatchBuyer(order=order.id, what=answers["what"], reason=answers["reason"].strip())


FORM: Form[Order] = Form(
    code="watch_buyer",
    title=N_("Watch a buyer"),
    steps=(
        Step(
            name="what",
            title=N_("Incident"),
            question=N_("Why is this buyer not served without looking?"),
            reason=N_("Orders to the same phone or the same door stop here until a lead has looked."),
            fields=(
                Field(
                    "what",
                    N_("What the buyer did"),
                    N_("Choose what comes closest."),
                    "choice",
                    check=check_what,
                    choices=whats,
                ),
            ),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("What shall the next person know?"),
            reason=N_("It is all that is read beside the next order."),
            fields=(
                Field(
                    "reason",
                    N_("Reason"),
                    N_("What happened, for whoever meets the next order. No names or numbers of the buyer."),
                    check=check_reason,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    label=N_("Watch buyer"),
    key="C",
    grant="watch_buyer",
    is_offered=lambda order, _facts: bool(block_keys(order.receiver, order.region)),
)
