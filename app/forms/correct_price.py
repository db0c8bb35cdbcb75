"""Guide: put the price of a line right."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.correct_price import CorrectPrice
from app.domain.money import shown
from app.domain.order import EDITABLE, Line, Order
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict, read_number, want_reason
from app.text import N_, Text

ALL, LINE = "all", "line"


def line_in(order: Order, answers: Answers) -> Line | None:
    """Return the line the answers speak of."""
    return next((line for line in order.lines if line.id == answers.get("line", "")), None)


def lines(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines with their prices."""
    choices = []
    for line in order.lines:
        article = facts.sku(line.sku) if line.sku else None
        title = article.title if article else line.title or line.ext_sku
        price = shown(line.unit_price_minor, order.currency)
        reason = Text(N_("{qty} at {price}"), {"qty": line.qty, "price": price})
        choices.append(Choice(line.id, Text("{title}", {"title": title}), reason))
    return tuple(choices)


def check_line(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a line of this order."""
    if any(line.id == value for line in order.lines):
        return None
    return Verdict(is_error=True, text=Text(N_("This line is not in the order. Choose another one.")))


def check_price(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want an amount, and show the list price beside it."""
    if not value.strip():
        return None
    price, line = read_number(value), line_in(order, answers)
    if price is None or line is None:
        return Verdict(is_error=True, text=Text(N_("That is no amount. Type it like 298.00.")))
    if price == line.unit_price_minor:
        return Verdict(is_error=True, text=Text(N_("The price is that already. Nothing to do.")))
    article = facts.sku(line.sku) if line.sku else None
    if article is None:
        return None
    known = shown(article.list_price_minor, article.currency)
    return Verdict(is_error=False, text=Text(N_("List price {list_price}"), {"list_price": known}))


def scopes(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Say whether the buyer pays another sum."""
    return (
        Choice(
            ALL, Text(N_("What is to be paid changes too")), Text(N_("More paid than due is refunded later."))
        ),
        Choice(LINE, Text(N_("Only the line was wrong")), Text(N_("What the buyer pays stays as agreed."))),
    )


def notes(answers: Answers, order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Show what is to be paid then."""
    price, line = read_number(answers.get("price", "")), line_in(order, answers)
    if price is None or line is None or answers.get("scope") == LINE:
        return ()
    payable = order.payable_minor + (price - line.unit_price_minor) * line.qty
    params: dict[str, str | int | Text] = {
        "before": shown(order.payable_minor, order.currency),
        "after": shown(payable, order.currency),
    }
    return (Note(N_("To pay"), Text("{before} → {after}", params), "stops" if payable < 0 else ""),)


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first line."""
    return {"line": order.lines[0].id if order.lines else "", "price": "", "scope": ALL, "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return CorrectPrice(
        order=order.id,
        line=answers["line"],
        unit_price_minor=read_number(answers["price"]) or 0,
        reason=answers["reason"].strip(),
        moves_total=answers["scope"] == ALL,
    )


FORM: Form[Order] = Form(
    code="correct_price",
    title=N_("Correct a price"),
    steps=(
        Step(
            name="line",
            title=N_("Line"),
            question=N_("Which price is wrong?"),
            reason=N_("One line at a time, so that each has its reason."),
            fields=(
                Field(
                    "line",
                    N_("Line"),
                    N_("Choose with the arrows."),
                    "choice",
                    check=check_line,
                    choices=lines,
                ),
            ),
        ),
        Step(
            name="price",
            title=N_("Price"),
            question=N_("What is right per piece?"),
            reason=N_("An odd price is asked about again."),
            fields=(
                Field(
                    "price",
                    N_("Price"),
                    N_("Per piece, in the order's currency."),
                    "money",
                    check=check_price,
                ),
                Field("reason", N_("Reason"), N_("Say who agreed to it."), check=want_reason),
            ),
        ),
        Step(
            name="scope",
            title=N_("Sum"),
            question=N_("Does the buyer pay another sum?"),
            reason=N_("A channel keeps its own sum; a typing mistake of ours does not change it."),
            fields=(
                Field(
                    "scope", N_("What changes"), N_("See the new sum beside it."), "choice", choices=scopes
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Correct price"),
    key="E",
    grant="correct_price",
    is_offered=lambda order, _facts: (
        order.status in EDITABLE and bool(order.lines) and order.makes_good is None
    ),
)
