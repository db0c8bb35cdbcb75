"""The label a carrier gives for a parcel (面单): asked for under a key, void when it fits no more."""

from __future__ import annotations

from datetime import datetime

import msgspec

POSTCODE = "bad_postcode"
"""What of a label was refused: the postcode is not the one of the place."""


class Waybill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was asked of a carrier for an order. Its outcome stands among the effects, under `key`.

    `there` digests where the parcel goes: a label with another address on it must not be stuck on.
    """

    key: str
    carrier: str
    service: str = ""
    there: str
    at: datetime


def waybill_key(order: str, n: int) -> str:
    """Name the n-th label asked for an order; another carrier or address is another label."""
    return f"label:{order}:{n}"


def void_key(key: str) -> str:
    """Name what takes a label back."""
    return f"void:{key.partition(':')[2]}"


def label_key(key: str) -> str:
    """Name the label that a `void_key` takes back."""
    return f"label:{key.partition(':')[2]}"


def is_number(text: str) -> bool:
    """Tell whether a text may be the number of a parcel: what bars can say and a file name holds."""
    return 4 <= len(text) <= 40 and text.isascii() and text.replace("-", "").isalnum()
