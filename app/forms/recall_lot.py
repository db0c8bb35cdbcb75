"""Guide: recall a lot, or end its recall."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.recall_lot import RecallLot
from app.domain.lot import RECALLED, lot_fault
from app.form import About, Answers, Field, Form, Note, Shelf, Step, Verdict
from app.lot_fields import HINT, LABEL, lots, read_lot
from app.text import N_, Text


def is_recalled(lot: str, shelf: Shelf) -> bool:
    """Tell whether a lot is recalled already: then its recall is to end."""
    return shelf.article is not None and any(one.lot == lot for one in shelf.article.recalls)


def check_lot(value: str, answers: Answers, shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want the number of a lot; say where it ends a recall."""
    found = read_lot({**answers, "lot": value})
    if fault := found.fault or lot_fault(found.lot):
        return Verdict(is_error=True, text=Text(fault))
    if is_recalled(found.lot, shelf):
        ends = N_("Lot {lot} is recalled. This ends it: its pieces may be sold again.")
        return Verdict(is_error=False, is_doubtful=True, text=Text(ends, {"lot": found.lot}))
    return None


def check_reason(value: str, answers: Answers, shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want a word why; the end of a recall needs none."""
    if value.strip() or is_recalled(read_lot(answers).lot, shelf):
        return None
    return Verdict(is_error=True, text=Text(N_("Write why, so that the next person knows.")))


def notes(answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what lies there of it, and how to find who got it."""
    lot = read_lot(answers).lot
    known = next((one for one in (shelf.stock.lots if shelf.stock else ()) if lot and one.no == lot), None)
    here = known.qty if known is not None else 0
    picked = known.picked if known is not None else 0
    said = [Note(N_("On this shelf"), Text(N_("{count} pieces"), {"count": here}))]
    if picked:
        text = Text(N_("{count} pieces; their parcels do not leave"), {"count": picked})
        said.append(Note(N_("Picked, not shipped"), text, "stops"))
    if lot:
        text = Text(N_("Search the orders for {lot}: all that hold it or got it."), {"lot": lot})
        said.append(Note(N_("Who got it"), text))
    return tuple(said)


def start(shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with a lot that is recalled, where there is one; nobody recalls by pressing Enter."""
    found = shelf.stock.lots if shelf.stock is not None else ()
    return {"lot": next((lot.no for lot in found if lot.barred == RECALLED), ""), "reason": ""}


def build(shelf: Shelf, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    lot = read_lot(answers).lot
    is_over = is_recalled(lot, shelf)
    reason = "" if is_over else answers.get("reason", "").strip()
    return RecallLot(sku=shelf.sku, lot=lot, reason=reason, is_over=is_over)


FORM: Form[Shelf] = Form(
    code="recall_lot",
    title=N_("Recall a lot"),
    steps=(
        Step(
            name="lot",
            title=N_("Lot"),
            question=N_("Which lot may nobody get any more?"),
            reason=N_("It is held back in every warehouse at once, also what comes in later."),
            fields=(Field("lot", LABEL, HINT, "combo", check=check_lot, choices=lots),),
        ),
        Step(
            name="why",
            title=N_("Reason"),
            question=N_("What is the matter with it?"),
            reason=N_("Whoever finds pieces of it, or is asked for it, reads this."),
            fields=(
                Field(
                    "reason",
                    N_("Reason"),
                    N_("For instance: glass found, notice of the maker."),
                    check=check_reason,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    notes=notes,
    label=N_("Recall a lot"),
    key="B",
    grant="recall_lot",
    is_offered=lambda shelf, _facts: shelf.stock is not None and bool(shelf.stock.lots),
)
