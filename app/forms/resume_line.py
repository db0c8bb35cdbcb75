"""Guide: let a line that is kept back go on, or let the rest go on without it."""

from __future__ import annotations

from app.article_fields import line_said
from app.command import Command, Facts
from app.commands.resume import Resume
from app.commands.split import Split
from app.domain.making import held_apart, why_not_split
from app.domain.order import Order
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict, reason_field
from app.text import N_, Text

REST = "rest"


def ways(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer to resume each line, and to send the rest where there is one."""
    held = tuple(
        Choice(line.id, Text(N_("Resume {article}"), {"article": line_said(line, facts)}), Text(line.held))
        for line in order.lines
        if line.held and not line.held_by
    )
    parts = held_apart(order)
    if not parts or why_not_split(order, parts) is not None:
        return held
    why = Text(N_("What is held stays behind as an order of its own. It can be taken back."))
    return (*held, Choice(REST, Text(N_("Let the rest go on")), why))


def check_reason(value: str, answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want a reason where a line goes on: the next person reads nothing else."""
    if value.strip() or answers.get("how") == REST:
        return None
    return Verdict(is_error=True, text=Text(N_("Write why, so that the next person knows.")))


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say why each line is kept back."""
    said = ((line_said(line, facts), Text(line.held)) for line in order.lines if line.held)
    return tuple(
        Note(N_("Held"), Text(N_("{article}: {reason}"), {"article": article, "reason": reason}))
        for article, reason in said
    )


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first line a person keeps back, else with the rest."""
    first = next((line.id for line in order.lines if line.held and not line.held_by), REST)
    return {"how": first, "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    if answers["how"] == REST:
        return Split(order=order.id, parts=held_apart(order))
    return Resume(order=order.id, line=answers["how"], reason=answers["reason"].strip())


FORM: Form[Order] = Form(
    code="resume_line",
    title=N_("Resume a line"),
    steps=(
        Step(
            name="how",
            title=N_("What next"),
            question=N_("What goes on?"),
            reason=N_("Gates and stock are looked at, then it goes on."),
            fields=(
                Field("how", N_("Goes on"), N_("The line, or everything else."), "choice", choices=ways),
            ),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("What has changed?"),
            reason=N_("Whoever finds the order later reads it beside the hold."),
            fields=(reason_field(check_reason),),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Resume a line"),
    key="6",
    grant="resume",
    is_offered=lambda order, facts: bool(ways({}, order, facts)),
)
