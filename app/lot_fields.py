"""What guides ask about lots: which one, typed or scanned off the carton, and until when it keeps."""

from __future__ import annotations

from datetime import date

from app.command import Facts, Refusal
from app.domain.catalogue import Sku
from app.domain.gs1 import Scanned, barcodes_of, scanned
from app.domain.lot import BARRED, Lot
from app.form import Answers, Choice, Field, Row, Shelf, Verdict, read_date, rows_of, rows_text
from app.lotting import wrong_lot
from app.text import N_, Text

NO_LOT = "–"
"""How pieces of no lot are chosen: an empty answer is none yet."""
LABEL, HINT = N_("Lot"), N_("Scan the code on the carton, or type the number.")
KEEPS = N_("Best before")
KEEPS_HINT = N_("The day on the carton; a scan brings it along.")


def read_lot(answers: Answers) -> Scanned:
    """Return the lot that was scanned or typed, with its day."""
    value = answers.get("lot", "").strip()
    found = scanned(value) or Scanned(lot="" if value == NO_LOT else value)
    typed = read_date(answers.get("best_before", ""))
    return Scanned(gtin=found.gtin, lot=found.lot, best_before=typed or found.best_before, fault=found.fault)


def lot_verdict(
    answers: Answers, facts: Facts, shelf: tuple[str, str], delta: int, *, names: bool = False
) -> Verdict | None:
    """Say what was read of a code, or why these pieces do not go into this lot, or out of it."""
    found, article = read_lot(answers), facts.sku(shelf[1])
    if found.fault:
        return Verdict(is_error=True, text=Text(found.fault))
    if _is_other(found, article):
        text = Text(N_("This code is of another article. Look at the carton."))
        return Verdict(is_error=True, text=text)
    wrong = wrong_lot(facts, shelf, found.lot, delta, found.best_before, names=names)
    if isinstance(wrong, Refusal):
        return Verdict(is_error=True, text=wrong.text)
    return Verdict(is_error=False, text=_read(found)) if found.gtin else None


def _is_other(found: Scanned, article: Sku | None) -> bool:
    is_known = article is not None and article.barcode.isdecimal() and len(article.barcode) >= 8
    return bool(is_known and found.gtin and article and article.barcode not in barcodes_of(found.gtin))


def _read(found: Scanned) -> Text:
    if found.best_before is None:
        return Text(N_("Lot {lot}"), {"lot": found.lot or NO_LOT})
    day = found.best_before.isoformat()
    return Text(N_("Lot {lot}, best before {day}"), {"lot": found.lot or NO_LOT, "day": day})


def in_lots(shelf: Shelf) -> str:
    """Say whether a shelf asks for lots, as an answer; empty: it does not."""
    is_kept = shelf.article is not None and shelf.article.in_lots is not None
    return "1" if is_kept or (shelf.stock is not None and shelf.stock.lots) else ""


def asks_lot(answers: Answers) -> bool:
    """Tell whether the shelf asks for lots."""
    return bool(answers.get("in_lots"))


def lots(_answers: Answers, shelf: Shelf, _facts: Facts) -> tuple[Choice, ...]:
    """List the lots of a shelf with what lies there of each."""
    found = shelf.stock.lots if shelf.stock is not None else ()
    return tuple(
        Choice(lot.no or NO_LOT, Text("{lot}", {"lot": lot.no or NO_LOT}), _told(lot)) for lot in found
    )


def _told(lot: Lot) -> Text:
    params: dict[str, str | int | Text] = {"free": lot.free, "day": _day(lot.best_before)}
    if lot.barred:
        return Text(N_("{free} pieces, {day}, {why}"), params | {"why": Text(BARRED[lot.barred])})
    return Text(N_("{free} pieces, {day}"), params)


def _day(day: date | None) -> Text:
    return Text(N_("no day known")) if day is None else Text("{day}", {"day": day.isoformat()})


def out_of_lot(value: str, answers: Answers, shelf: Shelf, facts: Facts) -> Verdict | None:
    """Want a lot that holds as many pieces as are asked for."""
    pieces = int(answers["qty"]) if answers.get("qty", "").isdecimal() else 1
    asked = {**answers, "lot": value}
    return lot_verdict(asked, facts, (shelf.warehouse, shelf.sku), -pieces)


def first_lot(shelf: Shelf) -> str:
    """Return the lot to begin with: one that may not be sold before the others."""
    found = [lot for lot in (shelf.stock.lots if shelf.stock is not None else ()) if lot.free]
    first = next((lot for lot in found if lot.barred), found[0] if found else None)
    return (first.no or NO_LOT) if first is not None else ""


def lot_field() -> Field[Shelf]:
    """Ask from which lot pieces are taken."""
    return Field("lot", LABEL, HINT, "combo", check=out_of_lot, choices=lots, is_asked=asks_lot)


def bases(shelf: Shelf) -> str:
    """Remember what the screen said of every lot when a count began."""
    found = shelf.stock.lots if shelf.stock is not None else ()
    return rows_text(Row(lot.no or NO_LOT, lot.qty) for lot in found)


def base_of_lot(answers: Answers) -> int:
    """Return what the screen said of the lot that is counted. Units: pieces."""
    lot = read_lot(answers).lot or NO_LOT
    return next((row.qty for row in rows_of(answers.get("bases", "")) if row.key == lot), 0)
