"""Value types that every other module speaks in.

Units: money is integer minor units of a currency (fen, paise, cents); instants are aware UTC; quantities are
pieces.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

Key = tuple[str, str]
"""Names one row: (table, primary key)."""

Keys = frozenset[Key]


class Role(StrEnum):
    """What a person or a machine is at work. A role is a bundle of grants (`people.GRANTS`)."""

    CLERK = "clerk"
    WAREHOUSE = "warehouse"
    REVIEWER = "reviewer"
    TRAINER = "trainer"
    LEAD = "lead"
    ADMIN = "admin"
    CHANNEL = "channel"
    WORKER = "worker"

    @property
    def person(self) -> bool:
        """Tell people from machines."""
        return self not in (Role.CHANNEL, Role.WORKER)


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a person, a channel account or a worker of the hub."""

    user: str
    role: Role
    grants: frozenset[str]
    desk: str = ""
    """The replica of the desk the person sits at; empty for machines."""


class Receiver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything personal about a buyer, and nothing else.

    Whatever is in here is sealed in command arguments, rows and feed, and masked on screen by role;
    no other message may hold a buyer's name, phone, street or note.
    """

    name: str = ""
    phone: str = ""
    street: str = ""
    raw: str = ""
    """The address as the buyer wrote it, never changed by us."""
    note: str = ""
    account: str = ""
    """How the channel names whoever bought: a member or an open id. Compared as it is, never resolved."""
    place: str = ""
    """How the channel names who takes it in, and where, while it shows stars only: one name, one door."""
    memo: str = ""
    """What the seller's own people wrote to the order, here or on its channel (卖家备注)."""
    memo_by: str = ""
    """Who wrote it here; empty: it came from the channel."""

    def sent_to(self, other: Receiver) -> Receiver:
        """Return this one with who takes it in, and where, of another; what was written stays."""
        return msgspec.structs.replace(self, name=other.name, phone=other.phone, street=other.street)

    def with_memo(self, memo: str, by: str = "") -> Receiver:
        """Return this one with another memo."""
        return msgspec.structs.replace(self, memo=memo, memo_by=by if memo else "")

    def without_memo(self) -> Receiver:
        """Return what the buyer alone said."""
        return self.with_memo("")


class Region(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """Where an order goes, down to the district; judged by `address.read`.

    Its defaults are written out: "CN" from a file is not the same object as the default, and only the same
    object is left out, so equal regions would have different digests.
    """

    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    postcode: str = ""
    verdict: str = ""
    """accept | confirm | fix; empty: not judged yet."""


def order_key(id: str) -> Key:
    return ("order", id)


def stock_key(warehouse: str, sku: str) -> Key:
    return ("stock", f"{warehouse}/{sku}")


def stock_doc_key(id: str) -> Key:
    return ("stock_doc", id)


def sku_key(code: str) -> Key:
    return ("sku", code)


def sku_map_key(shop: str, ext_sku: str) -> Key:
    return ("sku_map", f"{shop}/{ext_sku}")


def block_key(key: str) -> Key:
    return ("block", key)


def snag_key(id: str) -> Key:
    return ("snag", id)


def habit_key(user: str) -> Key:
    return ("habit", user)


def bell_key(person: str) -> Key:
    return ("bell", person)


def ballot_key(order: str) -> Key:
    """Name the verdicts on an order."""
    return ("ballot", order)


def reservation_key(order: str, line: str) -> Key:
    return ("reservation", f"{order}/{line}")


def digest(*content: object) -> str:
    """Return 16 hexadecimal digits that change when the content does."""
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]


EVERY_OPEN = "orders"
"""What an event wakes that may change what is found of any order that may still change."""

RULES_KEY: Key = ("rules", "current")
