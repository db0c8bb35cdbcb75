"""How a practised hand plays each lesson of the course, key by key in the real window of practice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lesson_seat import Play, Seat, repairs

from app.boot.scenes_guides import ahead, arrived, is_offered, value
from app.boot.scenes_review import read_through
from app.training.decks import CARRIER
from widgets.words import trn

CHAT: Final = "郁兰舟 10000005678 浙江省杭州市西湖区文三路 88 号临湖酒店后勤入口"
HOTEL: Final = "周经理 10000004040 浙江省杭州市西湖区文三路 88 号临湖酒店"


async def find_order(seat: Seat) -> None:
    """Ctrl+K and four digits."""
    await seat.hand.press("Ctrl+K")
    await seat.hand.type("7316")
    number = seat.number("caller")
    await seat.until(lambda: number in _first(seat), number)
    await seat.hand.press("Enter")
    await seat.until(lambda: seat.tour.here == "order", "the order")
    await seat.guide("L", "hold", {"reason": "away"}, {})


def _first(seat: Seat) -> str:
    rows = seat.hand.look_at("palette/rows").model().rows  # type: ignore[attr-defined]
    return f"{rows[0].verb} {rows[0].rest}" if rows else ""


async def read_gates(seat: Seat) -> None:
    """Note the money of one, let the other go on."""
    await seat.sheet("money")
    act = next(act for act in seat.state("order").acts if act.code == "guide/receive_payment")
    await seat.guide(act.key, "receive_payment", {"amount": "318"}, {})
    await seat.sheet("word")
    await seat.guide("L", "resume", {}, {"reason": "confirmed"})


async def repair_address(seat: Seat) -> None:
    """Two by a key, one by hand."""
    await repairs(
        ("other", "address_invalid", "use_suggestion"), ("short", "address_invalid", "use_suggestion")
    )(seat)
    await seat.card("two", "address_invalid")
    await seat.hand.press("Enter")
    await arrived(seat.tour, "fix_address")
    place = {"province": "江苏省", "city": "南京市", "district": "鼓楼区"}
    await seat.answer(place, {}, {}, {}, back_at="inbox")


async def match_sku(seat: Seat) -> None:
    """What is suggested for one, in its guide; one key for the other."""
    await seat.card("linen", "sku_unmapped")
    await seat.hand.press("Enter")
    await arrived(seat.tour, "match_sku")
    await ahead(seat.tour)
    await seat.hand.press("Alt+1")
    await seat.until(lambda: value(seat.tour, "sku") == "LN-2N", "the suggestion taken")
    await ahead(seat.tour)
    await seat.answer({}, back_at="inbox")
    await repairs(("box", "sku_unmapped", "match_likeliest"))(seat)


async def snooze_stock(seat: Seat) -> None:
    """H, and the answer that names the stock."""
    await seat.card("carpet", "short_stock")
    await seat.hand.press("H")
    await seat.until(lambda: seat.state("inbox").asking == "snooze", "the question until when")
    codes = [each.code for each in seat.state("inbox").laters]
    await seat.hand.press(str(codes.index("stock") + 1))
    await seat.settled()


async def swap_item(seat: Seat) -> None:
    """Another colour."""
    await seat.sheet("carpet")
    await seat.guide("T", "swap_item", {}, {"sku": "RG-1B", "key": "Enter", "reason": "agreed"})


async def read_note(seat: Seat) -> None:
    """Another size, another day, both read."""
    await seat.sheet("size")
    await seat.guide("T", "swap_item", {}, {"sku": "SC-2G", "key": "Enter", "reason": "agreed"})
    await repairs(("size", "note_request", "mark_read"), ("day", "note_request", "hold_order"))(seat)
    await repairs(("day", "note_request", "mark_read"))(seat)


async def _goods(seat: Seat, *wanted: tuple[str, str]) -> None:
    for sku, qty in wanted:
        await seat.hand.focus("guide/lines/seek")
        await seat.hand.type(sku)
        await seat.hand.press("Enter")
        await seat.until(lambda sku=sku: seat.hand.find(f"guide/lines/{sku}/qty"), sku)  # type: ignore[misc]
        await seat.hand.press("Ctrl+A")
        await seat.hand.type(qty)
        row = f"{sku}\t{qty}"
        await seat.until(lambda row=row: row in value(seat.tour, "lines"), row)  # type: ignore[misc]


async def _new(seat: Seat) -> None:
    rail = seat.one.shell.rail
    await seat.hand.press(f"Ctrl+{rail.codes.index('new_order') + 1}")
    await arrived(seat.tour, "new_order")


async def _address(seat: Seat, text: str) -> None:
    await seat.hand.focus("guide/address")
    await seat.hand.type(text)
    await seat.until(lambda: seat.state("guide").advice is not None, "what was pasted taken apart")
    await seat.hand.press("Alt+1")
    await seat.until(lambda: value(seat.tour, "phone"), "the phone in its field")
    await ahead(seat.tour)


async def enter_order(seat: Seat) -> None:
    """Three articles; name, phone and address pasted at once."""
    await _new(seat)
    await ahead(seat.tour)
    await _goods(seat, ("LN-2W", "1"), ("TW-1W", "4"), ("PL-1W", "2"))
    await ahead(seat.tour)
    await _address(seat, CHAT)
    await seat.answer({}, {}, back_at="today")


async def enter_business_order(seat: Seat) -> None:
    """The customer first: prices and terms follow."""
    await _new(seat)
    fields = seat.state("guide").fields
    choices = next(each for each in fields if each.field.name == "customer").choices
    wanted = next(each for each in choices if each.value == "LH")
    await seat.hand.answer("guide/customer", " · ".join((trn(wanted.label), trn(wanted.reason))))
    await seat.until(lambda: value(seat.tour, "customer") == "LH", "the customer")
    await ahead(seat.tour)
    await _goods(seat, ("TW-2W", "40"))
    await ahead(seat.tour)
    await _address(seat, HOTEL)
    await seat.answer({"payment/account": ""}, {}, back_at="today")


async def merge_orders(seat: Seat) -> None:
    """The other order is offered."""
    await seat.sheet("cloth")
    await seat.until(lambda: is_offered(seat.tour, "guide/merge"), "merging offered")
    await seat.hand.press("M")
    await arrived(seat.tour, "merge")
    await seat.hand.focus("guide/other")
    await seat.until(lambda: seat.state("guide").fields[0].hits, "orders of the same buyer")
    await seat.hand.press("Down", "Enter")
    await seat.until(lambda: value(seat.tour, "other"), "the other order")
    await seat.answer({}, {})


async def fix_postcodes(seat: Seat) -> None:
    """All of one type, one key."""
    await seat.at("inbox")
    await seat.until(lambda: len(seat.state("inbox").rows) == 12, "twelve exceptions")
    await seat.hand.press("Ctrl+A")
    await seat.press_act("use_suggestion")


async def take_return(seat: Seat) -> None:
    """One piece of two, and a colleague's case."""
    await seat.sheet("towels")
    await seat.guide("B", "open_return", {}, {"pieces/1": "1"}, {"reason/damaged": ""})
    await repairs(("box", "return_due", "accept"))(seat)


async def pick_and_pack(seat: Seat) -> None:
    """Scan every piece, P."""
    await seat.at("warehouse")
    await seat.until(lambda: seat.state("warehouse").now is not None, "a bin to go to")
    for _ in range(3):
        row = seat.state("warehouse").now
        left = _left(seat)
        await seat.hand.scan(row.barcode)
        await seat.until(lambda left=left: _left(seat) < left, "the pick")  # type: ignore[misc]
    await seat.hand.press("P")
    await seat.settled()


def _left(seat: Seat) -> int:
    return sum(row.qty - row.picked for row in seat.state("warehouse").picks)


async def ship_parcels(seat: Seat) -> None:
    """The number of a parcel, its label, P."""
    seat.tour.station.store.set_setting("carrier", CARRIER)
    await seat.at("warehouse")
    await seat.hand.press("Ctrl+Tab", "Ctrl+Tab")
    await seat.until(lambda: seat.state("warehouse").stage == "ship", "the packed parcels")
    await seat.until(lambda: len(seat.state("warehouse").queue) >= 3, "three of them")
    for n, name in enumerate(("one", "two", "three")):
        number, label = seat.number(name), f"SF{n:012d}"
        await seat.hand.scan(number)
        await seat.until(lambda number=number: _is_on_table(seat, number), number)  # type: ignore[misc]
        await seat.hand.scan(label)
        await seat.until(lambda label=label: seat.state("warehouse").tracking_no == label, label)  # type: ignore[misc]
        await seat.hand.press("P")
        await seat.until(lambda number=number: not _is_on_table(seat, number), f"{number} gone")  # type: ignore[misc]
    await seat.settled()


def _is_on_table(seat: Seat, number: str) -> bool:
    order = seat.state("warehouse").order
    return order is not None and order.number == number


async def receive_stock(seat: Seat) -> None:
    """What was counted, under the number of the paper."""
    await seat.shelf("ST-3K")
    await seat.hand.press("N")
    await arrived(seat.tour, "receive_stock")
    await seat.answer({}, {"qty": "24", "reference": "LF-2231"}, back_at="stock")


async def count_bin(seat: Seat) -> None:
    """What was counted, and why."""
    await seat.shelf("LP-2K")
    await seat.hand.press("C")
    await arrived(seat.tour, "count_bin")
    await seat.answer({"counted": "18"}, {"reason": "counted"}, back_at="stock")


async def grade_return(seat: Seat) -> None:
    """Two as new, one stained."""
    await seat.sheet("cushions")
    await seat.guide("I", "grade_return", {}, {"grades/1/sellable": "2", "grades/1/defect": "1"})


async def sign_review(seat: Seat) -> None:
    """Key what the buyer asked for, then sign or send back."""
    await seat.at("review")
    for _ in range(2):
        await seat.until(lambda: seat.state("review").sheet is not None, "an order to review")
        sheet = seat.state("review").sheet
        asked = "30"
        is_right = sheet.order.number == seat.number("right")
        for blind in sheet.blinds:
            await seat.hand.focus(f"review/blind/{blind.code}")
            await seat.hand.type(asked)
        await read_through(seat.tour)
        if is_right:
            await seat.hand.press("Alt+1")
        else:
            await seat.hand.press("Alt+2")
            await seat.until(lambda: seat.hand.find("review/reason"), "the question why")
            await seat.hand.type("30, not 300")
            await seat.hand.press("Enter")
        await seat.until(lambda sheet=sheet: seat.state("review").sheet is not sheet, "the next one")  # type: ignore[misc]
        await seat.settled()


async def hand_over(seat: Seat) -> None:
    """Take the page over, then leave one with a sentence."""
    await seat.at("today")
    await seat.hand.press("H")
    await seat.until(lambda: seat.tour.here == "handover", "the page")
    await seat.until(lambda: seat.state("handover").is_loaded, "the pages")
    await seat.hand.click("handover/split/page")
    await seat.until(lambda: seat.state("handover").page is not None, "the page")
    await seat.hand.press("S")
    await seat.until(lambda: seat.state("handover").page.taken_by, "the page taken over")
    await seat.hand.click("handover/split/now")
    await seat.until(lambda: seat.state("handover").lines, "what is open")
    await seat.hand.press("N")
    await seat.hand.type("calls tonight")
    await seat.hand.press("Enter")
    await seat.hand.press("S")
    await seat.settled()


PLAYS: Mapping[str, Play] = {
    "find_order": find_order,
    "read_gates": read_gates,
    "repair_address": repair_address,
    "match_sku": match_sku,
    "settle_duplicate": repairs(
        ("again", "duplicate_suspect", "cancel_newer"), ("gift", "duplicate_suspect", "keep_both")
    ),
    "split_short": repairs(("mixed", "short_stock", "split_off")),
    "snooze_stock": snooze_stock,
    "swap_item": swap_item,
    "correct_price": repairs(
        ("dear", "price_anomaly", "list_price"), ("cheap", "price_anomaly", "accept_price")
    ),
    "read_note": read_note,
    "enter_order": enter_order,
    "merge_orders": merge_orders,
    "fix_postcodes": fix_postcodes,
    "invoice_data": repairs(("hotel", "invoice_missing", "known_data")),
    "enter_business_order": enter_business_order,
    "fit_credit": repairs(("large", "credit_hold", "split_to_fit")),
    "take_return": take_return,
    "refund_buyer": repairs(("covers", "return_due", "refund")),
    "reship_lost": repairs(("lamp", "exchange_due", "send")),
    "pick_and_pack": pick_and_pack,
    "ship_parcels": ship_parcels,
    "receive_stock": receive_stock,
    "count_bin": count_bin,
    "grade_return": grade_return,
    "sign_review": sign_review,
    "hand_over": hand_over,
}
