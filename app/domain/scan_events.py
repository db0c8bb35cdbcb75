"""What carriers say of parcels on their way, and what they are asked to do with them."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.scan import FAILED_REASONS, SCAN_TITLES, AskedFor, Errand, Scan
from app.domain.values import Receiver, Region
from app.text import N_, Text

__all__ = ["CarrierAsked", "ParcelScanned", "ScanTakenBack", "scan_said"]

ERRANDS: dict[AskedFor, str] = {
    AskedFor.REDELIVER: N_("The carrier is asked to deliver again"),
    AskedFor.CALL_BACK: N_("The carrier is asked to bring the parcel back"),
}


def scan_said(scan: Scan) -> Text:
    """Say what a scan says."""
    title = Text(SCAN_TITLES[scan.kind])
    if not scan.reason:
        return title
    reason = Text(FAILED_REASONS.get(scan.reason, scan.reason))
    return Text(N_("{what}: {reason}"), {"what": title, "reason": reason})


class ParcelScanned(Event, frozen=True, kw_only=True):
    order: str
    scan: Scan

    @override
    def says(self) -> Text:
        return scan_said(self.scan)


class ScanTakenBack(Event, frozen=True, kw_only=True):
    """Somebody noted a scan that was none."""

    order: str
    scan: Scan

    @override
    def says(self) -> Text:
        return Text(N_("Noted by mistake: {what}"), {"what": scan_said(self.scan)})


class CarrierAsked(Event, frozen=True, kw_only=True):
    """A parcel goes to its door once more, perhaps to another one, or comes back."""

    order: str
    errand: Errand
    receiver: Receiver
    region: Region
    by: str

    @override
    def says(self) -> Text:
        return Text(ERRANDS[self.errand.what])
