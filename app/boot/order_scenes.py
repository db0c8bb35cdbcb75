"""The orders page on the tour: found by a phone tail, in columns of one's own, kept as a view, taken out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from app.ports import OrderQuery, Views
from widgets import words

TAIL = 4
VIEW = {"zh_CN": "今天的大单", "en": "Large ones of today"}


async def orders(tour: Any) -> None:
    """Search as you type, open a sheet."""
    hand = tour.hand
    await tour.go("orders")
    await hand.until(lambda: tour.state("orders").is_loaded and tour.state("orders").count, "orders")
    await hand.picture("orders")
    await hand.filter("DK-1170")
    await hand.until(lambda: tour.state("orders").query.text == "DK-1170", "the question")
    await hand.picture("orders-search")
    await hand.press("Esc", "Enter")
    await hand.until(lambda: tour.here == "order" and tour.state("order").order is not None, "the sheet")
    await hand.picture("order-sheet")


async def search(tour: Any) -> None:
    """Find a buyer who says the last digits of a phone; arrange, keep and take out what is shown."""
    hand = tour.hand
    await tour.go("orders")
    tail = await _phone_tail(tour)
    await hand.filter(tail)
    await hand.until(lambda: tour.state("orders").query.text == tail, "the tail")
    await hand.until(lambda: tour.state("orders").count, "who called")
    await hand.picture("orders-phone-tail")
    await hand.press("Esc", "Esc")
    await hand.until(lambda: not tour.state("orders").query.text, "all orders again")
    await hand.press("F")
    await hand.answer("orders/filter/least", "800")
    await hand.until(lambda: tour.state("orders").query.least_minor == 80_000, "the dear ones")
    await hand.picture("orders-filters")
    await hand.press("Esc", "Esc", "C")
    await hand.focus("orders/column/tracking")
    await hand.until(lambda: _shows(tour, "tracking"), "one more column")
    await hand.press("Alt+Up", "S")
    await hand.picture("orders-columns")
    await hand.press("Esc", "Shift+S", "V")
    await hand.answer("orders/view/name", VIEW[words.language()])
    await hand.press("Enter")
    await hand.until(lambda: tour.state("orders").views, "the view")
    await hand.picture("orders-view")
    await hand.press("Esc", "Esc")
    with tempfile.TemporaryDirectory(prefix="docket-tour-export-") as folder:
        await hand.press("E")
        path = hand.look_at("orders/export/path")
        path.set_answer(str(Path(folder) / "orders.xlsx"))
        await hand.click("orders/export/start")
        await hand.until(lambda: _is_written(tour), "the file")
        await hand.picture("orders-export")
    await hand.press("Esc", "Esc")


async def _phone_tail(tour: Any) -> str:
    """The last digits of the newest order's phone, as its buyer would say them."""
    desk = tour.station.desk
    (newest,) = await desk.look(Views.order_page, OrderQuery(), 0, 1)
    found = await desk.look(Views.order, newest.id, desk.login)
    return str(found[0].receiver.phone)[-TAIL:] if found is not None else ""


def _shows(tour: Any, code: str) -> bool:
    return any(each.code == code for each in tour.state("orders").view.columns)


def _is_written(tour: Any) -> bool:
    export = tour.state("orders").export
    return export is not None and export.state == "done"
