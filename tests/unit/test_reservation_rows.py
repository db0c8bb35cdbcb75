"""What one line holds is written under its order and its name, whatever stands in the name."""

from __future__ import annotations

from app.domain.evolve_stock import evolve_reservation
from app.domain.promised import Reserved
from app.domain.stock_events import StockReserved
from app.domain.values import reservation_key


def test_a_line_may_be_named_by_an_address() -> None:
    line = "gid://shop/LineItem/51"
    items = tuple(Reserved(line=name, warehouse="SZ", sku="LN-220", qty=2) for name in ("51", line))
    event = StockReserved(order="o1", warehouse="SZ", items=items)

    row = evolve_reservation(reservation_key("o1", line), event)

    assert (row.owner, row.line, row.qty) == ("o1", line, 2)
