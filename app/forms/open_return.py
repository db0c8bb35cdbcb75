"""Guide: write down what a buyer wants back, exchanged or paid."""

from __future__ import annotations

from app.asked_pieces import asked_of, pieces_step, reason_step
from app.command import Command, Facts
from app.commands.open_return import PAID_BACK, SENT, OpenReturn
from app.domain.aftersale import COMES_BACK, KIND_TITLES, REASONS, ReturnKind
from app.domain.money import shown
from app.domain.order import Order
from app.domain.refund import paid_per_line, returnable
from app.form import Answers, Choice, Field, Form, Note, Step
from app.text import N_, Text

MEANS: dict[ReturnKind, str] = {
    ReturnKind.RETURN: N_("The goods come back, then the money goes back."),
    ReturnKind.EXCHANGE: N_("The goods come back, then the same goods go out again."),
    ReturnKind.REFUND: N_("The buyer keeps the goods, or never got them."),
}


def kind_of(answers: Answers) -> ReturnKind:
    """Return the kind chosen, a return while none is."""
    known = answers.get("kind", "")
    return ReturnKind(known) if known in {kind.value for kind in ReturnKind} else ReturnKind.RETURN


def kinds(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer what may be promised for this order; a re-shipment has a guide of its own."""
    offered = MEANS if order.status in SENT else {ReturnKind.REFUND: MEANS[ReturnKind.REFUND]}
    return tuple(Choice(kind.value, Text(KIND_TITLES[kind]), Text(means)) for kind, means in offered.items())


def pieces(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines with what was paid for them, and how many pieces may still be asked for."""
    paid = paid_per_line(order)
    kind = kind_of(answers)
    choices = []
    for line in order.lines:
        most = returnable(order, line.id) if kind in COMES_BACK else line.qty
        article = facts.sku(line.sku) if line.sku else None
        title = article.title if article else line.title or line.ext_sku
        params: dict[str, str | int | Text] = {
            "qty": line.qty,
            "paid": shown(paid.get(line.id, 0), order.currency),
        }
        if most:
            reason = Text(N_("{qty} sold, {paid} paid for them"), params)
            choices.append(Choice(line.id, Text("{title}", {"title": title}), reason, most=most))
    return tuple(choices)


def notes(_answers: Answers, order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what was asked before, and who may accept this."""
    who = Note(N_("Who accepts it"), Text(N_("A colleague: nobody accepts a case they opened.")))
    if not order.returns:
        return (who,)
    known = Text(N_("{count} cases were opened for this order before."), {"count": len(order.returns)})
    return (who, Note(N_("Earlier cases"), known, "waits"))


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with a return, or with money alone where no goods have left."""
    first = kinds({}, order, facts)[0].value
    return {"kind": first, "pieces": "", "reason": "", "case": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return OpenReturn(
        order=order.id,
        case=answers["case"],
        kind=kind_of(answers),
        asked=asked_of(answers),
        reason=answers["reason"],
    )


FORM: Form[Order] = Form(
    code="open_return",
    title=N_("Open a return"),
    steps=(
        Step(
            name="kind",
            title=N_("Wish"),
            question=N_("What does the buyer want?"),
            reason=N_("It decides whether goods or money move."),
            fields=(
                Field(
                    "kind",
                    N_("Wish"),
                    N_("A lost parcel is sent again with the guide for re-shipping."),
                    "choice",
                    choices=kinds,
                ),
            ),
        ),
        pieces_step(
            N_("Which pieces is it about?"),
            N_("No piece comes back twice, and no line gives back more than was paid for it."),
            pieces,
            N_("At most {most} pieces can still come back. Ask for fewer."),
            (N_("Suggestion: everything"), N_("Every piece that may be asked for.")),
        ),
        reason_step(N_("Why does the buyer ask?"), REASONS),
    ),
    start=start,
    build=build,
    notes=notes,
    fresh=("case",),
    label=N_("Open return"),
    key="B",
    grant="open_return",
    is_offered=lambda order, _facts: order.status in PAID_BACK,
)
