"""What a fake desk says is open when a shift ends, and which pages were signed."""

from __future__ import annotations

from collections.abc import Sequence

from builders import Company
from services_fake import FakeServices

from app.domain.handover import Handover, Open
from app.domain.order import Order
from app.handing import in_turn, open_of
from sync.projection import waits_for_review


class FakeShifts(FakeServices):
    """Answers the questions of the handover page over rows in a dictionary."""

    company: Company

    def open_work(self, warehouse: str) -> tuple[Open, ...]:
        found = [row for row in self.company.rows.values() if isinstance(row, Order)]
        here = [order for order in found if warehouse in ("", order.warehouse)]
        return in_turn([one for o in here for one in open_of(o, is_reviewed=waits_for_review(o))])

    def handovers(self, warehouse: str, limit: int = 30) -> Sequence[Handover]:
        pages = [row for row in self.company.rows.values() if isinstance(row, Handover)]
        return [page for page in reversed(pages) if page.warehouse == warehouse][:limit]
