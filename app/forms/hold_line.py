"""Guide: keep a single line back and say why; the order waits for it, or the rest goes on."""

from __future__ import annotations

from app.article_fields import line_said
from app.command import Command, Facts
from app.commands.hold import Hold
from app.domain.order import EDITABLE, Order
from app.form import Answers, Choice, Field, Form, Step, reason_field
from app.text import N_, Text


def lines(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer every line that is not kept back yet."""
    return tuple(
        Choice(line.id, line_said(line, facts), Text(N_("{count} pieces"), {"count": line.qty}))
        for line in order.lines
        if line.qty and not line.held
    )


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first line that may be kept back."""
    first = next((line.id for line in order.lines if line.qty and not line.held), "")
    return {"line": first, "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return Hold(order=order.id, line=answers["line"], reason=answers["reason"].strip())


FORM: Form[Order] = Form(
    code="hold_line",
    title=N_("Hold a line"),
    steps=(
        Step(
            name="line",
            title=N_("Line"),
            question=N_("Which line must wait?"),
            reason=N_("Its stock stays promised. The rest may go on as an order of its own."),
            fields=(Field("line", N_("Line"), N_("One line at a time."), "choice", choices=lines),),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("Why must it wait?"),
            reason=N_("Whoever finds the order later reads it on the line."),
            fields=(reason_field(),),
        ),
    ),
    start=start,
    build=build,
    label=N_("Hold a line"),
    key="5",
    grant="hold",
    is_offered=lambda order, _facts: (
        order.status in EDITABLE and sum(1 for line in order.lines if line.qty and not line.held) > 1
    ),
)
