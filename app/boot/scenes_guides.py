"""Scenes of the tour: a clerk types an order in, splits, merges, holds, corrects; every step of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from app.boot.hand import Stuck
from app.desk import Desk
from app.domain.making import same_receiver, why_not_merge
from app.domain.order import Order, Status
from app.guides import FORMS
from app.ports import OrderQuery, OrderRow, Views
from widgets import words

FAMILY = "LN-1"
"""Articles one may go out for another of."""
ROWS = 120
"""How many orders are looked through for one that fits."""
CUSTOMER = "临湖酒店用品"
TAX_NO, SLIP = "91330106MA00LH001U", "91330106MA00LH0012"
"""The number of the customer's library, and the same with a wrong last symbol."""
BASKET = (("LN-4W", "24"), ("TW-2W", "60"))
RECEIVER = (
    ("name", "郁兰舟"),
    ("phone", "10000005678"),
    ("address", "浙江省杭州市西湖区文三路 88 号临湖酒店后勤入口"),
)
SAID = {
    "zh_CN": {
        "hold": "买家出差，回来再收",
        "resume": "买家提前回来了",
        "price": "掌柜答应按活动价",
        "swap": "买家电话里同意换花色",
        "waive": "老客户，汇款凭证已到",
        "stock": "两只压坏了",
        "elsewhere": "买家要两件一起到",
        "tomorrow": "明天",
    },
    "en": {
        "hold": "The buyer is away until then",
        "resume": "The buyer is back early",
        "price": "The shop agreed to the sale price",
        "swap": "The buyer agreed on the phone",
        "waive": "Old customer, the transfer slip is here",
        "stock": "Two were crushed",
        "elsewhere": "The buyer wants both at once",
        "tomorrow": "tomorrow",
    },
}
"""What the people of the tour write, in the language of their screen."""


def said(what: str) -> str:
    """Return what a person of the tour writes."""
    return SAID[words.language()][what]


# --- finding orders, opening them, going through a guide --------------------------------------------


async def order_that(tour: Any, fits: Callable[[Order], object], status: str = "", shop: str = "") -> Order:
    """Return the newest order that fits; somebody calls and names it.

    Raises:
        Stuck: there is none.
    """
    desk: Desk = tour.station.desk
    for row in await desk.look(Views.order_page, OrderQuery(status=status, shop=shop), 0, ROWS):
        found = await desk.look(Views.order, row.id, desk.login)
        if found is not None and fits(found[0]):
            return found[0]
    raise Stuck(f"no order fits: {status} {shop}")


async def twins(tour: Any) -> tuple[Order, Order]:
    """Return two orders that may go out as one.

    Raises:
        Stuck: no buyer bought twice.
    """
    desk = tour.station.desk
    doors: dict[tuple[str, str, str], list[OrderRow]] = defaultdict(list)
    for status in (Status.GATED, Status.TO_CHECK, Status.RELEASED):
        query = OrderQuery(status=status.value)
        for row in await desk.look(Views.order_page, query, 0, 4 * ROWS):
            doors[row.shop, row.buyer, row.phone].append(row)
    for rows in doors.values():
        found = [await desk.look(Views.order, row.id, desk.login) for row in rows[:2] if len(rows) > 1]
        pair = tuple(each[0] for each in found if each is not None)
        if len(pair) == 2 and same_receiver(*pair) and why_not_merge(pair) is None:
            return pair[0], pair[1]
    raise Stuck("nobody bought twice")


async def open_order(tour: Any, number: str) -> None:
    """Type a number into the filter of the orders, Enter."""
    hand = tour.hand
    await tour.go("orders")
    await hand.until(lambda: tour.state("orders").is_loaded, "orders")
    await hand.filter(number)
    await hand.until(lambda: tour.state("orders").query.text == number, "the question")
    await hand.until(lambda: tour.state("orders").count, number)
    await hand.press("Esc", "Enter")
    await hand.until(lambda: tour.here == "order" and _number(tour) == number, f"the sheet of {number}")


def _number(tour: Any) -> str:
    order = tour.state("order").order
    return order.number if order is not None else ""


def is_offered(tour: Any, code: str) -> bool:
    """Tell whether the sheet in front has that key now."""
    return any(act.code == code for act in tour.state("order").acts)


async def press_offered(tour: Any, key: str, code: str) -> None:
    """Press a key of the sheet as soon as it stands there."""
    await tour.hand.until(lambda: is_offered(tour, code), f"{code} offered")
    await tour.hand.press(key)


async def begin(tour: Any, key: str, form: str) -> None:
    """Press the key of a guide on the page in front."""
    await tour.hand.press(key)
    await arrived(tour, form)


async def arrived(tour: Any, form: str) -> None:
    """Wait until a guide asks its first question."""
    await tour.hand.until(lambda: _asks(tour, form), form)


def _asks(tour: Any, form: str) -> bool:
    state = tour.state("guide")
    return tour.here == "guide" and state.form == form and bool(state.fields) and not state.is_done


def value(tour: Any, name: str) -> str:
    """What the guide holds as the answer to a field."""
    fields = (each for each in tour.state("guide").fields if each.field.name == name)
    return next((each.value for each in fields), "")


def is_wrong(tour: Any, name: str) -> bool:
    """Tell whether the guide says that a field is in error."""
    fields = (each for each in tour.state("guide").fields if each.field.name == name)
    return any(each.verdict is not None and each.verdict.is_error for each in fields)


async def fill(tour: Any, name: str, text: str) -> None:
    """Go into a field and write over what stands there."""
    hand = tour.hand
    await hand.focus(f"guide/{name}")
    before = value(tour, name)
    await hand.press("Ctrl+A")
    await hand.type(text)
    await hand.until(lambda: value(tour, name) != before, f"{name} answered")


async def ahead(tour: Any, picture: str = "") -> None:
    """Picture the step, then go to the next one."""
    hand, at = tour.hand, tour.state("guide").at
    if picture:
        await hand.picture(picture)
    await hand.until(lambda: not tour.state("guide").problems, f"step {at + 1} in order")
    await hand.press("Ctrl+Enter")
    await hand.until(lambda: tour.state("guide").at == at + 1, f"step {at + 2}")


async def save(tour: Any, picture: str, back_at: str = "order") -> None:
    """Picture the last step, give the command, and wait until the hub has answered."""
    hand = tour.hand
    await hand.until(lambda: tour.state("guide").preview is not None, "what it would do")
    await hand.picture(picture)
    await hand.press("Ctrl+Enter")
    await hand.until(lambda: tour.here == back_at, f"back at {back_at}")
    await hand.until(lambda: tour.is_level, "the hub to hear of it")


# --- the scenes -------------------------------------------------------------------------------------


async def new_order(tour: Any) -> None:
    """Somebody calls; list prices, until it turns out that a hotel buys: its prices, terms and invoice."""
    hand = tour.hand
    await tour.go("orders")
    await hand.press("Ctrl+K")
    title = words.tr(FORMS["new_order"].title)
    await hand.type(title)
    await hand.until(lambda: _first_found(tour) == title, "the guide")
    await hand.press("Enter")
    await arrived(tour, "new_order")
    shops = tour.state("guide").fields[0].choices
    retail = next(each for each in shops if each.value == "TM1")
    await hand.answer("guide/shop", str(retail.label.params["title"]))
    await ahead(tour)
    for sku, qty in BASKET:
        await _put_in(tour, sku, qty)
    await ahead(tour, "new-order-retail")
    await hand.press("Alt+Left", "Alt+Left")
    await hand.until(lambda: tour.state("guide").at == 0, "the first step")
    wholesale = shops[0]
    await hand.answer("guide/shop", str(wholesale.label.params["title"]))
    await hand.until(lambda: value(tour, "shop") == wholesale.value, "the wholesale shop")
    await _choose_customer(tour)
    await ahead(tour, "new-order-customer")
    await ahead(tour, "new-order-price-list")
    for name, text in RECEIVER:
        await fill(tour, name, text)
    await ahead(tour, "new-order-receiver")
    await hand.click("guide/payment/account")
    await hand.until(lambda: value(tour, "payment") == "account", "on account")
    await fill(tour, "ship_by", "+6")
    await ahead(tour, "new-order-terms")
    await hand.click("guide/invoice/special")
    await hand.until(lambda: hand.find("guide/tax_no"), "the tax number asked for")
    await fill(tour, "tax_no", SLIP)
    await hand.until(lambda: is_wrong(tour, "tax_no"), "the wrong symbol found")
    await hand.picture("new-order-tax-number")
    await hand.press("Alt+2")
    await hand.until(lambda: value(tour, "tax_no") == TAX_NO, "the right symbol")
    await hand.press("Alt+1")
    await hand.until(lambda: value(tour, "title") and not tour.state("guide").problems, "its title")
    await save(tour, "new-order-invoice", "orders")
    made = await order_that(tour, lambda _order: True, shop=wholesale.value)
    await open_order(tour, made.number)
    await hand.picture("new-order-sheet")


def _first_found(tour: Any) -> str:
    rows = tour.hand.look_at("palette/rows").model().rows
    return rows[0].verb if rows else ""


async def _put_in(tour: Any, sku: str, qty: str) -> None:
    hand = tour.hand
    await hand.focus("guide/lines/seek")
    await hand.type(sku)
    await hand.press("Enter")
    await hand.until(lambda: hand.find(f"guide/lines/{sku}/qty"), sku)
    await hand.press("Ctrl+A")
    await hand.type(qty)
    await hand.until(lambda: f"{sku}\t{qty}" in value(tour, "lines"), f"{qty} of {sku}")


async def _choose_customer(tour: Any) -> None:
    choices = next(each for each in tour.state("guide").fields if each.field.name == "customer").choices
    wanted = next(each for each in choices if each.label.params["title"] == CUSTOMER)
    words_of = words.trn(wanted.label), words.trn(wanted.reason)
    await tour.hand.answer("guide/customer", " · ".join(words_of))
    await tour.hand.until(lambda: value(tour, "customer") == wanted.value, "the customer")


def _is_calm(order: Order) -> bool:
    return not order.snags and order.pause is None and not order.made_from and bool(order.lines)


async def split(tour: Any) -> None:
    """One piece goes by itself; the sheet names its parts; all is put back."""
    hand = tour.hand
    order = await order_that(tour, lambda o: _is_calm(o) and len(o.lines) > 1, status=Status.RELEASED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "S", "guide/split")
    await arrived(tour, "split")
    line = order.lines[0].id
    await hand.focus(f"guide/pieces/{line}")
    await hand.press("Up")
    await hand.until(lambda: value(tour, "pieces"), "one piece apart")
    await ahead(tour, "split-pieces")
    await save(tour, "split-check")
    await hand.until(lambda: is_offered(tour, "put_back"), "both parts")
    await hand.picture("split-sheet")
    await hand.press("R")
    await hand.until(lambda: is_offered(tour, "guide/split"), "the whole order again")
    await hand.until(lambda: tour.is_level, "the hub to agree")
    await hand.picture("split-put-back")


async def merge(tour: Any) -> None:
    """Two parcels to one door become one; what was merged says so; both come back."""
    hand = tour.hand
    order, other = await twins(tour)
    await open_order(tour, order.number)
    await press_offered(tour, "M", "guide/merge")
    await arrived(tour, "merge")
    await hand.focus("guide/other")
    await hand.until(lambda: tour.state("guide").fields[0].hits, "orders of the same buyer")
    await hand.press("Down")
    await hand.picture("merge-offered")
    await hand.press(*["Down"] * _found(tour).index(other.id), "Enter")
    await hand.until(lambda: value(tour, "other") == other.id, "the other order")
    await ahead(tour, "merge-other")
    await save(tour, "merge-check")
    await hand.until(lambda: tour.state("order").kin, "what it went into")
    await hand.press("O")
    await hand.until(lambda: len(tour.state("order").kin) > 1, "the one order")
    await hand.picture("merge-sheet")
    await press_offered(tour, "R", "put_back")
    await hand.until(lambda: not is_offered(tour, "put_back"), "both orders again")
    await hand.until(lambda: tour.is_level, "the hub to agree")


async def hold(tour: Any) -> None:
    """The buyer is away: a reason, a day, and the sheet says both; back early, it goes on."""
    hand = tour.hand
    order = await order_that(tour, _is_calm, status=Status.RELEASED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "L", "guide/hold")
    await arrived(tour, "hold")
    await fill(tour, "reason", said("hold"))
    await ahead(tour, "hold-reason")
    await fill(tour, "until", said("tomorrow"))
    await save(tour, "hold-until")
    await hand.until(lambda: is_offered(tour, "guide/resume"), "the order on hold")
    await hand.picture("hold-sheet")
    await press_offered(tour, "L", "guide/resume")
    await arrived(tour, "resume")
    await ahead(tour, "resume-when")
    await fill(tour, "reason", said("resume"))
    await save(tour, "resume-reason")
    await hand.until(lambda: is_offered(tour, "guide/hold"), "the order going on")


async def prices(tour: Any) -> None:
    """A line cost too much."""
    order = await order_that(tour, _is_calm, status=Status.RELEASED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "E", "guide/correct_price")
    await arrived(tour, "correct_price")
    await ahead(tour, "correct-price-line")
    await fill(tour, "price", str(order.lines[0].unit_price_minor // 100 - 10))
    await fill(tour, "reason", said("price"))
    await ahead(tour, "correct-price")
    await save(tour, "correct-price-sum")
    await tour.hand.picture("correct-price-sheet")


async def swap(tour: Any) -> None:
    """Another colour goes out."""
    hand = tour.hand
    order = await order_that(
        tour, lambda o: _is_calm(o) and not o.lines[0].sku.startswith(FAMILY), status=Status.RELEASED.value
    )
    await open_order(tour, order.number)
    await press_offered(tour, "T", "guide/swap_item")
    await arrived(tour, "swap_item")
    await ahead(tour, "swap-item-line")
    await hand.focus("guide/sku")
    await hand.type(FAMILY)
    await hand.until(lambda: _all_found(tour, FAMILY) and hand.find("guide/sku/hits"), "articles")
    await hand.press("Down")
    await hand.picture("swap-item-offered")
    await hand.press("Enter")
    await hand.until(lambda: value(tour, "sku") in _found(tour), "the article")
    await fill(tour, "reason", said("swap"))
    await save(tour, "swap-item")


def _found(tour: Any) -> list[str]:
    return [hit.value for hit in tour.state("guide").fields[0].hits]


def _all_found(tour: Any, family: str) -> bool:
    found = _found(tour)
    return bool(found) and all(code.startswith(family) for code in found)


def _is_unpaid(order: Order) -> bool:
    return order.pause is None and [hold.gate for hold in order.holds] == ["payment"]


async def waive(tour: Any) -> None:
    """A lead answers for an unpaid order until the end of the day."""
    hand = tour.hand
    order = await order_that(tour, _is_unpaid, status=Status.GATED.value)
    await open_order(tour, order.number)
    await press_offered(tour, "V", "guide/waive")
    await arrived(tour, "waive")
    await ahead(tour, "waive-gate")
    await fill(tour, "reason", said("waive"))
    await save(tour, "waive-terms")
    await hand.until(lambda: tour.state("order").order.waivers, "the waiver")
    await hand.picture("waive-sheet")


GUIDES = (new_order, split, merge, hold, prices, swap)
