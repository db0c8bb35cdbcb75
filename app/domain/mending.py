"""How the channel of a shop is read, as its editor sees it: values by key, a real sample, the order it makes.

A key is a pointer: `map/order/payable/path`. What a company changes lies as a patch over the manifest that
came with the program, which is never edited. Values travel as JSON text. Source: channels.md section 5.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.text import N_, Text, both

MENDS = "set_shop"
"""The right to change how a shop's channel is read: who connects it has it."""
PATCH_MOST = 60_000
BLOCKS = {
    "map": N_("What a record means"),
    "streams": N_("Lists"),
    "budget": N_("Pace"),
    "push": N_("What it sends"),
    "writes": N_("What it is told"),
    "guards": N_("Guards"),
    "settings": N_("Access keys"),
    "transport": N_("Protocol"),
    "currency": N_("Currency"),
    "file": N_("Tables"),
}
"""The ten blocks of a manifest, what is changed most first."""
MADE = {
    "ext_id": N_("Order number"), "ordered_at": N_("Ordered at"), "state": N_("State"),
    "lock": N_("Held for"),
    "currency": N_("Currency"), "total": N_("Order total"), "payable": N_("Amount to pay"),
    "paid": N_("Amount paid"), "refunded": N_("Amount refunded"), "name": N_("Receiver"),
    "phone": N_("Phone"), "province": N_("Province"), "city": N_("City"), "district": N_("District"),
    "street": N_("Street"), "note": N_("Note of the buyer"), "customer": N_("Customer code"),
}  # fmt: skip
"""What the fields of an order are called."""
LOCKED = ("settings", "transport", "push/verify", "push/handshake", "push/path")
"""How a call is built, signed and checked comes with the program: a mistake there opens a door."""


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """What is not as it must be, and the block it stands in."""

    block: str
    text: Text


class Bit(msgspec.Struct, frozen=True):
    """One field of a real record, or of the order made of it."""

    key: str
    value: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What lay over the manifest once. `changed`: its keys that differ from the version before."""

    n: int
    by: str
    at: datetime
    patch: str
    changed: tuple[str, ...] = ()


class Mending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a shop's channel is read with a patch over it: nothing of it is kept yet.

    `shipped`: the manifest that came with the program. `schema`: what it may say, with words for a form;
    told where nothing was asked yet. `n`: the newest version kept. `odd`: why the sample cannot be read, or
    what of it looks odd. `gone`: fields the map reads that are not what they always were.
    """

    shop: str
    channel: str
    title: str
    n: int
    patch: str
    shipped: str
    schema: str = ""
    sample: tuple[Bit, ...] = ()
    made: tuple[Bit, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    odd: tuple[Text, ...] = ()
    gone: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    exported: str = ""


class AskMending(msgspec.Struct, frozen=True, kw_only=True):
    """Show, or keep, a patch over a manifest; `n`: the version its author saw.

    `whole`: a manifest that was exported, YAML or JSON; what differs in it from the shipped one is the patch.
    """

    patch: Annotated[str, Meta(max_length=PATCH_MOST)] = ""
    n: int = 0
    whole: Annotated[str, Meta(max_length=4 * PATCH_MOST)] = ""


def leaves_of(tree: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of a tree by its key; a list is one value."""
    for name, value in tree.items():
        key = f"{at}/{escaped(name)}" if at else escaped(name)
        if isinstance(value, dict) and value:
            yield from leaves_of(value, key)
        else:
            yield key, json.dumps(value, ensure_ascii=False)


def escaped(name: str) -> str:
    """Write a name inside a key."""
    return name.replace("~", "~0").replace("/", "~1")


def names_of(key: str) -> list[str]:
    """Take a key apart."""
    return [name.replace("~1", "/").replace("~0", "~") for name in key.split("/")]


def is_locked(key: str) -> bool:
    """Tell a key that only the program itself changes."""
    return any(key == one or key.startswith(f"{one}/") for one in LOCKED) or key in (
        "id", "format", "version", "title", "about",
    ) or key.startswith(("title/", "about/"))  # fmt: skip


def titled(chinese: str, english: str) -> str:
    """Return a title in both languages."""
    return both(chinese or english, english)
