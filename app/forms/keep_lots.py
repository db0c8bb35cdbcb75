"""Guide: keep an article in lots, each with the day until which it keeps."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.keep_lots import KeepLots
from app.domain.lot import DAYS_MOST, InLots
from app.form import About, Answers, Choice, Field, Form, Note, Shelf, Step, Verdict, read_number
from app.lotting import kept_as
from app.text import N_, Text

ANY, FIRST, NONE = "any", "first", "none"


def ways(_answers: Answers, _shelf: Shelf, _facts: Facts) -> tuple[Choice, ...]:
    """Say whether a picker may take another lot, or that there are none."""
    return (
        Choice(ANY, Text(N_("In lots; another one goes with a reason"))),
        Choice(FIRST, Text(N_("In lots; only the one that expires first"))),
        Choice(NONE, Text(N_("Without lots"))),
    )


def check_days(value: str, _answers: Answers, _shelf: Shelf, _facts: Facts) -> Verdict | None:
    """Want days, none at all among them."""
    days = read_number(value)
    if days is None or days > DAYS_MOST:
        return Verdict(is_error=True, text=Text(N_("Type 0 to {most} days."), {"most": DAYS_MOST}))
    return None


def notes(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Note, ...]:
    """Say what becomes of the pieces that lie there now."""
    if shelf.stock is None or shelf.stock.lots or not shelf.stock.on_hand:
        return ()
    text = Text(
        N_("{count} pieces lie in no lot yet; they are sold last. Move them by a count."),
        {"count": shelf.stock.on_hand},
    )
    return (Note(N_("On hand now"), text, "waits"),)


def start(shelf: Shelf, _facts: Facts) -> dict[str, str]:
    """Begin with how it is kept now."""
    kept = kept_as(shelf.article)
    return {
        "min_days": str(kept.min_days),
        "warn_days": str(kept.warn_days),
        "kept": FIRST if kept.is_strict else ANY,
    }


def build(shelf: Shelf, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    kept = InLots(
        min_days=read_number(answers["min_days"]) or 0,
        warn_days=read_number(answers["warn_days"]) or 0,
        is_strict=answers["kept"] == FIRST,
    )
    return KeepLots(sku=shelf.sku, in_lots=kept if answers["kept"] != NONE else None)


FORM: Form[Shelf] = Form(
    code="keep_lots",
    title=N_("Keep in lots"),
    steps=(
        Step(
            name="days",
            title=N_("Days"),
            question=N_("How long must a piece keep when it is sold?"),
            reason=N_("What keeps for fewer days is free to nobody, in every channel."),
            fields=(
                Field(
                    "min_days",
                    N_("Days left when sold"),
                    N_("A piece that keeps for fewer days is not sold any more."),
                    "number",
                    check=check_days,
                    unit=N_("{count} days"),
                ),
                Field(
                    "warn_days",
                    N_("Days of warning"),
                    N_("So long before it stands in the list of what expires."),
                    "number",
                    check=check_days,
                    unit=N_("{count} days"),
                ),
            ),
        ),
        Step(
            name="kept",
            title=N_("Lots"),
            question=N_("How is this article kept?"),
            reason=N_("In every warehouse. What expires first is picked first."),
            fields=(
                Field(
                    "kept", N_("How it is kept"), N_("What is known of lots stays."), "choice", choices=ways
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.STOCK,
    notes=notes,
    label=N_("Keep in lots"),
    key="L",
    grant="keep_lots",
    is_offered=lambda shelf, _facts: shelf.article is not None and not shelf.article.parts,
)
