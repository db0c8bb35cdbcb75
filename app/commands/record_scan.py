"""Note what a carrier says of a parcel on its way."""

from __future__ import annotations

from datetime import timedelta

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import Event, ParcelScanned, ScanTakenBack, StatusChanged
from app.domain.lifecycle import SENT
from app.domain.order import Order, Status
from app.domain.scan import FAILED_REASONS, Scan, ScanKind
from app.text import N_

AHEAD = timedelta(days=1)
"""So far a carrier's clock may be ahead of ours."""


class RecordScan(Command, frozen=True, kw_only=True, omit_defaults=True):
    """`takes_back` is a person's: the scan was noted by mistake."""

    order: str
    scan: Scan
    takes_back: bool = False


def decide(command: RecordScan, facts: Facts) -> Decided:
    """Believe the carrier; an order nobody's channel completes is complete when it is delivered.

    Refuses: `no_order`, `not_shipped`, `no_reason`, `future`, `unchanged`.
    """
    order, scan = facts.order(command.order), command.scan
    if order is None:
        return NO_ORDER
    if order.status not in SENT or not order.tracking_no:
        return refuse("not_shipped", N_("No parcel of this order is with a carrier. Ship it first."))
    if command.takes_back:
        return _taken_back(order, scan, facts)
    if (scan.kind is ScanKind.FAILED) != bool(scan.reason) or scan.reason not in ("", *FAILED_REASONS):
        return refuse("no_reason", N_("Say why it was not delivered, and only then. Choose from the list."))
    if scan.at > facts.now + AHEAD:
        return refuse("future", N_("That time has not come yet. Write when it was scanned."))
    if any(one.kind is scan.kind and one.at == scan.at for one in order.scans):
        return refuse("unchanged", N_("This scan is known. Nothing to do."))
    return [ParcelScanned(order=order.id, scan=scan), *_completed(order, scan, facts)]


def _completed(order: Order, scan: Scan, facts: Facts) -> list[Event]:
    is_ours = not order.ext_id and not order.made_from
    if scan.kind is not ScanKind.DELIVERED or order.status is not Status.SHIPPED or not is_ours:
        return []
    return [StatusChanged(order=order.id, before=order.status, after=Status.COMPLETED, at=facts.now)]


def _taken_back(order: Order, scan: Scan, facts: Facts) -> Decided:
    if scan not in order.scans:
        return refuse("unchanged", N_("This scan is not here. Nothing to do."))
    events: list[Event] = [ScanTakenBack(order=order.id, scan=scan)]
    is_ours = not order.ext_id and not order.made_from
    if scan.kind is ScanKind.DELIVERED and order.status is Status.COMPLETED and is_ours:
        before, after = order.status, Status.SHIPPED
        events.append(StatusChanged(order=order.id, before=before, after=after, at=facts.now))
    return events


def inverse(command: RecordScan, _facts: Facts) -> Undo | None:
    """Say that it was noted by mistake, or note it again."""
    takes_back = not command.takes_back
    return Undo("record_scan", {"order": command.order, "scan": command.scan, "takes_back": takes_back})


SPEC = Spec("record_scan", RecordScan, order_of, decide, Authority.DESK, inverse=inverse, touches=False)
