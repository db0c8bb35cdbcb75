"""Why a warehouse does not send an order it was given (仓库拒单), and what of it would have to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from app.text import N_


class Reason(msgspec.Struct, frozen=True):
    """`field` is the part of the order that is wrong; none: the order is right, this building cannot."""

    title: str
    field: str = ""


REASONS: Mapping[str, Reason] = {
    "missing": Reason(N_("the goods are not on the shelf")),
    "damaged": Reason(N_("the goods are damaged")),
    "packing": Reason(N_("it does not fit one parcel"), "lines"),
    "address": Reason(N_("no label can be made of the address"), "address"),
    "capacity": Reason(N_("it cannot leave in time from here")),
}
"""What the floor may say, in the order of its keys."""


class FloorRefusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One no of a warehouse. `said` is the digest of the field it names: what changes there answers it."""

    warehouse: str
    why: str
    by: str
    at: datetime
    said: str = ""
