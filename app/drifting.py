"""A shelf that stands above or below its papers, and the exception that says so; only the hub knows."""

from __future__ import annotations

from app.command import Facts
from app.domain.drift import Drift, drift_key
from app.domain.evolve import Case


def drift_of(warehouse: str, sku: str, facts: Facts) -> tuple[Drift, Case] | tuple[None, None]:
    """Return how far the shelf drifted, with the open case that says so."""
    drift = facts.row(drift_key(f"{warehouse}/{sku}"))
    case = facts.case(drift.case) if isinstance(drift, Drift) else None
    return (drift, case) if isinstance(drift, Drift) and case is not None and case.is_open else (None, None)
