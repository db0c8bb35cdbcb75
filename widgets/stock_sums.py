"""Why a warehouse has so much to sell of an article, as a sum: for an order that asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from app.presenters.order import StockLine
from app.text import Text
from widgets import theme
from widgets.evidence import Lines
from widgets.prose import Rich, Span
from widgets.table import Cell, Column
from widgets.words import count, tr


def sum_of(row: StockLine) -> Rich:
    """On hand − promised − held by other desks − safety = free, the figures in bold."""
    figures: dict[str, str | int | Text] = {
        "warehouse": row.title, "on_hand": row.on_hand, "reserved": row.reserved, "safety": row.safety,
        "leased": row.leased - row.carts, "carts": row.carts, "free": row.available,
    }  # fmt: skip
    if row.held:
        said = tr(
            "{warehouse}: *{on_hand}* on hand − *{reserved}* promised − *{leased}* held by desks − *{carts}* "
            "held for orders being placed − *{held}* too old or recalled − *{safety}* safety = *{free}* free",
            **figures,
            held=row.held,
        )
    elif row.carts:
        said = tr(
            "{warehouse}: *{on_hand}* on hand − *{reserved}* promised − *{leased}* held by desks − *{carts}* "
            "held for orders being placed − *{safety}* safety = *{free}* free",
            **figures,
        )
    else:
        said = tr(
            "{warehouse}: *{on_hand}* on hand − *{reserved}* promised − *{leased}* held by desks − "
            "*{safety}* safety = *{free}* free",
            **figures,
        )
    return tuple(Span(part, bold=True) if at % 2 else part for at, part in enumerate(said.split("*")))


def sums_of(rows: Sequence[StockLine]) -> Lines:
    """The same sum for every warehouse that may serve the order."""
    wide = theme.current().px("facts.label.w")
    columns = (Column("warehouse", ""), *(Column(str(at), "", wide, kind="number") for at in range(5)))
    words = ("", tr("On hand"), tr("Promised"), tr("Kept"), tr("Safety"), tr("Free"))
    head = tuple(Cell(word, role="text3") for word in words)
    body = (
        (
            row.title,
            count(row.on_hand),
            f"− {count(row.reserved)}",
            f"− {count(row.leased + row.held)}",
            f"− {count(row.safety)}",
            Cell(f"= {count(row.available)}", bold=True),
        )
        for row in rows
    )
    return Lines(columns, (head, *body))
