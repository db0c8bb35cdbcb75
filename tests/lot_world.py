"""A company with an article that is kept in lots."""

from __future__ import annotations

from app.commands.keep_lots import KeepLots
from app.commands.receive_stock import ReceiveStock
from app.domain.lot import InLots
from app.domain.values import Role
from tests.builders import NOW, Company


def in_lots() -> Company:
    """Three pieces of one lot came in beside what lay there."""
    company = Company()
    company.must(KeepLots(sku="LN-220", in_lots=InLots()), Role.CLERK)
    came = ReceiveStock(
        doc="d7", warehouse="SZ", sku="LN-220", qty=3, reference="7", lot="L7", best_before=NOW.date()
    )
    company.must(came, Role.WAREHOUSE)
    return company
