"""One lesson in its window of practice, and what any hand does there: cards, sheets, guides, places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QComboBox

from app.boot.hand import Hand
from app.boot.practice_round import Round
from app.boot.scenes import Tour
from app.boot.scenes_guides import ahead, arrived, fill, is_offered, open_order, value
from app.commands.new_order import number_of
from app.desk import Act
from app.training.decks import WHOLESALE

TYPED: Final = frozenset({"large", "right", "wrong"})
"""Orders of decks that colleagues typed in: they are called as the program calls them."""


class Seat:
    """One lesson in its window, and the hand that plays it."""

    def __init__(self, one: Round, hand: Hand) -> None:
        self.one, self.hand = one, hand
        self.tour = Tour(one.station, hand)

    def number(self, name: str) -> str:
        """What an order of the deck is called."""
        assert self.one.playing is not None
        deck = self.one.playing.deck
        return number_of(WHOLESALE, deck.id(name)) if name in TYPED else deck.number(name)

    def state(self, code: str) -> Any:
        """What a page shows now."""
        return self.tour.state(code)

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait for what a person would see."""
        await self.hand.until(is_so, what)

    async def settled(self) -> None:
        """Wait until the hub has heard and answered everything."""
        await self.until(lambda: self.tour.is_level, "the hub to agree")

    # --- exceptions -----------------------------------------------------------------------------

    async def card(self, name: str, kind: str) -> None:
        """Stand on the card of an exception of an order."""
        number = self.number(name)
        await self.tour.go("inbox")
        await self.until(lambda: self.state("inbox").is_loaded, "the inbox")
        await self.hand.filter(number)
        await self.until(lambda: self._fronts(number), f"the card of {number}")
        await self.hand.press("Esc")
        for _ in range(4):
            if self.state("inbox").card.row.snag.kind == kind:
                return
            await self.hand.press("J")

    def _fronts(self, number: str) -> bool:
        card = self.state("inbox").card
        return card is not None and card.row.snag.number == number

    async def press_act(self, code: str) -> None:
        """Press the key of a repair of the card in front."""
        await self.until(lambda: self._act(code) is not None, f"the key of {code}")
        act = self._act(code)
        await self.hand.press(act.key if act is not None else "")
        await self.settled()

    def _act(self, code: str) -> Act | None:
        card = self.state("inbox").card
        acts = card.acts if card is not None else ()
        return next((act for act in acts if act.code == code and act.is_ready), None)

    # --- guides ---------------------------------------------------------------------------------

    async def sheet(self, name: str) -> None:
        """Open an order by its number."""
        await open_order(self.tour, self.number(name))

    async def guide(self, key: str, form: str, *steps: Mapping[str, str]) -> None:
        """Press the key of a guide on the sheet in front, and go through it."""
        await self.until(lambda: is_offered(self.tour, f"guide/{form}"), f"{form} offered")
        await self.hand.press(key)
        await arrived(self.tour, form)
        await self.answer(*steps)

    async def answer(self, *steps: Mapping[str, str], back_at: str = "order") -> None:
        """Answer step by step: a field named with a slash is an option to click; then give the command."""
        for n, step in enumerate(steps):
            for name, text in step.items():
                await self._field(name, text)
            if n < len(steps) - 1:
                await ahead(self.tour)
        await self.until(lambda: self.state("guide").preview is not None, "what it would do")
        await self.until(lambda: not self.state("guide").problems, "nothing in the way")
        await self.hand.press("Ctrl+Enter")
        await self.until(lambda: self.tour.here == back_at, f"back at {back_at}")
        await self.settled()

    async def _field(self, name: str, text: str) -> None:
        if name == "key":
            await self.hand.press(*text.split())
        elif isinstance(self.hand.find(f"guide/{name}"), QComboBox):
            await self.hand.answer(f"guide/{name}", text)
            await self.until(lambda: value(self.tour, name) == text, f"{name} chosen")
        elif "/" in name and not text:
            await self.hand.click(f"guide/{name}")
        elif "/" in name:
            await self.hand.focus(f"guide/{name}")
            await self.hand.press("Ctrl+A")
            await self.hand.type(text)
        else:
            await fill(self.tour, name, text)

    # --- places ---------------------------------------------------------------------------------

    async def at(self, place: str) -> None:
        """Stand on a page."""
        await self.tour.go(place)

    async def shelf(self, sku: str) -> None:
        """Stand on an article in Suzhou."""
        await self.at("stock")
        await self.hand.filter(sku)
        await self.until(lambda: self.state("stock").text == sku, "the article")
        if self.hand.find("stock/split/SZ") is not None:
            await self.hand.click("stock/split/SZ")
        await self.until(lambda: self.state("stock").row is not None, "its shelf")


Play = Callable[[Seat], Awaitable[None]]


def repairs(*presses: tuple[str, str, str]) -> Play:
    """Press one key on each of these cards: order, type, repair."""

    async def play(seat: Seat) -> None:
        for name, kind, code in presses:
            await seat.card(name, kind)
            await seat.press_act(code)

    return play
