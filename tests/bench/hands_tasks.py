"""Ten things that people do all day, key by key in the real window, each with a look whether it is done.

Each begins where its work lies: an exception with its card in front, a parcel on the floor, an order on the
review board, a phone call while the inbox is in front. The window speaks English, so that no input method
stands between the hand and what it looks for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import hands_company as before
from counted_hand import CountedHand

from app.boot.scenes import Tour
from app.boot.scenes_guides import arrived, is_offered, value
from app.boot.scenes_review import read_through
from app.domain.order import Order, Status
from app.domain.reading import ACCEPT
from app.ports import OrderQuery, Views

PASTED: Final = "郁兰舟 10000005678 浙江省杭州市西湖区文三路 88 号临湖酒店后勤入口"
"""What a caller sent by chat."""
ORDERED: Final = (("LN-2W", "4"), ("TW-1W", "12"), ("PL-1W", "6"))


class Desk:
    """The desk as the tasks see it: what it shows, what is known, the hand that works in it."""

    def __init__(self, tour: Tour, hand: CountedHand) -> None:
        self.tour, self.hand = tour, hand

    def state(self, code: str) -> Any:
        """What a page shows now."""
        return self.tour.state(code)

    @property
    def card(self) -> Any:
        """The card in front in the inbox."""
        return self.state("inbox").card

    async def order(self, number: str) -> Order:
        """The order of that number, as this desk knows it now."""
        desk = self.tour.station.desk
        rows = await desk.look(Views.order_page, OrderQuery(text=number), 0, 1)
        found = await desk.look(Views.order, rows[0].id, desk.login) if rows else None
        if found is None:
            raise LookupError(f"there is no order {number}")
        return found[0]

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait for what a person would see."""
        await self.hand.until(is_so, what)

    async def settled(self) -> None:
        """Wait until the hub has heard and answered everything."""
        await self.until(lambda: self.tour.is_level, "the hub to agree")

    # what happens before a task and is not counted

    async def at_card(self, number: str) -> None:
        """Stand on the card of an order, as if it were the next one in the list."""
        await self.at("inbox")
        await self.hand.press("/")
        await self.hand.type(number)
        await self.until(lambda: self.card and self.card.row.snag.number == number, number)
        await self.hand.press("Enter")

    async def at(self, place: str) -> None:
        """Stand on a page with nothing filtered."""
        await self.tour.go(place)
        if place == "inbox":
            await self.until(lambda: self.state("inbox").is_loaded, "the inbox")
            if self.state("inbox").text:
                await self.tour.show_all()


class Task(NamedTuple):
    """One task: what it is called, who does it, how it stands before, what the hand does, what must be so."""

    code: str
    user: str
    ready: Callable[[Desk], Awaitable[None]]
    do: Callable[[Desk], Awaitable[None]]
    is_done: Callable[[Desk], Awaitable[bool]]


# --- exceptions -------------------------------------------------------------------------------------


async def _repair(desk: Desk, code: str) -> None:
    """Read the card, and press the key that stands on the button of a repair."""
    desk.hand.read()
    await desk.hand.press(next(act.key for act in desk.card.acts if act.code == code))


async def repair_address(desk: Desk) -> None:
    """What is suggested is taken."""
    await _repair(desk, "use_suggestion")


async def _is_repaired(desk: Desk) -> bool:
    order = await desk.order(before.UNCLEAR)
    return order.region.verdict == ACCEPT and order.region.district == "拱墅区" and not order.snags


async def settle_duplicate(desk: Desk) -> None:
    """Compare the two; both are wanted."""
    await _repair(desk, "keep_both")


async def _is_settled(desk: Desk) -> bool:
    order = await desk.order(before.TWIN)
    return not order.snags and order.status is Status.RELEASED


async def split_short(desk: Desk) -> None:
    """What is there goes now."""
    await _repair(desk, "split_off")


async def _is_split(desk: Desk) -> bool:
    return len((await desk.order(before.SPLIT)).replaced_by) == 2  # what goes now, what follows


async def snooze_stock(desk: Desk) -> None:
    """Read what is short; H, and the answer that names the stock."""
    desk.hand.read()
    await desk.hand.press("H")
    await desk.until(lambda: desk.state("inbox").asking == "snooze", "the question until when")
    codes = [each.code for each in desk.state("inbox").laters]
    await desk.hand.press(str(codes.index("stock") + 1))


async def _is_asleep(desk: Desk) -> bool:
    snag = (await desk.order(before.ASLEEP)).snag("short_stock")
    return snag is not None and snag.snooze is not None and snag.snooze.wait == "stock"


async def fix_postcodes(desk: Desk) -> None:
    """Filter to one type, choose all that is left, take what is suggested."""
    await desk.hand.press("/")
    await desk.hand.type("address")
    await desk.until(lambda: len(desk.state("inbox").rows) == before.POSTCODES, "the wrong postcodes")
    await desk.hand.go_on("Enter")
    await desk.hand.press("Ctrl+A")
    await _repair(desk, "use_suggestion")
    await desk.until(lambda: not desk.state("inbox").rows, "none left")


async def _are_fixed(desk: Desk) -> bool:
    for n in range(before.POSTCODES):
        region = (await desk.order(f"{before.WIDE}{n:02d}")).region
        if region.verdict != ACCEPT or region.postcode != before.RIGHT_CODE:
            return False
    return True


# --- calls ------------------------------------------------------------------------------------------


async def enter_order(desk: Desk) -> None:
    """Three articles for somebody who sent name, phone and address by chat, and who has paid."""
    hand, rail = desk.hand, desk.tour.station.shell.rail
    await hand.press(f"Ctrl+{rail.codes.index('new_order') + 1}")
    await arrived(desk.tour, "new_order")
    await _ahead(desk)
    for n, (sku, qty) in enumerate(ORDERED):
        if n:
            await hand.go_on("Enter")
        await hand.type(sku.lower())
        await hand.go_on("Enter")
        await desk.until(lambda sku=sku: hand.find(f"guide/lines/{sku}/qty"), sku)  # type: ignore[misc]
        await hand.type(qty)
        row = f"{sku}\t{qty}"
        await desk.until(lambda row=row: row in value(desk.tour, "lines"), row)  # type: ignore[misc]
    await _ahead(desk)
    await hand.go_on("Tab", "Tab")
    await hand.paste(PASTED)
    await desk.until(lambda: desk.state("guide").advice is not None, "what was pasted taken apart")
    await hand.press("Alt+1")
    await desk.until(lambda: value(desk.tour, "phone"), "the phone in its field")
    await _ahead(desk)
    await _ahead(desk)
    await hand.press("Ctrl+Enter")


async def _is_entered(desk: Desk) -> bool:
    (newest,) = await desk.tour.station.desk.look(Views.order_page, OrderQuery(shop="B21"), 0, 1)
    order = await desk.order(newest.number)
    asked = {line.sku: str(line.qty) for line in order.lines}
    return asked == dict(ORDERED) and order.receiver.name == "郁兰舟" and order.paid_minor > 0


async def open_return(desk: Desk) -> None:
    """A buyer who names her order sends everything back."""
    hand = desk.hand
    await hand.press("Ctrl+K")
    await hand.type(before.SOLD.lower())
    await desk.until(lambda: _palette_has(desk, before.SOLD), before.SOLD)
    await hand.go_on("Enter")
    await desk.until(lambda: desk.tour.here == "order" and is_offered(desk.tour, "guide/open_return"), "B")
    await hand.press("B")
    await arrived(desk.tour, "open_return")
    await _ahead(desk)
    await hand.press("Alt+1")
    await desk.until(lambda: value(desk.tour, "pieces"), "every piece")
    await _ahead(desk)
    await hand.press("Down")
    await desk.until(lambda: value(desk.tour, "reason"), "a reason")
    await hand.press("Ctrl+Enter")


async def _is_opened(desk: Desk) -> bool:
    order = await desk.order(before.SOLD)
    (case,) = order.returns
    return sum(each.qty for each in case.lines) == sum(line.qty for line in order.lines)


async def find_by_phone(desk: Desk) -> None:
    """Somebody calls and says the last digits of the phone."""
    await desk.hand.press("Ctrl+K")
    await desk.hand.type(before.TAIL)
    await desk.until(lambda: _palette_has(desk, before.CALLER), before.CALLER)
    desk.hand.read()
    await desk.hand.go_on("Enter")


async def _is_found(desk: Desk) -> bool:
    order = desk.state("order").order
    return desk.tour.here == "order" and order is not None and order.number == before.CALLER


def _palette_has(desk: Desk, number: str) -> bool:
    rows = desk.hand.look_at("palette/rows").model().rows  # type: ignore[attr-defined]
    return bool(rows) and number in f"{rows[0].verb} {rows[0].rest}"


async def _ahead(desk: Desk) -> None:
    """Look at the step; on to the next."""
    at = desk.state("guide").at
    await desk.until(lambda: not desk.state("guide").problems, f"step {at + 1} in order")
    await desk.hand.press("Ctrl+Enter")
    await desk.until(lambda: desk.state("guide").at == at + 1, f"step {at + 2}")


# --- review and floor -------------------------------------------------------------------------------


async def sign_off(desk: Desk) -> None:
    """Key what was asked, blind, then sign."""
    hand = desk.hand
    sheet = desk.state("review").sheet
    hand.read()
    await hand.press("Tab")
    for n, line in enumerate(sheet.order.lines):
        if n:
            await hand.go_on("Tab")
        await hand.type(str(line.qty))
    await desk.until(lambda: not desk.state("review").sheet.open_blinds, "what was keyed to agree")
    hand.read()
    await read_through(desk.tour)
    await hand.press("Alt+1")
    await desk.until(lambda: desk.state("review").signed_now, "the signature")


async def _is_signed(desk: Desk) -> bool:
    return "gu" in (await desk.order(before.LARGE)).reviewed.people


async def ship_parcels(desk: Desk) -> None:
    """The number of the parcel in the hand, the label on it, P."""
    hand = desk.hand
    for n in range(before.PARCELS):
        number, label = f"{before.PARCEL}{n:02d}", f"SF{n:012d}"
        await hand.scan(number)
        await desk.until(lambda number=number: _on_table(desk, number), number)  # type: ignore[misc]
        await hand.scan(label)
        await desk.until(lambda label=label: desk.state("warehouse").tracking_no == label, label)  # type: ignore[misc]
        await hand.go_on("P")
        await desk.until(lambda number=number: not _on_table(desk, number), f"{number} gone")  # type: ignore[misc]


def _on_table(desk: Desk, number: str) -> bool:
    order = desk.state("warehouse").order
    return order is not None and order.number == number


async def _are_shipped(desk: Desk) -> bool:
    for n in range(before.PARCELS):
        order = await desk.order(f"{before.PARCEL}{n:02d}")
        if order.status is not Status.SHIPPED:
            return False
    return True


# --- before -----------------------------------------------------------------------------------------


def card_of(number: str) -> Callable[[Desk], Awaitable[None]]:
    """The card of an order is in front."""
    return lambda desk: desk.at_card(number)


def page(place: str) -> Callable[[Desk], Awaitable[None]]:
    """A page is in front."""
    return lambda desk: desk.at(place)


async def review_board(desk: Desk) -> None:
    """The order to sign is in front."""
    await desk.at("review")
    await desk.until(lambda: desk.state("review").sheet is not None, "an order to review")


async def packed(desk: Desk) -> None:
    """The parcels are packed, and this desk knows the carrier."""
    desk.tour.station.store.set_setting("carrier", before.CARRIER)
    await desk.at("warehouse")
    await desk.hand.press("Ctrl+Tab", "Ctrl+Tab")
    await desk.until(lambda: desk.state("warehouse").stage == "ship", "the packed parcels")
    await desk.until(lambda: len(desk.state("warehouse").queue) == before.PARCELS, "ten of them")


TASKS: Final = (
    Task("repair_address", "lin", card_of(before.UNCLEAR), repair_address, _is_repaired),
    Task("settle_duplicate", "lin", card_of(before.TWIN), settle_duplicate, _is_settled),
    Task("split_short", "lin", card_of(before.SPLIT), split_short, _is_split),
    Task("snooze_stock", "lin", card_of(before.ASLEEP), snooze_stock, _is_asleep),
    Task("fix_50_postcodes", "lin", page("inbox"), fix_postcodes, _are_fixed),
    Task("enter_order", "lin", page("inbox"), enter_order, _is_entered),
    Task("open_return", "lin", page("inbox"), open_return, _is_opened),
    Task("find_by_phone", "lin", page("inbox"), find_by_phone, _is_found),
    Task("sign_off", "gu", review_board, sign_off, _is_signed),
    Task("ship_10_parcels", "qiao", packed, ship_parcels, _are_shipped),
)
