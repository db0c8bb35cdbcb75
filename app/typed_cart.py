"""Goods the hub holds for an order while somebody types it: asked for, begun anew, given back."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.commands.hold_cart import HoldCart
from app.desk import Desk

ANEW = timedelta(minutes=2)
"""While one types, the time begins anew so often; the hub holds longer than that."""


class TypedCart:
    """What one guide has the hub hold; offline it holds nothing, and the order is as it always was."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: HoldCart | None = None
        self._at: datetime | None = None

    async def hold(self, wanted: HoldCart | None, *, is_typing: bool = False) -> None:
        """Have this held from now on; while one is still `typing`, only what is held already begins anew."""
        before, now = self._asked, await self._desk.now()
        if before is not None and (
            wanted is None or (wanted.cart, wanted.shop) != (before.cart, before.shop)
        ):
            await self.leave()
            before = None
        if wanted is None or (is_typing and before is None) or not self._may():
            return
        is_fresh = self._at is not None and now - self._at < ANEW
        if before is not None and is_fresh and (is_typing or wanted == before):
            return
        self._asked, self._at = wanted, now
        await self._desk.submit(_without(wanted, before), "cart")

    async def leave(self) -> None:
        """Give everything back: nobody goes on typing."""
        asked = self.forget()
        if asked is not None and self._may():
            nothing = msgspec.structs.replace(asked, lines=())
            await self._desk.submit(_without(nothing, asked), "cart")

    def forget(self) -> HoldCart | None:
        """Leave what is held to the order that takes it; return what it was."""
        asked, self._asked, self._at = self._asked, None, None
        return asked

    def _may(self) -> bool:
        desk = self._desk
        return desk.is_signed_in and desk.link().state == "online" and desk.may("hold_cart")


def _without(wanted: HoldCart, before: HoldCart | None) -> HoldCart:
    """Name what is not wanted any more too, so that it is given back."""
    kept = {line.sku for line in wanted.lines}
    gone = [line for line in (before.lines if before is not None else ()) if line.sku not in kept]
    lines = (*wanted.lines, *(msgspec.structs.replace(line, qty=0) for line in gone))
    return msgspec.structs.replace(wanted, lines=lines)
