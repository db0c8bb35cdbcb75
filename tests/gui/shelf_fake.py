"""Shelves, their papers and the orders that hold them, as the fake desk of the gui tests lists them."""

from __future__ import annotations

from builders import Company

from app.domain.goods import StockDoc
from app.domain.order import OPEN, Order
from app.domain.stock import Stock
from app.ports import Holder, StockRow

_COLUMNS = frozenset(StockRow.__struct_fields__)


def stock(company: Company, text: str, warehouse: str, *, expires: bool = False) -> list[StockRow]:
    rows = []
    for row in company.rows.values():
        if isinstance(row, Stock) and warehouse in ("", row.warehouse):
            title = company.refs.articles[row.sku].title
            if text.casefold() in f"{row.sku} {title}".casefold():
                keeps = min((lot.best_before for lot in row.lots if lot.best_before), default=None)
                if expires and keeps is None:
                    continue
                shown = {
                    "reserved": row.promised,
                    "leased": row.leased,
                    "available": row.available,
                    "held": row.held,
                }
                own = {name: getattr(row, name) for name in Stock.__struct_fields__ if name in _COLUMNS}
                rows.append(
                    StockRow(
                        warehouse_title=company.refs.warehouses[row.warehouse].title, title=title,
                        keeps=keeps, **(own | shown),
                    )
                )  # fmt: skip
    return sorted(rows, key=lambda row: (row.sku, row.warehouse))


def papers(company: Company, warehouse: str, sku: str) -> list[StockDoc]:
    docs = [row for row in company.rows.values() if isinstance(row, StockDoc) and row.sku == sku]
    mine = [doc for doc in docs if warehouse in (doc.warehouse, doc.target)]
    return sorted(mine, key=lambda doc: (doc.at, doc.id), reverse=True)


def holders(company: Company, warehouse: str, sku: str) -> list[Holder]:
    found = []
    for order in company.rows.values():
        if isinstance(order, Order) and order.status in OPEN:
            mine = [one.qty for one in order.reserved if (one.warehouse, one.sku) == (warehouse, sku)]
            if mine:
                found.append(Holder(order=order.id, number=order.number, pieces=sum(mine)))
    return found
