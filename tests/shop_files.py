"""A database of its own and files put before it, as a console imports them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select, text

from app.boot.importing import Account, Asked, run
from app.domain.order import Order
from sync import tables
from sync.hub.database import connect_database, reading

FEED = 1


class ShopFiles:
    """Files go in here; afterwards every row is accounted for, or this fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'hub.db'}"
        self.rejected = folder / "out" / "rejected.csv"

    def csv(self, *rows: Sequence[object], name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def xlsx(self, *rows: Sequence[object], name: str = "orders.xlsx", merged: Iterable[str] = ()) -> Path:
        """Write a workbook; a text that begins with `=` is a formula and its value: `=A1*2|4`."""
        import xlsxwriter

        path = self.folder / name
        book = xlsxwriter.Workbook(str(path))
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(y, x, cell, date)
                elif isinstance(cell, str) and cell.startswith("="):
                    formula, _, value = cell.partition("|")
                    sheet.write_formula(y, x, formula, None, float(value))
                elif isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                elif cell is not None:
                    sheet.write(y, x, cell)
        for block in merged:
            where, _, value = block.partition("|")
            sheet.merge_range(where, value)
        book.close()
        return path

    def take(self, *files: Path, shop: str = "S1", **more: Any) -> Account:
        account = run(Asked(files=files, shop=shop, database=self.database, rejected=self.rejected, **more))
        assert account.rows_read == account.accepted + account.unchanged + account.rejected
        for file in account.files:
            assert file.read == file.new + file.changed + file.unchanged + file.rejected
            assert sum(reason.count for reason in file.reasons) == file.rejected
        return account

    def count(self, sql: str) -> int:
        engine = connect_database(self.database)
        with reading(engine) as db:
            found = db.execute(text(sql)).scalar_one()
        engine.dispose()
        return int(found)

    def orders(self) -> dict[str, Order]:
        """Every order by the shop's number; its receiver stays sealed, so it is left out."""
        engine = connect_database(self.database)
        with reading(engine) as db:
            docs = db.execute(select(tables.orders.c.doc)).scalars().all()
        engine.dispose()
        plain = [msgspec.json.decode(doc) | {"receiver": {}} for doc in docs]
        found = [msgspec.convert(doc, Order) for doc in plain]
        return {order.ext_id: order for order in found}

    def rejects(self) -> list[dict[str, str]]:
        with self.rejected.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
