"""How a shop is connected from a desk: what a channel asks for, what a test call found, what was begun.

ShopKeys go to the hub in one question and stand in no answer. Titles are in both languages (`app.text.both`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.text import Text

CONNECTS = "set_shop"
"""The right to give the hub the keys of a shop: who sets shops up has it."""
VALUE_MOST = 8_000
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Value = Annotated[str, Meta(max_length=VALUE_MOST, pattern=r"^[^\x00]*\Z")]


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the form that connects a shop. `is_kept`: the hub has it; left empty it stays.

    A `switch` says `on` or `off`.
    """

    name: str
    type: Literal["text", "secret", "url", "choice", "switch"]
    label: str
    hint: str = ""
    start: str = ""
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    is_kept: bool = False


class Platform(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One channel the hub can talk to. `about`: what it needs, what was only tried on a simulator."""

    id: str
    title: str
    about: str
    asks: tuple[Asked, ...] = ()
    is_read: bool = True
    """It has lists to be read; another one only sends."""


class Platforms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every channel there is, for one shop: the one it is connected with, or most likely, is `here`."""

    here: str
    all: tuple[Platform, ...]


class ShopKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a person typed for a shop: tried, or kept sealed. `days`: how far back it is read from then on."""

    channel: Name
    settings: Annotated[dict[Name, Value], Meta(max_length=60)] = {}
    days: Annotated[int, Meta(ge=0, le=90)] = 0


class Tried(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a test call found. `wrong` says why it failed and what to do; `odd` why orders cannot be read."""

    wrong: Text | None = None
    orders: int = 0
    unread: int = 0
    odd: Text | None = None
    newest_at: datetime | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A shop the hub talks to from now on; its channel sends to `hook`, empty where it does not."""

    hook: str = ""
