"""Guide: send goods to another warehouse."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.send_transfer import SendTransfer
from app.form import About, Answers, Choice, Field, Form, Note, Shelf, Step, Verdict, read_number
from app.lot_fields import first_lot, in_lots, lot_field, read_lot
from app.text import N_, Text


def targets(_answers: Answers, shelf: Shelf, facts: Facts) -> tuple[Choice, ...]:
    """List the other buildings."""
    return tuple(
        Choice(code, Text("{title}", {"title": place.title}))
        for code, place in sorted(facts.refs.warehouses.items())
        if code != shelf.warehouse
    )


def check_target(value: str, _answers: Answers, shelf: Shelf, facts: Facts) -> Verdict | None:
    """Want another building."""
    if value in facts.refs.warehouses and value != shelf.warehouse:
        return None
    return Verdict(is_error=True, text=Text(N_("There is no such warehouse. Choose one from the list.")))


def check_pieces(value: str, _answers: Answers, shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want pieces nobody was promised; warn where it eats into the safety stock."""
    pieces, free = read_number(value), shelf.unreserved
    if pieces is None or pieces < 1:
        return Verdict(is_error=True, text=Text(N_("How many? Type 1 or more.")))
    params: dict[str, str | int | Text] = {"free": free}
    if pieces > free:
        text = Text(N_("Only {free} are not promised to orders. Send fewer."), params)
        return Verdict(is_error=True, text=text, correction=str(free) if free else "")
    safety = shelf.stock.safety if shelf.stock else 0
    if free - pieces < safety:
        return Verdict(
            is_error=False, text=Text(N_("Less than the safety stock of {safety} stays"), {"safety": safety})
        )
    return Verdict(is_error=False, text=Text(N_("{left} stay free"), {"left": free - pieces}))


def notes(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what may be sent, and what transit means."""
    return (
        Note(N_("Not promised"), Text(N_("{free} pieces"), {"free": shelf.unreserved})),
        Note(N_("On the way"), Text(N_("Nobody is promised goods in transit.")), "waits"),
    )


def start(shelf: Shelf, facts: Facts) -> dict[str, str]:
    """Begin with the first other building."""
    first = next(iter(targets({}, shelf, facts)), None)
    known = {"lot": first_lot(shelf), "in_lots": in_lots(shelf)}
    return {"target": first.value if first else "", "qty": "", "reference": "", "doc": ""} | known


def build(shelf: Shelf, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return SendTransfer(
        doc=answers["doc"],
        warehouse=shelf.warehouse,
        target=answers["target"],
        sku=shelf.sku,
        qty=read_number(answers["qty"]) or 0,
        reference=answers.get("reference", "").strip(),
        lot=read_lot(answers).lot,
    )


FORM: Form[Shelf] = Form(
    code="send_transfer",
    title=N_("Send to another warehouse"),
    steps=(
        Step(
            name="target",
            title=N_("Target"),
            question=N_("Where do the goods go?"),
            reason=N_("They are taken in there, as many as arrive."),
            fields=(
                Field(
                    "target",
                    N_("Warehouse"),
                    N_("Every building but this one."),
                    "choice",
                    check=check_target,
                    choices=targets,
                ),
            ),
        ),
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("How many pieces?"),
            reason=N_("What orders were promised stays here."),
            fields=(
                Field("qty", N_("Pieces"), N_("At most what is not promised."), "number", check=check_pieces),
                lot_field(),
                Field(
                    "reference",
                    N_("Waybill"),
                    N_("The number it travels under, if there is one."),
                    is_optional=True,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    notes=notes,
    fresh=("doc",),
    label=N_("Transfer"),
    key="T",
    grant="send_transfer",
    is_offered=lambda shelf, facts: shelf.unreserved > 0 and len(facts.refs.warehouses) > 1,
)
