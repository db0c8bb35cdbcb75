"""What Ctrl+K finds: verbs of the page in front, places, orders; each row teaches its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from app.presenters.palette import Palette
from app.presenters.settings import SECTIONS
from app.text import N_, Text
from widgets import words
from widgets.keys import Key
from widgets.palette import PaletteRow
from widgets.rail import PLACES, PRACTICE, Place
from widgets.shell import Shell
from widgets.words import tr, trn

ROWS_MAX: Final = 10
_ORDERS_LEAST: Final = 4
"""Verbs leave at least so many rows to the orders that match."""
ELSEWHERE: Final = (
    Place("import_file", "import", N_("Import a file")),
    Place("outbox", "outbox", N_("Outbox")),
    Place("notices", "bell", N_("Notices")),
    Place("wave", "truck", N_("Plan together")),
    Place("handover", "people", N_("Handover")),
    PRACTICE,
)
"""Pages without a place on the rail."""
_NEVER: Final = frozenset({"Ctrl+K", "Esc", "Tab", "J", "K", "Up", "Down"})
_AREAS: Final = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
"""GB 2312 orders its first level by sound: where each initial begins."""
_LEVEL_ENDS: Final = 0xD7FA


def initials(text: str) -> str:
    """The first letters of the Chinese characters as they are spoken: 采用建议地址 is cyjydz.

    Source: GB 2312, level one; rarer characters keep themselves and are found by themselves.
    """
    return "".join(_initial(sign) for sign in text)


def _initial(sign: str) -> str:
    code = int.from_bytes(sign.encode("gb2312", "ignore"), "big")
    if not _AREAS[0][0] <= code < _LEVEL_ENDS:
        return sign.casefold()
    return next(letter for start, letter in reversed(_AREAS) if code >= start)


def fits(text: str, said: str) -> bool:
    """Whether every word of `text` is in `said`, as characters or as their initials."""
    whole, short = said.casefold(), initials(said)
    return all(part in whole or part in short for part in text.casefold().split())


class Finder:
    """Answers the palette from what the shell shows and what the desk holds."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self.shell: Shell | None = None

    async def search(self, text: str) -> Sequence[PaletteRow]:
        """Return what fits `text`: verbs first, then places, then orders."""
        typed = text.strip()
        rows = [
            row
            for row in (*self._verbs(), *self._guides(), *self._places())
            if fits(typed, row.verb) or typed.casefold() == row.key.casefold()
        ]
        orders = await self._orders(typed, ROWS_MAX - min(len(rows), ROWS_MAX - _ORDERS_LEAST))
        return [*rows[: ROWS_MAX - len(orders)], *orders]

    def _verbs(self) -> Iterator[PaletteRow]:
        shell = self.shell
        if shell is None:
            return
        seen: set[str] = set()
        for key in (*shell.router.page_keys, *shell.router.shared_keys):
            is_place = key.key.startswith("Ctrl+") and key.key[5:].isdigit()
            if key.label and key.key not in _NEVER and key.label not in seen and not is_place and _works(key):
                seen.add(key.label)
                yield PaletteRow("spark", key.label, key.call, key=key.key, off=key.off)

    def _guides(self) -> Iterator[PaletteRow]:
        shell = self.shell
        if shell is None or not shell.knows("guide"):
            return
        for entry in self._palette.guides():
            if entry.label is not None:
                begin = partial(shell.go, "guide", {"form": entry.code})
                off = trn(entry.off) if entry.off is not None else ""
                yield PaletteRow(entry.icon, trn(entry.label), begin, off=off)

    def _places(self) -> Iterator[PaletteRow]:
        shell = self.shell
        if shell is None:
            return
        numbers = {code: f"Ctrl+{n}" for n, code in enumerate(shell.rail.codes, 1)}
        for place in (*PLACES, *ELSEWHERE):
            if shell.knows(place.code):
                go = partial(shell.go, place.code)
                yield PaletteRow(place.icon, tr(place.label), go, key=numbers.get(place.code, ""))

        if shell.knows("figures"):
            for entry in self._palette.figures():
                go = partial(shell.go, "figures", {"split": entry.code})
                name = entry.label or Text("")
                yield PaletteRow(entry.icon, tr("Figures: {name}", name=name), go)

        if shell.knows("settings"):
            for section in SECTIONS:
                go = partial(shell.go, "settings", {"section": section.code})
                yield PaletteRow("settings", tr("Settings: {name}", name=Text(section.title)), go)

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


def _works(key: Key) -> bool:
    return key.when is None or key.when()
