"""A delivery: the paper says one thing, the pallet another."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.values import Role
from app.forms.receive_stock import FORM
from app.text import N_, Text
from app.training.decks import PLACE, lies
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_field, at_offer, at_step

SKU, PIECES, PAPER = "ST-3K", 24, "LF-2231"


def lay(deck: Deck) -> Iterator[Given]:
    """Nearly nothing is left."""
    yield from lies(deck, SKU, 2)


def _receipts(floor: Floor) -> list[StockDoc]:
    docs = floor.docs(PLACE)
    return [
        doc for doc in docs if doc.kind is DocKind.RECEIPT and doc.sku == SKU and doc.state is DocState.DONE
    ]


LESSON = Lesson(
    code="receive_stock",
    title=Text(N_("Receive stock")),
    brief=Text(
        N_(
            "A pallet of storage boxes ST-3K came to the Suzhou warehouse with delivery note LF-2231. "
            "The note says 25, you count 24."
        )
    ),
    par_s=40,
    teaches=(FORM.code,),
    lay=lay,
    goals=(
        Goal(
            "pieces",
            Text(N_("24 boxes were taken in at Suzhou")),
            lambda floor: sum(doc.qty for doc in _receipts(floor)) == PIECES,
        ),
        Goal(
            "paper",
            Text(N_("They are found by the number of the delivery note")),
            lambda floor: {doc.reference for doc in _receipts(floor)} == {PAPER},
        ),
    ),
    hints=(
        Hint("pieces", at("stock", "stock/filter")),
        Hint("pieces", at_offer(FORM)),
        Hint("pieces", at_step(FORM, "pieces")),
        Hint("pieces", at_field(FORM, "qty")),
        Hint("paper", at_field(FORM, "reference"), frozenset({"no_reference"})),
    ),
    page="stock",
    role=Role.WAREHOUSE,
)
