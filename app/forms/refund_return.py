"""Guide: settle an after-sales case with money."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.refund_return import RefundReturn
from app.domain.aftersale import REASONS, TO_SETTLE, Refunded, ReturnCase, case_said
from app.domain.money import apportion, shown
from app.domain.order import Order
from app.domain.refund import advised_refund, money_left, most_refundable
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict, read_number
from app.text import N_, Text


def due(order: Order) -> tuple[ReturnCase, ...]:
    """Return the cases that can be settled."""
    return tuple(case for case in order.returns if case.state in TO_SETTLE)


def case_in(order: Order, answers: Answers) -> ReturnCase | None:
    """Return the case the answers speak of."""
    return next((case for case in due(order) if case.id == answers.get("case", "")), None)


def cases(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List the cases that can be settled, with what is advised."""
    return tuple(
        Choice(case.id, case_said(case), Text(REASONS.get(case.reason, case.reason))) for case in due(order)
    )


def check_case(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a case that is accepted, its goods graded."""
    if any(case.id == value for case in due(order)):
        return None
    return Verdict(is_error=True, text=Text(N_("Accept the case and grade the goods first.")))


def check_amount(value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want no more than was paid for the pieces and not given back yet."""
    case = case_in(order, answers)
    amount = read_number(value)
    if amount is None:
        return Verdict(is_error=True, text=Text(N_("How much? Type an amount, 0 settles it without money.")))
    if case is None:
        return None
    most = sum(most_refundable(order, case).values())
    params: dict[str, str | int | Text] = {"most": shown(most, order.currency)}
    if amount > most:
        text = Text(N_("At most {most} was paid for this and not given back yet. Type less."), params)
        return Verdict(is_error=True, text=text, correction=str(most))
    return Verdict(is_error=False, text=Text(N_("Up to {most} may be given back"), params))


def advise_amount(answers: Answers, order: Order, _facts: Facts) -> Advice | None:
    """Suggest what was paid for the pieces that came back."""
    case = case_in(order, answers)
    if case is None:
        return None
    amount = sum(advised_refund(order, case).values())
    if str(amount) == answers.get("amount", ""):
        return None
    return Advice(
        Text(N_("Suggestion: {amount}"), {"amount": shown(amount, order.currency)}),
        Text(N_("What was paid for these pieces, without those that did not come back.")),
        {"amount": str(amount)},
    )


def notes(answers: Answers, order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what is left of the money, and how a part is shared out."""
    left = Note(
        N_("Not given back yet"),
        Text("{amount}", {"amount": shown(money_left(order), order.currency)}),
    )
    case = case_in(order, answers)
    if case is None or len(case.lines) < 2:
        return (left,)
    return (left, Note(N_("Several lines"), Text(N_("The amount is shared by what was paid for each."))))


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first case and what is advised for it."""
    first = next(iter(due(order)), None)
    amount = sum(advised_refund(order, first).values()) if first else 0
    return {"case": first.id if first else "", "amount": str(amount)}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers: an amount is shared out so that no line gives more than it may."""
    case = case_in(order, answers)
    most = most_refundable(order, case) if case else {}
    amount = read_number(answers["amount"]) or 0
    shares = apportion(amount, list(most.values())) if any(most.values()) else (0,) * len(most)
    refunds = tuple(Refunded(line, share) for line, share in zip(most, shares, strict=True))
    return RefundReturn(order=order.id, case=answers["case"], refunds=refunds)


FORM: Form[Order] = Form(
    code="refund_return",
    title=N_("Refund the buyer"),
    steps=(
        Step(
            name="case",
            title=N_("Case"),
            question=N_("Which case is settled?"),
            reason=N_("Money settles it: nothing more is expected or sent."),
            fields=(
                Field(
                    "case",
                    N_("Case"),
                    N_("Cases that are accepted, their goods graded."),
                    "choice",
                    check=check_case,
                    choices=cases,
                ),
            ),
        ),
        Step(
            name="amount",
            title=N_("Amount"),
            question=N_("How much goes back?"),
            reason=N_("Never more than was paid for each line."),
            fields=(
                Field(
                    "amount",
                    N_("Amount"),
                    N_("Less is a partial refund; 0 settles the case without money."),
                    "money",
                    check=check_amount,
                ),
            ),
            advice=advise_amount,
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Refund"),
    key="Shift+M",
    grant="refund_return",
    is_offered=lambda order, _facts: bool(due(order)),
)
