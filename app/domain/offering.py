"""How much of what is available each shop is offered: policies keep some of it back.

Pure: available pieces, policies and a day in, one figure and the policy that made it out.
Source: capabilities 3, channel_policy and 3.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.domain.company import Shop
from app.text import N_, Text

EVERY = "*"
"""At the end of a code: every article whose code begins so."""
PIECES_MOST = 1_000_000


class Mode(StrEnum):
    """What a policy does to a figure."""

    BUFFER = "buffer"
    """So many pieces are kept back."""
    PERCENT = "percent"
    """That share of what is available is kept back."""
    CAP = "cap"
    """No more than so many are offered."""
    EXCLUDE = "exclude"
    """None is offered."""
    AHEAD = "ahead"
    """Orders may wait for what is announced, and so many of that are offered."""


MODES: dict[str, str] = {
    Mode.BUFFER: N_("Keep pieces back"),
    Mode.PERCENT: N_("Keep a share back"),
    Mode.CAP: N_("Offer at most"),
    Mode.EXCLUDE: N_("Offer none"),
    Mode.AHEAD: N_("Sell ahead"),
}
SAID: dict[str, str] = {
    Mode.BUFFER: N_("{amount} pieces kept back"),
    Mode.PERCENT: N_("{amount} % kept back"),
    Mode.CAP: N_("{amount} pieces at most"),
    Mode.EXCLUDE: N_("none offered"),
    Mode.AHEAD: N_("sold ahead, {amount} pieces of what is announced offered"),
}


class StockPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What shops are not offered although it is there, or may sell although it is not.

    `shops` and `channels` name whom it is about, `articles` of what; none named: all of them. An article is a
    code, or the beginning of codes with `*` behind it. It holds from `since_on` to `until_on` by the shop's
    clock, both days included; without a day it has no end on that side.
    Units: `amount` pieces, of a share whole percent.
    """

    code: str
    title: str
    mode: Mode
    amount: int = 0
    shops: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    since_on: date | None = None
    until_on: date | None = None
    active: bool = True
    rev: int = 0

    def is_for(self, shop: Shop) -> bool:
        """Tell whether it is about this shop."""
        anybody = not self.shops and not self.channels
        return anybody or shop.code in self.shops or shop.channel in self.channels

    def is_of(self, sku: str) -> bool:
        """Tell whether it is about this article."""
        return not self.articles or any(
            sku.startswith(one[:-1]) if one.endswith(EVERY) else sku == one for one in self.articles
        )

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        is_begun = self.since_on is None or self.since_on <= day
        return self.active and is_begun and (self.until_on is None or day <= self.until_on)

    def leaves(self, available: int) -> int:
        """Return how much of this is offered. Units: pieces."""
        match self.mode:
            case Mode.BUFFER:
                return max(0, available - self.amount)
            case Mode.PERCENT:
                return available - -(-available * self.amount // 100)
            case Mode.CAP:
                return min(available, self.amount)
            case Mode.EXCLUDE:
                return 0
            case Mode.AHEAD:
                return available

    def says(self) -> Text:
        """Say what it does."""
        return Text(SAID[self.mode], {"amount": self.amount})


class Offer(NamedTuple):
    """What a shop is offered of an article, and the policy that lowered it most; none where nobody did.

    Units: pieces.
    """

    pieces: int
    by: StockPolicy | None = None


def in_force(policies: Iterable[StockPolicy], shop: Shop, day: date) -> tuple[StockPolicy, ...]:
    """Return what holds for a shop on a day, by code."""
    mine = (one for one in policies if one.is_for(shop) and one.holds_on(day))
    return tuple(sorted(mine, key=lambda one: one.code))


def ahead_by(sku: str, policies: Iterable[StockPolicy]) -> StockPolicy | None:
    """Return by which policy of a shop orders may wait for what is announced: the most careful one."""
    mine = (one for one in policies if one.mode is Mode.AHEAD and one.is_of(sku))
    return min(mine, key=lambda one: (one.amount, one.code), default=None)


def offered(available: int, sku: str, policies: Iterable[StockPolicy], ahead: int = 0) -> Offer:
    """Return what is offered of an article under the policies of a shop; the most restrictive one wins.

    Of what is announced and nobody counts on (`ahead`) as much as a policy says is offered too.
    Units: pieces; never negative.
    """
    policies = tuple(policies)
    by = ahead_by(sku, policies)
    more = min(max(0, ahead), by.amount) if by is not None else 0
    here = max(0, available) + more
    best = Offer(here, by if more else None)
    for one in policies:
        if one.is_of(sku) and one.leaves(here) < best.pieces:
            best = Offer(one.leaves(here), one)
    return best
