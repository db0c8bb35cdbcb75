"""The page one shift leaves to the next: what is open, why, whose it is, what was promised until when.

Two people sign it. Both names stand under one digest of what was on the page, and they are never the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from string import Formatter
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.values import Key, digest
from app.text import N_, Text

LINES_MOST = 200
NOTE_MOST = 200
"""Characters: one sentence for whoever comes."""
WHY_DEEP = 4
"""Sentences within sentences."""
Short = Annotated[str, Meta(max_length=200)]


class What(StrEnum):
    """What of an order is open when a shift ends."""

    SNAG = "snag"
    HOLD = "hold"
    PARCEL = "parcel"
    REVIEW = "review"


TITLES = {
    What.SNAG: N_("Exception"),
    What.HOLD: N_("On hold"),
    What.PARCEL: N_("Packed, not collected"),
    What.REVIEW: N_("Waits for review"),
}


class Open(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is open. `id` is an order, or the case of a delivery or a command; `kind` of exceptions.

    `until`: what was promised, or when it must be done. `remark` is what whoever leaves says of it.
    """

    what: What
    id: Short
    why: Text
    kind: Short = ""
    is_case: bool = False
    number: Short = ""
    owner: Short = ""
    is_claimed: bool = False
    is_asleep: bool = False
    until: datetime | None = None
    remark: Short = ""

    @property
    def key(self) -> str:
        """Names the line on its page."""
        return f"{self.what}/{self.id}/{self.kind}"


class Handover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One page, signed by whoever leaves and then by whoever takes over. No `warehouse`: the whole desk.

    `passes` says whether what its author has claimed goes to whoever takes over. `more` things were open that
    the page has no room for.
    """

    id: str
    warehouse: str
    lines: tuple[Open, ...]
    left_by: str
    left_at: datetime
    seal: str
    remark: str = ""
    passes: bool = False
    more: int = 0
    taken_by: str = ""
    taken_at: datetime | None = None

    @property
    def claims(self) -> tuple[Open, ...]:
        """What whoever takes over would have from then on."""
        if not self.passes:
            return ()
        return tuple(one for one in self.lines if one.is_claimed and one.owner == self.left_by)


def handover_key(warehouse: str, id: str) -> Key:
    """Name a page; pages of a warehouse stand together, the newest last."""
    return ("handover", f"{warehouse}/{id}")


def seal_of(warehouse: str, lines: Iterable[Open], remark: str, *, passes: bool, more: int = 0) -> str:
    """Return the digest both names stand under: of every line and every word on the page."""
    return digest(warehouse, tuple(lines), remark, passes, *((more,) if more else ()))


def can_be_said(text: Text, deep: int = 0) -> bool:
    """Tell whether a sentence from another desk can be put on a screen: every place in it has its words."""
    if deep > WHY_DEEP:
        return False
    if text.params:
        try:
            parts = list(Formatter().parse(text.message))
        except ValueError:
            return False
        if any(name is not None and (name not in text.params or spec or how) for _, name, spec, how in parts):
            return False
    return all(can_be_said(one, deep + 1) for one in text.params.values() if isinstance(one, Text))
