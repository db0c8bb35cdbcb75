"""Other systems of the company that come to the hub by themselves: their keys, what each may do, their hooks.

A key acts under its own name: whatever it asks is decided like anybody's, by the rights of its scopes.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from app.text import N_

MAKES_KEYS = "set_key"
"""The right to let another system in, and to tell it news."""
KEY = "key:"
"""What the name of a system begins with where people's names stand."""


class Scope(NamedTuple):
    """What a scope is called, and the commands it allows beside what it lets read."""

    title: str
    rights: frozenset[str] = frozenset()


SCOPES: dict[str, Scope] = {
    "orders:read": Scope(N_("Read orders")),
    "orders:write": Scope(N_("Bring orders"), frozenset({"receive"})),
    "orders:personal": Scope(N_("Read buyers in full")),
    "shipments:read": Scope(N_("Read parcels")),
    "shipments:write": Scope(N_("Report parcels"), frozenset({"pick", "pack", "ship"})),
    "stock:read": Scope(N_("Read stock")),
    "stock:write": Scope(N_("Report stock"), frozenset({"set_stock", "receive_stock", "announce_stock"})),
    "carts:write": Scope(N_("Hold goods for carts"), frozenset({"hold_cart"})),
    "customers:write": Scope(N_("Keep customers' credit"), frozenset({"set_customer"})),
    "events:read": Scope(N_("Read news")),
}


def rights_of(scopes: tuple[str, ...]) -> frozenset[str]:
    """Return the commands that these scopes allow."""
    return frozenset().union(*(SCOPES[scope].rights for scope in scopes if scope in SCOPES))


def actor_name(code: str) -> str:
    """Return whom the history names where a system did something."""
    return f"{KEY}{code}"


class SystemKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One key, as an administrator sees it. The key itself is told once and kept nowhere."""

    code: str
    title: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Hook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where news is sent by itself. `waiting` is how many it has not got; `said` why the last try failed."""

    code: str
    url: str
    kinds: tuple[str, ...]
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    waiting: int = 0
    tries: int = 0
    again_at: datetime | None = None
    said: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece of news on its way to a hook. `status` is what was answered, 0 where nothing was."""

    hook: str
    id: str
    kind: str
    subject: str
    state: str
    """sent | rejected | todo"""
    tries: int
    status: int
    at: datetime
    said: str = ""


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key to be made; `days` until it runs out, 0: never."""

    code: str
    title: str
    scopes: tuple[str, ...]
    days: int = 0


class MadeKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, told this once."""

    code: str
    key: str


class NewHook(msgspec.Struct, frozen=True, kw_only=True):
    """Where news shall be sent; no kinds: all of them."""

    code: str
    url: str
    kinds: tuple[str, ...] = ()


class MadeHook(msgspec.Struct, frozen=True, kw_only=True):
    """A new hook, and what its messages are signed with."""

    code: str
    secret: str


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news to be sent again; `id` as the hook got it."""

    id: str
