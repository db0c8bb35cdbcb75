"""Guide: announce goods that are to arrive, so that they can be sold ahead."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.announce_stock import AnnounceStock
from app.domain.company import today_of
from app.form import About, Answers, Choice, Field, Form, Note, Shelf, Step, Verdict, read_date, read_number
from app.text import N_, Text

PURCHASE, QUOTA = "purchase", "quota"


def kinds(_answers: Answers, _shelf: Shelf, facts: Facts) -> tuple[Choice, ...]:
    """List what may be announced; a pre-sale is for whoever decides what is sold."""
    bought = Choice(PURCHASE, Text(N_("Goods that were bought")), Text(N_("A receipt fulfils it.")))
    ahead = Choice(QUOTA, Text(N_("Pre-sale")), Text(N_("So many may be sold before any purchase.")))
    return (bought, ahead) if "set_stock_policy" in facts.by.grants else (bought,)


def check_pieces(value: str, _answers: Answers, _shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want one piece or more."""
    if (read_number(value) or 0) >= 1:
        return None
    return Verdict(is_error=True, text=Text(N_("How many? Type 1 or more.")))


def check_day(value: str, _answers: Answers, _shelf: Shelf, facts: Facts) -> Verdict | None:
    """Want a day that is not over."""
    day = read_date(value)
    if day is None or day < today_of(None, facts.now):
        return Verdict(
            is_error=True, text=Text(N_("It comes today or later, within two years. Change the day."))
        )
    return None


def check_reference(value: str, _answers: Answers, _shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want the number of a paper."""
    if value.strip():
        return None
    text = N_("Write the number of the order to the supplier, up to 60 characters.")
    return Verdict(is_error=True, text=Text(text))


def notes(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what is expected and sold by now, and who may count on it."""
    coming, sold = (shelf.stock.coming, shelf.stock.awaited) if shelf.stock is not None else (0, 0)
    told: dict[str, str | int | Text] = {"sold": sold, "coming": coming}
    expected = N_("{sold} of {coming} expected are sold ahead") if coming else N_("Nothing is expected yet")
    return (
        Note(N_("Expected by now"), Text(expected, told if coming else {})),
        Note(
            N_("Who may count on it"),
            Text(N_("Orders of shops whose stock policy says Sell ahead.")),
            "waits",
        ),
    )


def start(_shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with goods that were bought."""
    return {"kind": PURCHASE, "qty": "", "due_on": "", "reference": "", "doc": ""}


def build(shelf: Shelf, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    return AnnounceStock(
        doc=answers["doc"],
        warehouse=shelf.warehouse,
        sku=shelf.sku,
        qty=read_number(answers["qty"]) or 0,
        due_on=read_date(answers["due_on"]) or today_of(None, facts.now),
        reference=answers["reference"].strip(),
        is_quota=answers["kind"] == QUOTA,
    )


FORM: Form[Shelf] = Form(
    code="announce_stock",
    title=N_("Announce goods"),
    steps=(
        Step(
            name="what",
            title=N_("Which kind"),
            question=N_("What is announced?"),
            reason=N_("Orders that find nothing can wait for it with a day, and never for more than comes."),
            fields=(
                Field("kind", N_("Which kind"), N_("A purchase, or a pre-sale."), "choice", choices=kinds),
            ),
        ),
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("How many come, and when?"),
            reason=N_("The day is what buyers are promised."),
            fields=(
                Field("qty", N_("Pieces"), N_("All that is to come."), "number", check=check_pieces),
                Field(
                    "due_on", N_("Expected on"), N_("By the supplier, or by you."), "date", check=check_day
                ),
                Field(
                    "reference",
                    N_("Purchase number"),
                    N_("Of the order to the supplier; a receipt with it belongs to it."),
                    check=check_reference,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    notes=notes,
    fresh=("doc",),
    label=N_("Announce goods"),
    key="E",
    grant="announce_stock",
)
