"""What Ctrl+K finds: verbs of the page in front, places, orders; each row teaches its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from app.presenters.palette import Palette
from widgets import words
from widgets.palette import PaletteRow
from widgets.shell import Shell
from widgets.words import tr

ROWS_MAX = 10


class Finder:
    """Answers the palette from what the shell shows and what the desk holds."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self.shell: Shell | None = None

    async def search(self, text: str) -> Sequence[PaletteRow]:
        """Return what fits `text`: verbs first, then places, then orders."""
        typed = text.strip().lower()
        rows = [row for row in self._verbs() if typed in row.verb.lower() or typed == row.key.lower()]
        room = ROWS_MAX - min(len(rows), ROWS_MAX)
        return [*rows[:ROWS_MAX], *(await self._orders(text, room) if room else ())]

    def _verbs(self) -> Iterator[PaletteRow]:
        shell = self.shell
        if shell is None:
            return
        seen: set[str] = set()
        for key in (*shell.router.page_keys, *shell.router.shared_keys):
            is_own_way = key.key in ("Ctrl+K", "Esc", "J", "K", "Up", "Down") or key.label in seen
            if key.label and not is_own_way and (key.when is None or key.when()):
                seen.add(key.label)
                yield PaletteRow("spark", key.label, key.call, key=key.key)

    async def _orders(self, text: str, room: int) -> list[PaletteRow]:
        found = await self._palette.orders(text, room)
        return [
            PaletteRow(
                "orders",
                tr("Open {number}", number=order.number),
                partial(self._open, order.id),
                rest=" · ".join(filter(None, (order.shop_title, order.buyer))),
                fact=words.money(order.payable_minor, order.currency),
            )
            for order in (entry.order for entry in found)
            if order is not None
        ]

    def _open(self, order_id: str) -> None:
        if self.shell is not None:
            self.shell.go("order", {"id": order_id})
