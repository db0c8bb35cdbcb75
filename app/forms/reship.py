"""Guide: send lost or missing pieces again, at no charge."""

from __future__ import annotations

from app.asked_pieces import asked_of, pieces_step, reason_step
from app.command import Command, Facts
from app.commands.open_return import SENT, OpenReturn
from app.domain.aftersale import ReturnKind
from app.domain.order import Order
from app.form import Answers, Choice, Form, Note
from app.text import N_, Text

FITTING = ("lost", "missing", "damaged", "defective", "wrong_item")
"""Reasons for which goods are sent again without waiting for any."""


def pieces(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines that were sent, with what is free to be sent again."""
    choices = []
    for line in order.lines:
        article = facts.sku(line.sku) if line.sku else None
        if article is None:
            continue
        free = max((facts.free(place, line.sku) for place in facts.warehouses_of(order)), default=0)
        label = Text("{title}", {"title": article.title})
        reason = Text(N_("{qty} sent, {free} free"), {"qty": line.qty, "free": free})
        choices.append(Choice(line.id, label, reason, most=line.qty))
    return tuple(choices)


def notes(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what follows."""
    return (
        Note(
            N_("What follows"),
            Text(N_("A colleague accepts it. Then an order that costs nothing takes its stock at once.")),
        ),
    )


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with a lost parcel."""
    return {"pieces": "", "reason": FITTING[0], "case": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return OpenReturn(
        order=order.id,
        case=answers["case"],
        kind=ReturnKind.RESHIP,
        asked=asked_of(answers),
        reason=answers["reason"],
    )


FORM: Form[Order] = Form(
    code="reship",
    title=N_("Send again"),
    steps=(
        pieces_step(
            N_("Which pieces go out again?"),
            N_("The replacement costs nothing and is never taken for a double order."),
            pieces,
            N_("Only {most} were sent. Ask for fewer."),
            (N_("Suggestion: the whole parcel"), N_("Every piece that was sent.")),
        ),
        reason_step(N_("Why are they sent again?"), FITTING),
    ),
    start=start,
    build=build,
    notes=notes,
    fresh=("case",),
    label=N_("Send again"),
    key="S",
    grant="open_return",
    is_offered=lambda order, _facts: order.status in SENT and order.matched,
)
