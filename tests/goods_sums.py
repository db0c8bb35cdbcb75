"""What a company's rows must add up to: stock by its documents, money by its cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.domain.aftersale import Grade
from app.domain.goods import StockDoc
from app.domain.order import Order, Status
from app.domain.refund import paid_per_line, refunded_minor, refunded_per_line
from app.domain.stock import Reservation, Stock
from app.domain.values import Key

Shelf = tuple[str, str]


def expected_on_hand(rows: Mapping[Key, Any], opening: Mapping[Shelf, int]) -> Counter[Shelf]:
    """Opening, and what documents, returns and parcels moved since."""
    sums = Counter(opening)
    for row in rows.values():
        match row:
            case StockDoc():
                for warehouse, pieces in row.moves():
                    sums[warehouse, row.sku] += pieces
            case Reservation(state="shipped"):
                sums[row.warehouse, row.sku] -= row.qty
            case Order():
                for item in (item for case in row.returns for item in case.restocked):
                    sums[item.warehouse, item.sku] += item.qty
    return sums


def assert_goods_add_up(rows: Mapping[Key, Any], opening: Mapping[Shelf, int]) -> None:
    """Every shelf holds what its papers say and promises what orders hold; no more is sold than comes."""
    expected = expected_on_hand(rows, opening)
    promised: Counter[Shelf] = Counter()
    coming: Counter[Shelf] = Counter()
    waits: Counter[Shelf] = Counter()
    for row in rows.values():
        if isinstance(row, Reservation) and row.state == "open":
            promised[row.warehouse, row.sku] += row.qty
        if isinstance(row, StockDoc):
            coming[row.warehouse, row.sku] += row.coming
        if isinstance(row, Order) and row.awaits is not None:
            waits.update(row.awaits.pieces)
    shelves = [row for row in rows.values() if isinstance(row, Stock)]
    for stock in shelves:
        shelf = (stock.warehouse, stock.sku)
        assert stock.on_hand == expected[shelf], shelf
        assert stock.reserved == promised[shelf] + stock.set_aside, shelf
        assert 0 <= stock.set_aside <= stock.reserved <= stock.on_hand
        assert stock.coming == coming[shelf] == sum(one.qty for one in stock.arrivals), shelf
        assert stock.awaited + stock.set_aside == waits[shelf], shelf
        assert 0 <= stock.awaited <= stock.coming, shelf
    assert {shelf for shelf, pieces in expected.items() if pieces} <= {(s.warehouse, s.sku) for s in shelves}


def assert_cases_are_sound(order: Order, orders: Mapping[str, Order]) -> None:
    """Nobody is paid back too much, only sellable goods are stock, no case without an owner or an end."""
    paid, back = paid_per_line(order), refunded_per_line(order)
    assert all(amount <= paid[line] for line, amount in back.items())
    assert refunded_minor(order) + order.refunded_minor <= max(order.paid_minor, order.refunded_minor)
    for case in order.returns:
        assert case.owner
        assert case.accepted_by != case.opened_by
        assert sum(item.qty for item in case.restocked) == case.graded(Grade.SELLABLE)
        assert not (case.refunds and case.replacement)
        if case.replacement:
            new = orders[case.replacement]
            assert (new.makes_good.order, new.makes_good.case, new.payable_minor) == (order.id, case.id, 0)
            assert new.status is not Status.CANCELLED
            assert new.snag("duplicate_suspect") is None
