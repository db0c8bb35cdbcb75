"""What happened to the credit of a customer."""

from __future__ import annotations

from typing_extensions import override

from app.domain.account import account_key
from app.domain.event import Event
from app.domain.values import Key, order_key

__all__ = ["CreditMoved"]


class CreditMoved(Event, frozen=True, kw_only=True):
    """An order takes `amount_minor` of a credit from now on, `delta_minor` more than before.

    Units: minor units of the order's currency.
    """

    order: str
    customer: str
    amount_minor: int
    delta_minor: int

    @override
    def keys(self) -> tuple[Key, ...]:
        return (order_key(self.order), account_key(self.customer))

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"credit:{self.customer}",) if self.delta_minor < 0 else ()
