"""Guide: count what lies in one bin."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.count_bin import CountBin
from app.domain.goods_events import signed
from app.form import About, Answers, Field, Form, Note, Shelf, Step, Verdict, read_number
from app.lot_fields import (
    HINT,
    KEEPS,
    KEEPS_HINT,
    LABEL,
    asks_lot,
    base_of_lot,
    bases,
    in_lots,
    lot_verdict,
    lots,
    read_lot,
)  # fmt: skip
from app.text import N_, Text


def base_of(answers: Answers, shelf: Shelf) -> int:
    """Return what the screen said when the guide was opened: what moves since is no difference."""
    if asks_lot(answers):
        return base_of_lot(answers)
    known = read_number(answers.get("base", ""))
    return known if known is not None else on_hand(shelf)


def on_hand(shelf: Shelf) -> int:
    """Return what the screen says now."""
    return shelf.stock.on_hand if shelf.stock else 0


def check_counted(value: str, answers: Answers, shelf: Shelf, facts: Facts) -> Verdict | None:
    """Compare with the screen; a large difference will ask a second person.

    Source: rules recount_above_pieces.
    """
    counted = read_number(value)
    if counted is None:
        return Verdict(is_error=True, text=Text(N_("How many lie there? Type 0 or more.")))
    difference = counted - base_of(answers, shelf)
    if asks_lot(answers):
        wrong = lot_verdict(answers, facts, (shelf.warehouse, shelf.sku), difference)
        if wrong is not None and wrong.is_error:
            return wrong
    promised = shelf.stock.promised if shelf.stock else 0
    if on_hand(shelf) + difference < promised:
        text = Text(
            N_("{reserved} are promised to orders. Cancel or hold some of them first."),
            {"reserved": promised},
        )
        return Verdict(is_error=True, text=text)
    params: dict[str, str | int | Text] = {"difference": signed(difference)}
    if not difference:
        return Verdict(is_error=False, text=Text(N_("Equal to the screen")))
    is_second = bool(shelf.stock and shelf.stock.counting)
    if abs(difference) > facts.rules.recount_above_pieces and not is_second:
        text = Text(N_("{difference}: a second person will count too"), params)
        return Verdict(is_error=False, is_doubtful=True, text=text)
    return Verdict(is_error=False, text=Text(N_("{difference} pieces"), params))


def notes(answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what the screen holds, what is picked already, and whether this is the second count."""
    base = base_of(answers, shelf)
    said = [Note(N_("On the screen"), Text(N_("{base} pieces when you began"), {"base": base}))]
    moved = on_hand(shelf) - base
    if moved and not asks_lot(answers):
        text = Text(N_("{moved} pieces since you began; they are no difference"), {"moved": signed(moved)})
        said.append(Note(N_("Moved meanwhile"), text, "waits"))
    if shelf.stock and shelf.stock.reserved:
        text = Text(N_("Count picked goods too, until they are with the carrier."))
        said.append(Note(N_("Picked, not shipped"), text, "waits"))
    if shelf.stock and shelf.stock.counting:
        text = Text(N_("Somebody found a large difference. Count without looking at their figure."))
        said.append(Note(N_("Second count"), text, "waits"))
    return tuple(said)


def start(shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with what the screen says now."""
    return {"counted": "", "base": str(on_hand(shelf)), "reference": "", "reason": "", "doc": "",
        "lot": "", "best_before": "", "bases": bases(shelf), "in_lots": in_lots(shelf),
    }  # fmt: skip


def build(shelf: Shelf, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers: for the count that waits, if one does."""
    lot = read_lot(answers)
    waiting = shelf.stock.counting if shelf.stock else ""
    return CountBin(
        doc=waiting or answers["doc"],
        warehouse=shelf.warehouse,
        sku=shelf.sku,
        counted=read_number(answers["counted"]) or 0,
        base=base_of(answers, shelf),
        reference=answers.get("reference", ""),
        reason=answers.get("reason", ""),
        lot=lot.lot,
        best_before=lot.best_before,
    )


FORM: Form[Shelf] = Form(
    code="count_bin",
    title=N_("Count a bin"),
    steps=(
        Step(
            name="count",
            title=N_("Count"),
            question=N_("How many pieces lie there?"),
            reason=N_("The difference is booked under your name, and can be taken back."),
            fields=(
                Field("lot", LABEL, HINT, "combo", choices=lots, is_asked=asks_lot),
                Field("best_before", KEEPS, KEEPS_HINT, "date", is_optional=True, is_asked=asks_lot),
                Field(
                    "counted",
                    N_("Counted"),
                    N_("Count first, then compare."),
                    "number",
                    check=check_counted,
                ),
            ),
        ),
        Step(
            name="paper",
            title=N_("Note"),
            question=N_("What should others know?"),
            reason=N_("A number or a word makes a difference understandable later."),
            told=("reference", "reason"),
            fields=(
                Field(
                    "reference",
                    N_("Count sheet"),
                    N_("Its number, if there is one."),
                    is_optional=True,
                ),
                Field(
                    "reason",
                    N_("Reason"),
                    N_("For instance: broken, found in another bin."),
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
    label=N_("Count bin"),
    key="C",
    grant="count_bin",
)
