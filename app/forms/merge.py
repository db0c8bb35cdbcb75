"""Guide: send another order of the same buyer together with this one."""

from __future__ import annotations

from app.command import Command, Facts, Unnamed
from app.commands.merge import Merge
from app.domain.making import merged, why_not_merge
from app.domain.money import shown
from app.domain.order import EDITABLE, Order
from app.domain.values import Keys, order_key
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict
from app.text import N_, Text


def others(answers: Answers) -> tuple[str, ...]:
    """Return the ids of the orders to send with it, each once."""
    named = (answers.get("other", "").strip(), answers.get("third", "").strip())
    return tuple(dict.fromkeys(one for one in named if one))


def needs(answers: Answers, _order: Order, _facts: Facts) -> Keys:
    """Look at the orders chosen."""
    return frozenset(order_key(one) for one in others(answers))


def found(id: str, facts: Facts) -> Order | None:
    """Return an order that was chosen, once it is loaded."""
    try:
        return facts.order(id)
    except Unnamed:
        return None


def check_other(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want an order that may go out with this one."""
    if not value.strip():
        return None
    other = found(value.strip(), facts)
    if other is None:
        return Verdict(is_error=True, text=Text(N_("Choose an order from the list.")))
    objection = why_not_merge((order, other))
    if objection is not None:
        return Verdict(is_error=True, text=objection.text)
    if answers.get("other", "") == answers.get("third", ""):
        return Verdict(is_error=True, text=Text(N_("Choose another order to merge with.")))
    params: dict[str, str | int | Text] = {
        "pieces": sum(line.qty for line in other.lines),
        "price": shown(other.payable_minor, other.currency),
    }
    return Verdict(is_error=False, text=Text(N_("Same buyer, {pieces} pieces, {price}"), params))


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Show what the one order would hold."""
    chosen = [one for name in others(answers) if (one := found(name, facts)) is not None]
    together = (order, *chosen)
    if why_not_merge(together) is not None:
        return ()
    made = merged("", together, facts.by.user, facts.now)
    params: dict[str, str | int | Text] = {
        "orders": len(together),
        "pieces": sum(line.qty for line in made.lines),
        "payable": shown(made.payable_minor, made.currency),
    }
    return (Note(N_("Together"), Text(N_("{orders} orders, {pieces} pieces, {payable} to pay"), params)),)


def sure(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the only way on: it is looked at once more before it is done."""
    return (
        Choice(
            "yes",
            Text(N_("Send them as one")),
            Text(N_("The originals stay readable and come back exactly, until picking begins.")),
        ),
    )


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with nothing chosen."""
    return {"other": "", "third": "", "sure": "yes"}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return Merge(orders=(order.id, *others(answers)), into=answers["into"])


def reach(order: Order) -> str:
    """Look for orders of the same buyer first."""
    return order.receiver.phone if "*" not in order.receiver.phone else order.receiver.name


FORM: Form[Order] = Form(
    code="merge",
    title=N_("Merge orders"),
    steps=(
        Step(
            name="other",
            title=N_("Other order"),
            question=N_("Which order goes with it?"),
            reason=N_("Same shop, same buyer, same door: one parcel instead of two."),
            told=("other", "third"),
            fields=(
                Field(
                    "other",
                    N_("Order"),
                    N_("Orders of the same buyer are offered; Down shows them."),
                    "order",
                    check=check_other,
                    seeks=reach,
                ),
                Field(
                    "third",
                    N_("One more"),
                    N_("Leave it empty for two orders."),
                    "order",
                    check=check_other,
                    is_optional=True,
                    seeks=reach,
                ),
            ),
        ),
        Step(
            name="check",
            title=N_("Check"),
            question=N_("Shall they go as one?"),
            reason=N_("Goods and money of all are in one order; each channel is told of its parcel."),
            fields=(
                Field("sure", N_("What next"), N_("See beside it what it holds."), "choice", choices=sure),
            ),
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    notes=notes,
    fresh=("into",),
    label=N_("Merge"),
    key="M",
    grant="merge",
    is_offered=lambda order, _facts: order.status in EDITABLE,
)
