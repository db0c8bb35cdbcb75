"""Scenes of the tour: goods that come back, and goods that move between shelves."""

from __future__ import annotations

from typing import Any

from app.boot.scenes_guides import (
    ahead,
    arrived,
    begin,
    fill,
    open_order,
    order_that,
    press_offered,
    said,
    save,
    value,
)
from app.domain.aftersale import ReturnState
from app.domain.order import Order, Status

ARTICLE = "LN-4W"
FROM, TO = "FS", "SZ"


async def ask_back(tour: Any) -> None:
    """A buyer wants to send everything back; the clerk writes it down."""
    hand = tour.hand
    order = await order_that(tour, lambda o: o.lines and not o.returns, status=Status.SHIPPED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "B", "guide/open_return")
    await arrived(tour, "open_return")
    await ahead(tour, "return-wish")
    await hand.press("Alt+1")
    await hand.until(lambda: value(tour, "pieces"), "every piece")
    await ahead(tour, "return-pieces")
    await hand.focus("guide/reason")
    await hand.press("Down")
    await hand.until(lambda: value(tour, "reason"), "a reason")
    await save(tour, "return-reason")
    await hand.until(lambda: tour.state("order").order.returns, "the case")
    await hand.picture("return-sheet")


async def _split(tour: Any, code: str) -> None:
    """Choose a split; where list and card take turns, Esc leads to the list first."""
    if tour.hand.find(f"inbox/split/{code}") is None:
        await tour.hand.press("Esc")
    await tour.hand.click(f"inbox/split/{code}")


def _is_return(row: Any) -> bool:
    return bool(row.snag.kind == "return_due")


async def take_back(tour: Any) -> None:
    """A second person accepts it in the inbox, takes the goods in with a grade, gives the money back."""
    hand = tour.hand
    await tour.go("inbox")
    await hand.until(lambda: tour.state("inbox").is_loaded, "the inbox")
    await _split(tour, "group")
    await hand.until(lambda: tour.state("inbox").split == "group", "the split")
    await hand.until(lambda: any(_is_return(row) for row in tour.state("inbox").rows), "the case")
    number = await tour.find_snag("return_due")
    await hand.picture("inbox-after-sales")
    await hand.press("1")
    await hand.until(lambda: tour.state("inbox").undo is not None, "the case accepted")
    await hand.until(lambda: tour.is_level, "the hub to hear of it")
    await tour.show_all()
    await open_order(tour, number)
    await press_offered(tour, "I", "guide/grade_return")
    await arrived(tour, "grade_return")
    await ahead(tour, "take-in-case")
    await hand.press("Alt+1")
    await hand.until(lambda: value(tour, "grades"), "a grade for each piece")
    await save(tour, "take-in-grades")
    await hand.until(lambda: _state(tour) is ReturnState.GRADED, "the goods graded")
    await press_offered(tour, "Shift+M", "guide/refund_return")
    await arrived(tour, "refund_return")
    await ahead(tour, "refund-case")
    await save(tour, "refund-amount")
    await hand.until(lambda: _state(tour) is ReturnState.CLOSED, "the case closed")
    await hand.picture("refund-sheet")


def _state(tour: Any) -> ReturnState | None:
    order = tour.state("order").order
    return order.returns[0].state if order is not None and order.returns else None


def _may_go_elsewhere(order: Order) -> bool:
    return not order.snags and order.pause is None and not order.by_lease and bool(order.reserved)


async def elsewhere(tour: Any) -> None:
    """Another warehouse sends it: what that costs, and why; the sheet says who chose it."""
    order = await order_that(tour, _may_go_elsewhere, status=Status.RELEASED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "W", "guide/change_warehouse")
    await arrived(tour, "change_warehouse")
    await ahead(tour, "change-warehouse")
    await fill(tour, "reason", said("elsewhere"))
    await save(tour, "change-warehouse-why")
    await tour.hand.picture("change-warehouse-sheet")


async def shelves(tour: Any) -> None:
    """Who holds what; a delivery is booked, a bin counted, a box sent to another building, taken in there."""
    hand = tour.hand
    await tour.go("stock")
    await _shelf(tour, FROM)
    await hand.press("W")
    await hand.until(lambda: tour.state("stock").claims, "who holds what")
    await hand.picture("stock-why")
    await begin(tour, "N", "receive_stock")
    await ahead(tour, "receive-stock")
    await fill(tour, "qty", "12")
    await fill(tour, "reference", "DN-20260613-07")
    await save(tour, "receive-stock-pieces", "stock")
    await _shelf(tour, FROM)
    await hand.until(lambda: tour.state("stock").docs, "the receipt")
    await begin(tour, "C", "count_bin")
    await fill(tour, "counted", str(tour.state("stock").row.on_hand - 2))
    await ahead(tour, "count-bin")
    await fill(tour, "reason", said("stock"))
    await save(tour, "count-bin-note", "stock")
    await _shelf(tour, FROM)
    await begin(tour, "T", "send_transfer")
    await hand.click(f"guide/target/{TO}")
    await hand.until(lambda: value(tour, "target") == TO, "the other building")
    await ahead(tour, "transfer-target")
    await fill(tour, "qty", "6")
    await fill(tour, "reference", "SJ000613007")
    await save(tour, "transfer-pieces", "stock")
    await _shelf(tour, TO)
    await hand.until(lambda: any(act.form == "receive_transfer" for act in tour.state("stock").acts), "it")
    await begin(tour, "I", "receive_transfer")
    await ahead(tour, "transfer-arrived")
    await fill(tour, "arrived", "6")
    await save(tour, "transfer-taken-in", "stock")
    await hand.until(lambda: len(tour.state("stock").docs), "its papers")
    await hand.picture("stock-papers")


async def _shelf(tour: Any, warehouse: str) -> None:
    """Type the article, turn to a building."""
    hand = tour.hand
    await hand.filter(ARTICLE)
    await hand.until(lambda: tour.state("stock").text == ARTICLE, "the article")
    await hand.click(f"stock/split/{warehouse}")
    await hand.until(lambda: _stands(tour, warehouse), f"{ARTICLE} in {warehouse}")


def _stands(tour: Any, warehouse: str) -> bool:
    row = tour.state("stock").row
    return row is not None and (row.warehouse, row.sku) == (warehouse, ARTICLE)
