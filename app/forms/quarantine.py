"""Guide: hold goods back until somebody has looked at them."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.quarantine import Quarantine
from app.form import About, Answers, Field, Form, Note, Shelf, Step, Verdict, read_number, want_reason
from app.lot_fields import first_lot, in_lots, lot_field, read_lot
from app.text import N_, Text


def check_pieces(value: str, _answers: Answers, shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want pieces nobody was promised."""
    pieces, free = read_number(value), shelf.unreserved
    if pieces is None or pieces < 1:
        return Verdict(is_error=True, text=Text(N_("How many? Type 1 or more.")))
    if pieces > free:
        text = Text(N_("Only {free} are not promised to orders. Hold fewer back."), {"free": free})
        return Verdict(is_error=True, text=text, correction=str(free) if free else "")
    return Verdict(is_error=False, text=Text(N_("{left} stay free"), {"left": free - pieces}))


def notes(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what may be held back, and how it comes back."""
    return (
        Note(N_("Not promised"), Text(N_("{free} pieces"), {"free": shelf.unreserved})),
        Note(N_("Until then"), Text(N_("Nobody is promised them; what is good comes back with I.")), "waits"),
    )


def start(shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with nothing."""
    return {"qty": "", "reason": "", "doc": "", "lot": first_lot(shelf), "in_lots": in_lots(shelf)}


def build(shelf: Shelf, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return Quarantine(
        doc=answers["doc"],
        warehouse=shelf.warehouse,
        sku=shelf.sku,
        qty=read_number(answers["qty"]) or 0,
        reason=answers["reason"].strip(),
        lot=read_lot(answers).lot,
    )


FORM: Form[Shelf] = Form(
    code="quarantine",
    title=N_("Hold back"),
    steps=(
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("How many pieces are to be looked at?"),
            reason=N_("They leave the shelf at once; what orders were promised stays."),
            fields=(
                Field("qty", N_("Pieces"), N_("At most what is not promised."), "number", check=check_pieces),
                lot_field(),
            ),
        ),
        Step(
            name="why",
            title=N_("Reason"),
            question=N_("What is the matter with them?"),
            reason=N_("Whoever looks at them knows what to look for."),
            fields=(
                Field(
                    "reason", N_("Reason"), N_("For instance: wet carton, wrong label."), check=want_reason
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    notes=notes,
    fresh=("doc",),
    label=N_("Hold back"),
    key="H",
    grant="quarantine",
    is_offered=lambda shelf, _facts: shelf.unreserved > 0,
)
