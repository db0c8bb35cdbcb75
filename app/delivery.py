"""How the way of a parcel stands: delivered, or waiting for somebody to say what shall become of it."""

from __future__ import annotations

from app.domain.order import Order, Status
from app.domain.scan import ScanKind, last_scan
from app.domain.scan_events import ERRANDS
from app.text import N_, Text


def is_failed(order: Order) -> bool:
    """Tell whether it could not be delivered, and nobody has asked the carrier for anything since."""
    last = last_scan(order.scans)
    if last is None or last.kind is not ScanKind.FAILED:
        return False
    return order.errand is None or order.errand.at < last.at


def parcel_said(before: Order, after: Order) -> Text | None:
    """Say that there is no parcel any more, or what its carrier is asked that it was not asked before."""
    if after.status is Status.CANCELLED and before.status is not Status.CANCELLED:
        return Text(N_("No parcel"))
    if after.errand is None or after.errand == before.errand:
        return None
    return Text(ERRANDS[after.errand.what])
