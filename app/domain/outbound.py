"""The systems a company has that the hub does something at: what each asks for, owns, and how it does.

Keys go to the hub in one question and stand in no answer. Titles are in both languages (`app.text.both`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.domain.connecting import Asked, Name, Value
from app.text import N_, Text

CONNECTS_SERVICES = "set_key"
"""The right to connect systems: who lets other systems in has it."""
CODES_MOST = 200
Code = Annotated[str, Meta(min_length=1, max_length=60)]
Codes = Annotated[dict[Code, Code], Meta(max_length=CODES_MOST)]
Standing = Literal["on", "off", "file", "none"]
OWNS: dict[str, str] = {
    "label": N_("Tracking numbers of labels"),
    "invoice": N_("Numbers of invoices"),
    "follow": N_("Scans of parcels"),
    "deliver": N_("What left its warehouses, carrier and tracking number"),
    "voucher": N_("Numbers of vouchers"),
}
"""By kind of effect, what is this system's to say."""


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one kind of document does. `failed`: refused there, or nobody knows; `again_at`: the next try."""

    kind: str
    waiting: int = 0
    troubled: int = 0
    failed: int = 0
    sent_at: datetime | None = None
    again_at: datetime | None = None


class OutService(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One system. `file`: the operator connects it, it is only read here; `hook`: where it sends."""

    name: str
    state: Standing
    manifest: str
    title: str
    about: str
    does: tuple[str, ...]
    asks: tuple[Asked, ...] = ()
    takes: tuple[str, ...] = ()
    """Which codes of ours it calls otherwise: carriers, warehouses, shops."""
    carriers: dict[str, str] = {}
    warehouses: dict[str, str] = {}
    shops: dict[str, str] = {}
    accounts: dict[str, str] = {}
    reads: str = "masked"
    labels: bool = False
    hook: str = ""
    sent: tuple[Sent, ...] = ()
    can_try: bool = False
    """A call is known that asks and changes nothing; else only its address is tried."""


class OutServices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All of them at one moment: those that are connected first."""

    as_of: datetime
    all: tuple[OutService, ...] = ()


class AskService(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person wants of a system: kept with these keys, tried, let rest, gone on with, or ended."""

    deed: Literal["keep", "try", "rest", "go_on", "end"]
    manifest: Annotated[str, Meta(max_length=40)] = ""
    settings: Annotated[dict[Name, Value], Meta(max_length=60)] = {}
    carriers: Codes = {}
    warehouses: Codes = {}
    shops: Codes = {}
    accounts: Annotated[dict[Code, Code], Meta(max_length=20)] = {}
    reads: Literal["masked", "full"] = "masked"
    labels: bool = False


class SaidService(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of it, in a sentence. `wrong`: a test call failed."""

    text: Text
    wrong: bool = False
