"""How the way of a parcel stands: delivered, or waiting for somebody to say what shall become of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from app.domain.kit_lines import named
from app.domain.order import DEAD, Order, Status
from app.domain.refund import returnable
from app.domain.relations import Find, lines_of, roots
from app.domain.scan import AskedFor, ScanKind, last_scan
from app.domain.scan_events import ERRANDS
from app.domain.told import OURS, CaseState
from app.text import N_, Text


def is_failed(order: Order) -> bool:
    """Tell whether it could not be delivered, and nobody has asked the carrier for anything since."""
    last = last_scan(order.scans)
    if last is None or last.kind is not ScanKind.FAILED:
        return False
    return order.errand is None or order.errand.at < last.at


WAY_AT_MOST = timedelta(days=15)
"""A parcel of which no carrier says anything has arrived by then."""
_ARRIVED = frozenset({ScanKind.DELIVERED, ScanKind.RETURNED})


def is_paid_back(order: Order, find: Find) -> bool:
    """Tell whether channels paid every line back without wanting the goods: they may say so line by line.

    Of a line that leaves in several parcels no piece counts before all of it is paid back.
    """
    back = set(_paid_back(order))
    for root in roots(order, find) if order.made_from else ():
        if there := _paid_back(root):
            back |= lines_of(order, root, find, there)
    return bool(back) and all(line.id in back for line in order.lines if line.qty)


def _paid_back(order: Order) -> set[str]:
    back, pieces = set[str](), Counter[str]()
    for case in order.told.cases:
        if case.state is not CaseState.REFUNDED or case.kind in OURS or not case.line:
            continue
        for line in named(order.lines, case.line):
            sold = line.kit.qty if line.kit is not None else line.qty
            pieces[line.id] += case.qty
            price_minor = line.kit.unit_price_minor if line.kit is not None else line.unit_price_minor
            if pieces[line.id] >= sold or (not case.qty and case.amount_minor >= sold * price_minor):
                back.add(line.id)
    return back


def is_dead_there(order: Order, find: Find) -> bool:
    """Tell whether its channel called it off; of what was merged, all of it."""
    made_of = roots(order, find)
    return bool(made_of) and all(one.channel_state in DEAD for one in made_of)


def is_called_off(order: Order, now: datetime, find: Find) -> bool:
    """Tell whether its channel called it off, or paid all of it back, while the parcel is on its way.

    Nobody is asked who has asked it back. What was asked about in time stands until somebody answers.
    """
    if order.status not in (Status.SHIPPED, Status.RETURNED):
        return False
    if not is_dead_there(order, find) and not is_paid_back(order, find):
        return False
    last = last_scan(order.scans)
    if not order.tracking_no or (last is not None and last.kind in _ARRIVED):
        return False
    was_asked = order.snag("refund_requested") is not None
    if not was_asked and (order.released_at is None or now - order.released_at > WAY_AT_MOST):
        return False
    is_asked = order.errand is not None and order.errand.what is AskedFor.CALL_BACK
    return not is_asked and any(returnable(order, line.id) for line in order.lines)


def parcel_said(before: Order, after: Order) -> Text | None:
    """Say that there is no parcel any more, or what its carrier is asked that it was not asked before."""
    if after.status is Status.CANCELLED and before.status is not Status.CANCELLED:
        return Text(N_("No parcel"))
    if after.errand is None or after.errand == before.errand:
        return None
    return Text(ERRANDS[after.errand.what])
