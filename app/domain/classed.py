"""Which class an order is of, as the hub decided it."""

from __future__ import annotations

import msgspec

from app.text import Text


class Classed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The row that decided, what it is called in both languages, and why. See `order_class`."""

    code: str
    title: str
    said: Text
    queue: str = ""
    invoice: str = ""
