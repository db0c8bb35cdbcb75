"""Guide: announced goods come on another day, or in another number."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.announce_stock import AnnounceStock
from app.domain.company import today_of
from app.domain.goods import DocKind, StockDoc
from app.domain.values import Keys, stock_doc_key
from app.form import About, Answers, Choice, Field, Form, Note, Shelf, Step, Verdict, read_date, read_number
from app.text import N_, Text


def papers(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Choice, ...]:
    """List what is announced here, the soonest first."""
    return tuple(
        Choice(
            one.doc, Text("{reference}", {"reference": one.reference}), Text(_SAID, _of(one.qty, one.due_on))
        )
        for one in (shelf.stock.arrivals if shelf.stock is not None else ())
    )


_SAID = N_("{qty} expected on {on}")


def _of(qty: int, on: object) -> dict[str, str | int | Text]:
    return {"qty": qty, "on": str(on)}


def needs(answers: Answers, _shelf: Shelf, _facts: Facts) -> Keys:
    """Load the paper that was chosen."""
    doc = answers.get("doc", "")
    return frozenset({stock_doc_key(doc)}) if doc else frozenset()


def paper(answers: Answers, facts: Facts) -> StockDoc | None:
    """Return the paper that was chosen."""
    doc = facts.rows.get(stock_doc_key(answers.get("doc", "")))
    return doc if isinstance(doc, StockDoc) else None


def check_day(value: str, _answers: Answers, _shelf: Shelf, facts: Facts) -> Verdict | None:
    """Want a day that is not over, or nothing."""
    day = read_date(value)
    if value.strip() and (day is None or day < today_of(None, facts.now)):
        return Verdict(
            is_error=True, text=Text(N_("It comes today or later, within two years. Change the day."))
        )
    return None


def check_pieces(value: str, answers: Answers, shelf: Shelf, facts: Facts) -> Verdict | None:
    """Want what orders count on, or nothing."""
    pieces, doc = read_number(value), paper(answers, facts)
    if not value.strip() or doc is None or shelf.stock is None:
        return None
    least = max(1, doc.coming - (shelf.stock.coming - shelf.stock.awaited))
    if pieces is None or pieces < least:
        text = Text(N_("At least {least}: so many are sold ahead."), {"least": least})
        return Verdict(is_error=True, text=text, correction=str(least))
    return None


def notes(answers: Answers, _shelf: Shelf, facts: Facts) -> tuple[Note, ...]:
    """Say what was announced, and what a later day leads to."""
    doc = paper(answers, facts)
    if doc is None or doc.due_on is None:
        return ()
    return (
        Note(N_("Announced"), Text(_SAID, _of(doc.coming, doc.due_on))),
        Note(
            N_("A later day"),
            Text(N_("Buyers who wait are told by themselves, and each order asks you.")),
            "waits",
        ),
    )


def start(shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with the paper that comes first."""
    arrivals = shelf.stock.arrivals if shelf.stock is not None else ()
    return {"doc": arrivals[0].doc if arrivals else "", "due_on": "", "qty": ""}


def build(shelf: Shelf, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers; what was left empty stays."""
    doc = paper(answers, facts)
    left = read_number(answers["qty"])
    was_due = doc.due_on if doc is not None else None
    return AnnounceStock(
        doc=answers["doc"],
        warehouse=shelf.warehouse,
        sku=shelf.sku,
        qty=(doc.qty if left is None else doc.arrived + left) if doc is not None else 0,
        due_on=read_date(answers["due_on"]) or was_due or today_of(None, facts.now),
        reference=doc.reference if doc is not None else "",
        is_quota=doc is not None and doc.kind is DocKind.QUOTA,
    )


FORM: Form[Shelf] = Form(
    code="move_arrival",
    title=N_("Change what is announced"),
    steps=(
        Step(
            name="paper",
            title=N_("Announced"),
            question=N_("Which goods?"),
            reason=N_("Each order to a supplier has a day of its own."),
            fields=(
                Field("doc", N_("Announced"), N_("The order to the supplier."), "choice", choices=papers),
            ),
        ),
        Step(
            name="day",
            title=N_("Day"),
            question=N_("When does it come, and how much?"),
            reason=N_("What orders were promised follows the new day."),
            fields=(
                Field(
                    "due_on",
                    N_("Expected on"),
                    N_("Leave it empty to keep the day."),
                    "date",
                    check=check_day,
                    is_optional=True,
                ),
                Field(
                    "qty",
                    N_("Still to come"),
                    N_("Leave it empty to keep the number."),
                    "number",
                    check=check_pieces,
                    is_optional=True,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    needs=needs,
    notes=notes,
    label=N_("Change what is announced"),
    key="M",
    grant="announce_stock",
    is_offered=lambda shelf, _facts: shelf.stock is not None and bool(shelf.stock.arrivals),
)
