"""What a carrier's scans say of a parcel on its way, and what it was asked to do with it.

Reasons are a fixed list, so that nothing personal is written here and reasons can be counted.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.text import N_


class ScanKind(StrEnum):
    """Where a parcel is."""

    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT = "out"
    FAILED = "failed"
    DELIVERED = "delivered"
    RETURNED = "returned"


SCAN_TITLES: dict[ScanKind, str] = {
    ScanKind.ACCEPTED: N_("Taken by the carrier"),
    ScanKind.IN_TRANSIT: N_("On its way"),
    ScanKind.OUT: N_("Out for delivery"),
    ScanKind.FAILED: N_("Not delivered"),
    ScanKind.DELIVERED: N_("Delivered"),
    ScanKind.RETURNED: N_("Sent back to us"),
}

FAILED_REASONS: dict[str, str] = {
    "not_home": N_("nobody was there"),
    "bad_address": N_("the address could not be found"),
    "bad_phone": N_("nobody answers that number"),
    "refused": N_("the receiver refused it"),
    "damaged": N_("the parcel is damaged"),
    "other": N_("for another reason"),
}
"""Why a parcel was not delivered."""

SCANS_MOST = 30
"""So many scans of a parcel are kept, the latest ones."""


class Scan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One scan. `reason` is a code of `FAILED_REASONS`, of failed ones alone."""

    kind: ScanKind
    at: datetime
    reason: str = ""


class AskedFor(StrEnum):
    """What a carrier may be asked to do with a parcel it has."""

    REDELIVER = "redeliver"
    CALL_BACK = "call_back"


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What the carrier was asked last; whether it was told stands among the effects, under `key`."""

    what: AskedFor
    key: str
    at: datetime


def next_errand(what: AskedFor, order: str, last: Errand | None, at: datetime) -> Errand:
    """Return what the carrier is asked after what it was asked last; every errand has a key of its own."""
    n = int(last.key.rpartition(":")[2]) + 1 if last is not None else 1
    return Errand(what=what, key=f"{what}:{order}:{n}", at=at)


def with_scan(scans: tuple[Scan, ...], scan: Scan) -> tuple[Scan, ...]:
    """Put a scan in its place: they arrive in any order."""
    return tuple(sorted((*scans, scan), key=lambda one: one.at))[-SCANS_MOST:]


def last_scan(scans: tuple[Scan, ...]) -> Scan | None:
    """Return the latest scan."""
    return scans[-1] if scans else None
