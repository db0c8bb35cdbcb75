"""The small rows that count what orders take: of a credit, of an outlet's day, of a carrier."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.account import Account
from app.domain.load import Load
from app.domain.visit import Bookings

COUNTING: Mapping[str, type] = {"account": Account, "bookings": Bookings, "load": Load}
"""Their tables, and what their rows decode to."""
