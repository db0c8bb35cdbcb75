"""Guide: a parcel that left bears another tracking number."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.correct_number import TOLD, WHY, CorrectNumber
from app.domain.effect import WITH_THE_LAST
from app.domain.lifecycle import SENT
from app.domain.order import Order
from app.domain.waybill import is_number
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict
from app.labelling import waits_for_last
from app.text import N_, Text


def check_number(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a number that is one, and another one."""
    number = value.strip()
    if not is_number(number):
        return Verdict(
            is_error=True, text=Text(N_("A tracking number has 4 to 40 letters and digits. Scan the label."))
        )
    if number == order.tracking_no:
        return Verdict(is_error=True, text=Text(N_("It has this number already. Nothing to do.")))
    return None


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say what it is called now, and who is told."""
    named: dict[str, str | int | Text] = {"carrier": order.carrier, "number": order.tracking_no}
    parcel = Note(N_("Parcel"), Text("{carrier} {number}", named))
    shop = facts.shop_of(order)
    is_told = bool(order.ext_id) and shop is not None and "number" in shop.hears
    said = (
        N_("The channel is told.") if is_told else N_("Only here: change it on the channel's own page too.")
    )
    if waits_for_last(order, facts.order):
        said = WITH_THE_LAST
    return (parcel, Note(N_("Channel"), Text(said)))


def reasons(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer why a number changes."""
    return tuple(Choice(code, Text(words)) for code, words in WHY.items() if code != TOLD)


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with nothing scanned."""
    return {"tracking_no": "", "why": "mistyped"}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return CorrectNumber(order=order.id, tracking_no=answers["tracking_no"].strip(), why=answers["why"])


FORM: Form[Order] = Form(
    code="correct_number",
    title=N_("Correct the tracking number"),
    steps=(
        Step(
            name="number",
            title=N_("Number"),
            question=N_("Which number does the parcel bear?"),
            reason=N_("The carrier's news are followed under it, and the buyer looks it up."),
            fields=(
                Field(
                    "tracking_no",
                    N_("Tracking number"),
                    N_("Scan the label, or type it."),
                    check=check_number,
                ),
            ),
        ),
        Step(
            name="why",
            title=N_("Reason"),
            question=N_("Why is it another one?"),
            reason=N_("It stands in the history of the order."),
            fields=(Field("why", N_("Reason"), N_("What comes closest."), "choice", choices=reasons),),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Other tracking number"),
    key="9",
    grant="correct_number",
    is_offered=lambda order, _facts: (
        order.status in SENT and bool(order.tracking_no) and not order.replaced_by and not order.told_by
    ),
)
