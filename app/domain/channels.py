"""Shops the hub talks to by itself, as a desk sees them: how each does, and never a key."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.text import Text

KEEPS_SHOPS = "set_shop"
"""The right to let a shop rest, to let it go on, and to have it read again."""
FETCHES = "fetch_order"
"""The right to have one order read again from its channel."""
LIKELY = {
    "TM": "taobao", "JD": "jd", "PD": "pdd", "DY": "douyin", "AZ": "amazon", "SH": "shopify",
    "WX": "wechat_store", "WC": "woocommerce", "EB": "ebay", "VE": "vendure",
}  # fmt: skip
"""Which channel a badge says; another one may be anything that has an interface or writes files."""
ANY = "generic_rest"

Standing = Literal["on", "off", "none", "files"]
"""`files`: it is not called, but a folder of it is looked into."""


class Listed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one list of a shop was read. `said`: what to do about it, or what the night brought.

    `is_odd`: it is read, and yet somebody should look at what is `said`. `is_beside`: no list of orders.
    """

    name: str
    read_to: datetime | None = None
    well_at: datetime | None = None
    again_at: datetime | None = None
    tries: int = 0
    said: Text | None = None
    is_odd: bool = False
    is_beside: bool = False


class ShopHealth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shop. `waiting`: deliveries that came and are not decided; `wanted`: orders to be read again.

    `taken`: orders and changes that came today; `ends_at`: when the first of its keys runs out; `only_sends`:
    it has no list to be read. Titles and `about` are in both languages (`app.text.both`).
    """

    shop: str
    state: Standing
    channel: str
    title: str
    about: str
    needs: tuple[str, ...] = ()
    lists: tuple[Listed, ...] = ()
    since: datetime | None = None
    newest_at: datetime | None = None
    waiting: int = 0
    wanted: int = 0
    taken: int = 0
    ends_at: datetime | None = None
    only_sends: bool = False


class Channels(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All shops at one moment."""

    as_of: datetime
    shops: tuple[ShopHealth, ...] = ()
