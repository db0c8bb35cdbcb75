"""Guide: write down what a buyer wants back, exchanged or paid."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.open_return import PAID_BACK, SENT, OpenReturn
from app.domain.aftersale import COMES_BACK, KIND_TITLES, REASONS, Asked, ReturnKind
from app.domain.money import shown
from app.domain.order import Order
from app.domain.refund import paid_per_line, returnable
from app.form import Advice, Answers, Choice, Field, Form, Note, Row, Step, Verdict, rows_of, rows_text
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


def check_pieces(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want at least one piece, and no more than may be asked for."""
    rows = [row for row in rows_of(value) if row.qty]
    most = {choice.value: choice.most for choice in pieces(answers, order, facts)}
    if not rows:
        return Verdict(is_error=True, text=Text(N_("How many pieces? Type a number beside an article.")))
    for row in rows:
        if row.qty > most.get(row.key, 0):
            text = Text(
                N_("At most {most} pieces can still come back. Ask for fewer."),
                {"most": most.get(row.key, 0)},
            )
            return Verdict(is_error=True, text=text)
    return None


def advise_all(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest everything that may be asked for."""
    whole = rows_text(Row(choice.value, choice.most) for choice in pieces(answers, order, facts))
    if not whole or whole == answers.get("pieces", ""):
        return None
    return Advice(
        Text(N_("Suggestion: everything")), Text(N_("Every piece that may be asked for.")), {"pieces": whole}
    )


def reasons(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List why buyers ask."""
    return tuple(Choice(code, Text(title)) for code, title in REASONS.items())


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
    asked = tuple(Asked(row.key, row.qty) for row in rows_of(answers["pieces"]) if row.qty)
    return OpenReturn(
        order=order.id, case=answers["case"], kind=kind_of(answers), asked=asked, reason=answers["reason"]
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
            summary=lambda _answers: "",
        ),
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("Which pieces is it about?"),
            reason=N_("No piece comes back twice, and no line gives back more than was paid for it."),
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
            question=N_("Why does the buyer ask?"),
            reason=N_("Reasons are counted, so that the cause can be cured."),
            fields=(Field("reason", N_("Reason"), N_("Choose the closest one."), "choice", choices=reasons),),
            summary=lambda _answers: "",
        ),
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
