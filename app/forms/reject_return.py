"""Guide: say no to an after-sales case, and why."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.reject_return import RejectReturn
from app.domain.aftersale import REASONS, ReturnCase, ReturnState, case_said
from app.domain.order import Order
from app.form import Answers, Choice, Field, Form, Step, Verdict, want_reason
from app.text import N_, Text


def asked(order: Order) -> tuple[ReturnCase, ...]:
    """Return the cases that wait for a word."""
    return tuple(case for case in order.returns if case.state is ReturnState.REQUESTED)


def cases(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List the cases that wait for a word."""
    return tuple(
        Choice(case.id, case_said(case), Text(REASONS.get(case.reason, case.reason))) for case in asked(order)
    )


def check_case(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a case nobody has decided on."""
    if any(case.id == value for case in asked(order)):
        return None
    return Verdict(is_error=True, text=Text(N_("This case is decided already. Choose another.")))


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first case."""
    first = next(iter(asked(order)), None)
    return {"case": first.id if first else "", "answer": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return RejectReturn(order=order.id, case=answers["case"], reason=answers["answer"])


FORM: Form[Order] = Form(
    code="reject_return",
    title=N_("Reject a return"),
    steps=(
        Step(
            name="case",
            title=N_("Case"),
            question=N_("Which case is rejected?"),
            reason=N_("It ends as if nobody had asked; the buyer may ask again."),
            fields=(
                Field(
                    "case",
                    N_("Case"),
                    N_("Cases that wait for a word."),
                    "choice",
                    check=check_case,
                    choices=cases,
                ),
            ),
        ),
        Step(
            name="answer",
            title=N_("Answer"),
            question=N_("Why is it rejected?"),
            reason=N_("Colleagues read it in the history. Write no name and no address."),
            fields=(
                Field(
                    "answer",
                    N_("Reason"),
                    N_("A few words, for instance: worn, too late."),
                    "text",
                    check=want_reason,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    label=N_("Reject return"),
    key="X",
    grant="reject_return",
    is_offered=lambda order, _facts: bool(asked(order)),
)
