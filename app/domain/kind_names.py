"""What exception types were called before: rows, answers and commands of then stay as they were written."""

from __future__ import annotations

from collections.abc import Mapping

_NOW: Mapping[str, str] = {
    "address_unparsed": "address_invalid",
    "buyer_note": "note_request",
    "effect_rejected": "writeback_failed",
    "late_order": "ship_overdue",
    "payment_problem": "payment_failed",
    "price_mismatch": "price_anomaly",
    "sku_unknown": "sku_unmapped",
}


def called_now(kind: str) -> str:
    """Return the present name of a type."""
    return _NOW.get(kind, kind)
