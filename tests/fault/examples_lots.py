"""Of `examples`: articles kept in lots."""

from __future__ import annotations

from builders import NOW
from examples import nothing, says
from past import Example, Past

from app.commands.keep_lots import KeepLots
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.domain.lot import InLots
from app.domain.values import Role

KEPT = KeepLots(sku="LN-220", in_lots=InLots(min_days=10))


def in_lots(past: Past) -> Past:
    """A lot came in that keeps for ten more days than it must when it is sold."""
    came = ReceiveStock(
        doc="d1", warehouse="SZ", sku="LN-220", qty=5, reference="DN-7", lot="L7", best_before=NOW.date()
    )
    return past.by(Role.LEAD, KEPT).by(Role.WAREHOUSE, came)


LOTS: dict[str, Example] = {
    "keep_lots": Example(Role.CLERK, nothing, says(KEPT)),
    "recall_lot": Example(Role.LEAD, in_lots, says(RecallLot(sku="LN-220", lot="L7", reason="glass"))),
}
