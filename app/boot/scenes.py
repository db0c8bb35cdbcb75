"""The scenes of the tour: what a clerk, a packer and two reviewers do in one night, key by key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import msgspec

from app.boot.demo_company import PASSWORD
from app.boot.hand import Hand, Stuck
from app.boot.import_scenes import imports
from app.boot.order_scenes import orders, search
from app.boot.scenes_goods import ask_back, elsewhere, shelves, take_back
from app.boot.scenes_guides import GUIDES, waive
from app.boot.scenes_review import handover, night, reveal
from app.boot.station import Workstation
from app.domain.order import Status
from app.ports import Views
from widgets.panes import Panes

ANSWERS = {
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "文三路 88 号 3 幢 502 室",
    "name": "季小雨",
    "phone": "10000001234",
}
"""What the clerk of the tour types where nothing is suggested."""

Scene = Callable[["Tour"], Awaitable[None]]


class Summary(msgspec.Struct, kw_only=True):
    """What the day came to; figures are of this tour, read from the desk."""

    orders_in: int = 0
    touchless: int = 0
    snags: int = 0
    repaired: int = 0
    signed_off: int = 0
    shipped: int = 0
    refused: int = 0
    screens: int = 0
    pictures: list[str] = []
    lang: str = ""
    theme: str = ""


class Tour:
    """One day: the station, the hand that drives it, and what came of it."""

    def __init__(self, station: Workstation, hand: Hand) -> None:
        self.station, self.hand = station, hand
        self.summary = Summary()

    def state(self, code: str) -> Any:
        """Return what a screen shows now."""
        presenter: Any = self.station.presenters[code]
        return presenter.state

    @property
    def here(self) -> str:
        """The page in front."""
        page = self.station.shell.page
        return page.code if page is not None else ""

    async def sit_down(self, user: str) -> None:
        """Sign in as a person does: down to the name, the password, Enter."""
        station, hand = self.station, self.hand
        await hand.until(lambda: self.here == "sign_in" and hand.find("sign_in/people"), "the sign-in page")
        people = hand.list("sign_in/people")
        for _ in range(12):
            if people.current_key() == user:
                break
            await hand.press("Down")
        else:
            await hand.press(*["Up"] * 12)
            while people.current_key() != user:
                await hand.press("Down")
        await hand.type(PASSWORD)
        await hand.until(lambda: station.hub is not None and station.hub.url, "the hub of this PC")
        await hand.press("Enter")
        await hand.until(lambda: station.desk.is_signed_in and self.here != "sign_in", f"{user} signed in")
        await hand.until(lambda: self.is_level, "the company on this desk")

    @property
    def is_level(self) -> bool:
        """This desk knows everything its hub knows."""
        mark = self.station.store.mark
        return mark.cursor > 0 and mark.cursor == mark.head and self.station.desk.link().waiting == 0

    async def change_person(self, user: str) -> None:
        """Ctrl+L, and the next one sits down."""
        await self.hand.press("Ctrl+L")
        await self.sit_down(user)

    async def go(self, place: str) -> None:
        """Ctrl and the digit of a place on the rail; a click for what stands at its foot."""
        rail = self.station.shell.rail
        if place in rail.codes:
            await self.hand.press(f"Ctrl+{rail.codes.index(place) + 1}")
        else:
            await self.hand.click_on(rail.cell(place))
        await self.hand.until(lambda: self.here == place, place)
        await self.hand.rest()

    async def open_section(self, code: str) -> None:
        """J and K through the list of the settings until a section is in front, and into view."""
        for _ in range(3):  # out of a field, out of the section
            rows = self.hand.find("settings/sections")  # in a narrow window a section hides them
            if rows is None or not rows.hasFocus():
                await self.hand.press("Esc")
        codes = [section.code for section in self.state("settings").found]
        steps = codes.index(code) - codes.index(self.state("settings").here)
        await self.hand.press(*["J" if steps > 0 else "K"] * abs(steps))
        await self.hand.until(lambda: self.state("settings").here == code, code)
        await self.hand.until(lambda: self.state(code).is_loaded, f"what {code} shows")
        await self.step_in()
        await self.hand.rest()

    async def step_in(self) -> None:
        """In a narrow window list and detail take turns: Enter brings the detail to the front."""
        page = self.station.shell.page
        panes = page.findChild(Panes) if page is not None else None
        if panes is not None and panes.is_narrow and not panes.shows_detail:
            await self.hand.press("Enter")

    async def find_snag(self, kind: str) -> str:
        """Filter the inbox to one kind as a clerk does; return the order's number, or nothing."""
        state = self.state("inbox")
        row = next((r for r in state.rows if r.snag.kind == kind), None)
        if row is None:
            return ""
        await self.hand.filter(row.snag.number)
        await self.hand.until(lambda: _only(self.state("inbox"), row.snag.number), f"only {row.snag.number}")
        await self.hand.press("Esc")
        while self.state("inbox").card.row.snag.kind != kind:  # one order may have several exceptions
            await self.hand.press("J")
        return str(row.snag.number)

    async def show_all(self) -> None:
        """Empty the inbox's filter."""
        await self.hand.filter("")
        await self.hand.until(lambda: not self.state("inbox").text, "an empty filter")
        await self.hand.press("Esc")


def _only(state: Any, number: str) -> bool:
    card = state.card
    return card is not None and card.row.snag.number == number


async def morning(tour: Tour) -> None:
    """Sign in and see what waits."""
    await tour.hand.picture("sign-in")
    await tour.sit_down("lin")
    await tour.hand.until(
        lambda: tour.state("today").is_loaded and tour.state("today").first, "work for today"
    )
    await tour.hand.picture("today")


KEYS = {"duplicate_suspect": "2", "price_anomaly": "3"}
"""What this clerk decides where it is not the first key: both orders are wanted, the price is agreed."""


async def inbox(tour: Tour) -> None:
    """Repair with one key, take it back, repair again."""
    hand = tour.hand
    await tour.go("inbox")
    await hand.until(lambda: tour.state("inbox").card is not None, "a card")
    await hand.picture("inbox")
    for kind in ("address_invalid", "price_anomaly", "duplicate_suspect", "note_request"):
        number = await tour.find_snag(kind)
        card = tour.state("inbox").card
        key = KEYS.get(kind, "1")
        if number and card is not None and any(a.key == key and a.is_ready for a in card.acts):
            await hand.picture(f"inbox-{kind.replace('_', '-')}")
            await hand.press(key)
            await hand.until(lambda: tour.state("inbox").undo is not None, "the way back")
            tour.summary.repaired += 1
            if kind == "price_anomaly":
                await hand.picture("inbox-undo")
                await hand.press("Z")
                await hand.until(lambda: tour.state("inbox").undo is None, "the repair taken back")
                tour.summary.repaired -= 1
        await tour.show_all()


async def guides(tour: Tour) -> None:
    """Where one key cannot help: a guided address, a guided article."""
    hand = tour.hand
    for kind, form in (("address_invalid", "fix_address"), ("sku_unmapped", "match_sku")):
        await tour.go("inbox")
        if not await tour.find_snag(kind):
            continue
        await tour.step_in()
        await hand.press("Enter")
        await hand.until(lambda: tour.here == "guide" and tour.state("guide").fields, "the guide")
        await hand.picture(f"guide-{form.replace('_', '-')}")
        await _fill(tour, form)
        await hand.until(lambda: tour.here != "guide" or tour.state("guide").is_done, "the guide done")
        tour.summary.repaired += 1
        await tour.go("inbox")
        await tour.show_all()


async def _fill(tour: Tour, form: str) -> None:
    """Answer step by step: take the suggestion where there is one, else choose or type."""
    hand = tour.hand
    for step in range(12):
        state = tour.state("guide")
        if state.is_done or tour.here != "guide":
            return
        if state.advice is not None:
            await hand.press("Alt+1")
        for field in tour.state("guide").fields:
            if not field.value.strip() and not field.field.is_optional:
                await hand.answer(f"guide/{field.field.name}", ANSWERS.get(field.field.name, ""))
        if step:
            await hand.picture(f"guide-{form.replace('_', '-')}-step-{state.at + 1}")
        await hand.press("Ctrl+Enter")
        await hand.until(partial(_went_on, tour, state.at), "the next step")
    raise Stuck(f"the guide {form} does not end")


def _went_on(tour: Tour, than: int) -> bool:
    state = tour.state("guide")
    return bool(state.at > than or state.is_done or tour.here != "guide")


async def everywhere(tour: Tour) -> None:
    """What is the same on every page: palette, keys, help, notices."""
    hand = tour.hand
    await hand.press("Ctrl+K")
    await hand.type("DK-1171")
    await hand.picture("palette")
    await hand.press("Esc")
    await hand.press("?")
    await hand.picture("keys")
    await hand.press("Esc")
    await hand.press("F1")
    await hand.picture("help")
    await hand.press("Esc", "Ctrl+B")
    await hand.until(lambda: tour.here == "notices" and tour.state("notices").is_loaded, "the notices")
    await hand.picture("notices")


async def offline(tour: Tour) -> None:
    """Pull the cable, go on working, plug it in again: nothing is lost."""
    hand, station = tour.hand, tour.station
    await tour.go("inbox")
    station.unplug()
    await hand.until(lambda: station.desk.link().state == "offline", "the desk to notice")
    for kind in ("duplicate_suspect", "price_anomaly", "note_request"):
        if await tour.find_snag(kind):
            await hand.press(KEYS.get(kind, "1"))
            await hand.until(lambda: station.desk.link().waiting > 0, "work kept here")
            tour.summary.repaired += 1
            break
    await hand.picture("offline")
    await tour.go("settings")
    await tour.open_section("settings_hub")
    await hand.picture("outbox-offline")
    station.plug_in()
    await hand.until(lambda: tour.is_level, "everything accepted")
    await tour.go("settings")
    await tour.open_section("settings_look")
    await hand.picture("settings")
    await tour.go("inbox")
    await tour.show_all()


async def floor(tour: Tour) -> None:
    """Scan to pick, pack, ship."""
    hand = tour.hand
    await tour.change_person("qiao")
    await tour.go("warehouse")
    await hand.until(lambda: tour.state("warehouse").now is not None, "a bin to go to")
    await hand.picture("warehouse-pick")
    order = tour.state("warehouse").order
    for _ in range(60):
        await hand.until(lambda: tour.state("warehouse").order, "an order at hand")
        row = tour.state("warehouse").now
        if row is None:
            break
        await hand.scan(row.barcode)
        await hand.until(partial(_moved, tour, row.line, row.picked), "the pick")
    await hand.scan("4006381333931")
    await hand.picture("warehouse-picked")
    await hand.press("P")
    await hand.until(lambda: tour.state("warehouse").can_ship or _status(tour) is Status.PACKED, "the parcel")
    await hand.picture("warehouse-packed")
    await hand.until(lambda: tour.is_level, "the hub to hear of the parcel")
    await hand.until(lambda: tour.state("warehouse").can_ship, "the page to hear of it")
    await hand.press("P")
    await hand.until(lambda: tour.state("warehouse").label_said is not None, "the label of ours")
    await hand.picture("warehouse-label")
    await hand.press("Ctrl+P")
    await hand.until(lambda: tour.here == "paper" and tour.state("paper").content is not None, "the papers")
    await hand.picture("paper")
    await hand.press("Esc")
    await hand.until(lambda: tour.here == "warehouse", "the floor again")
    label = f"SF{order.number[3:]:0>12}"
    await hand.scan(label)
    await hand.until(lambda: tour.state("warehouse").scans[0].code == label, "the label")
    await hand.picture("warehouse-ship")
    await hand.press("Alt+P")
    await _shipped(tour, order.id)
    tour.summary.shipped += 1
    await tour.go("stock")
    await hand.until(lambda: tour.state("stock").is_loaded, "stock")
    await hand.picture("stock")


def _moved(tour: Tour, line: str, picked: int) -> bool:
    row = next((r for r in tour.state("warehouse").picks if r.line == line), None)
    return row is None or row.picked > picked


def _status(tour: Tour) -> Status | None:
    order = tour.state("warehouse").order
    return order.status if order is not None else None


async def _shipped(tour: Tour, order_id: str) -> None:
    """Wait until the hub said that the goods are gone."""
    desk = tour.station.desk
    for _ in range(300):
        found = await desk.look(Views.order, order_id, desk.login)
        if found is not None and found[0].status is Status.SHIPPED:
            return
        await asyncio.sleep(0.05)
    raise Stuck(f"{order_id} was not shipped")


SCENES: tuple[Scene, ...] = (
    morning,
    inbox,
    guides,
    orders,
    search,
    *GUIDES,
    elsewhere,
    ask_back,
    imports,
    everywhere,
    offline,
    floor,
    shelves,
    night,
    reveal,
    handover,
    waive,
    take_back,
)


async def play(tour: Tour, scenes: Iterable[Scene]) -> None:
    """Play every scene, then read the figures of the day."""
    for scene in scenes:
        try:
            await scene(tour)
        except Stuck:
            await tour.hand.picture("stuck")
            raise
    station, summary = tour.station, tour.summary
    counts = await station.desk.look(Views.counts, station.desk.login)
    outbox = await station.desk.look(Views.outbox)
    summary.orders_in, summary.touchless, summary.snags = counts.received, counts.touchless, counts.snags
    summary.refused = sum(1 for row in outbox if row.state == "refused")
    summary.pictures = tour.hand.pictures
    summary.screens = len(summary.pictures)
