"""Guide: send lost or missing pieces again, at no charge."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.open_return import SENT, OpenReturn
from app.domain.aftersale import REASONS, Asked, ReturnKind
from app.domain.order import Order
from app.form import Advice, Answers, Choice, Field, Form, Note, Row, Step, Verdict, rows_of, rows_text
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


def check_pieces(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want at least one piece, and no more than were sent."""
    rows = [row for row in rows_of(value) if row.qty]
    most = {choice.value: choice.most for choice in pieces(answers, order, facts)}
    if not rows:
        return Verdict(is_error=True, text=Text(N_("How many pieces? Type a number beside an article.")))
    over = next((row for row in rows if row.qty > most.get(row.key, 0)), None)
    if over is None:
        return None
    text = Text(N_("Only {most} were sent. Ask for fewer."), {"most": most.get(over.key, 0)})
    return Verdict(is_error=True, text=text)


def advise_all(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the whole parcel."""
    whole = rows_text(Row(choice.value, choice.most) for choice in pieces(answers, order, facts))
    if not whole or whole == answers.get("pieces", ""):
        return None
    return Advice(
        Text(N_("Suggestion: the whole parcel")), Text(N_("Every piece that was sent.")), {"pieces": whole}
    )


def reasons(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List why goods are sent again."""
    return tuple(Choice(code, Text(REASONS[code])) for code in FITTING)


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
    asked = tuple(Asked(row.key, row.qty) for row in rows_of(answers["pieces"]) if row.qty)
    return OpenReturn(
        order=order.id,
        case=answers["case"],
        kind=ReturnKind.RESHIP,
        asked=asked,
        reason=answers["reason"],
    )


FORM: Form[Order] = Form(
    code="reship",
    title=N_("Send again"),
    steps=(
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("Which pieces go out again?"),
            reason=N_("The replacement costs nothing and is never taken for a double order."),
            fields=(
                Field(
                    "pieces",
                    N_("Pieces"),
                    N_("Type how many of each article."),
                    "amounts",
                    check=check_pieces,
                    choices=pieces,
                ),
            ),
            advice=advise_all,
            summary=lambda answers: str(sum(row.qty for row in rows_of(answers.get("pieces", "")))),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("Why are they sent again?"),
            reason=N_("Reasons are counted, so that the cause can be cured."),
            fields=(Field("reason", N_("Reason"), N_("Choose the closest one."), "choice", choices=reasons),),
            summary=lambda _answers: "",
        ),
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
