"""Guide: send some pieces of an order by themselves."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.split import Split
from app.domain.making import Part, split, why_not_split
from app.domain.money import shown
from app.domain.order import EDITABLE, Order
from app.form import Advice, Answers, Choice, Field, Form, Note, Row, Step, Verdict, rows_of, rows_text
from app.text import N_, Text


def parts(answers: Answers, order: Order) -> tuple[Part, Part]:
    """Return what stays together and what goes separately."""
    apart = {row.key: row.qty for row in rows_of(answers.get("pieces", ""))}
    stays = tuple(
        (line.id, line.qty - apart.get(line.id, 0))
        for line in order.lines
        if line.qty > apart.get(line.id, 0)
    )
    goes = tuple((line.id, apart[line.id]) for line in order.lines if apart.get(line.id))
    return Part(answers.get("first", "1"), stays), Part(answers.get("second", "2"), goes)


def free_of(sku: str, order: Order, facts: Facts) -> int:
    """Return the free pieces in the warehouse that has most, those promised to this order counted in."""
    mine = sum(item.qty for item in order.reserved if item.sku == sku)
    places = facts.warehouses_of(order) if sku else ()
    return max((facts.free(warehouse, sku) for warehouse in places), default=0) + mine


def pieces(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines with how many are there."""
    choices = []
    for line in order.lines:
        article = facts.sku(line.sku) if line.sku else None
        title = article.title if article else line.title or line.ext_sku
        params: dict[str, str | int | Text] = {"qty": line.qty, "free": free_of(line.sku, order, facts)}
        reason = Text(N_("{qty} ordered, {free} free"), params)
        if line.qty:
            choices.append(Choice(line.id, Text("{title}", {"title": title}), reason, most=line.qty))
    return tuple(choices)


def check_pieces(value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want at least one piece on either side."""
    found = why_not_split(order, parts({**answers, "pieces": value}, order))
    return Verdict(is_error=True, text=found.text) if found is not None else None


def advise_short(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest that what is short waits by itself."""
    missing = [
        Row(line.id, line.qty - max(0, min(line.qty, free_of(line.sku, order, facts))))
        for line in order.lines
        if line.sku
    ]
    short = rows_text(row for row in missing if row.qty)
    whole = sum(line.qty for line in order.lines)
    if not short or sum(row.qty for row in missing) >= whole or short == answers.get("pieces", ""):
        return None
    return Advice(
        Text(N_("Suggestion: what is short waits alone")),
        Text(N_("The rest can go out today.")),
        {"pieces": short},
    )


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Show how goods and money are shared out."""
    wanted = parts(answers, order)
    if why_not_split(order, wanted) is not None:
        return ()
    made = split(order, wanted, facts.by.user, facts.now)
    return tuple(
        Note(
            _PARTS[at],
            Text(
                N_("{pieces} pieces, {payable} to pay"),
                {
                    "pieces": sum(line.qty for line in one.lines),
                    "payable": shown(one.payable_minor, one.currency),
                },
            ),
        )
        for at, one in enumerate(made)
    )


_PARTS = (N_("Stays together"), N_("Goes separately"))


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with everything together."""
    return {"pieces": "", "sure": "yes"}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return Split(order=order.id, parts=parts(answers, order))


def sure(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the only way on: it is looked at once more before it is done."""
    return (
        Choice(
            "yes",
            Text(N_("Send it in two parts")),
            Text(N_("Each part is an order of its own. You can take it back until picking begins.")),
        ),
    )


FORM: Form[Order] = Form(
    code="split",
    title=N_("Split the order"),
    steps=(
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("What goes separately?"),
            reason=N_("What is not chosen stays together."),
            fields=(
                Field(
                    "pieces",
                    N_("Goes separately"),
                    N_("Type how many pieces of each article."),
                    "amounts",
                    check=check_pieces,
                    choices=pieces,
                ),
            ),
            advice=advise_short,
        ),
        Step(
            name="check",
            title=N_("Check"),
            question=N_("Is it shared out right?"),
            reason=N_("The money follows the goods, to the last cent."),
            fields=(Field("sure", N_("What next"), N_("See both parts beside it."), "choice", choices=sure),),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    fresh=("first", "second"),
    label=N_("Split"),
    key="S",
    grant="split",
    is_offered=lambda order, _facts: order.status in EDITABLE and sum(line.qty for line in order.lines) > 1,
)
