"""What happened to after-sales cases: asked, accepted, graded, paid back, replaced."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.aftersale import (
    GRADE_TITLES,
    KIND_TITLES,
    Grade,
    Graded,
    Refunded,
    Restocked,
    ReturnCase,
    reason_title,
)
from app.domain.event import Event, listed
from app.domain.money import shown
from app.domain.values import Key, order_key, stock_key
from app.text import N_, Text

__all__ = [
    "AftersaleEvent", "GradingUndone", "MoneyRefunded", "RefundReversed", "ReplacementSent",
    "ReplacementWithdrawn", "ReturnAccepted", "ReturnEndedThere", "ReturnGraded", "ReturnOpened",
    "ReturnRejected", "ReturnReopened", "ReturnWithdrawn",
]  # fmt: skip


class ReturnOpened(Event, frozen=True, kw_only=True):
    order: str
    case: ReturnCase

    @override
    def says(self) -> Text:
        return Text(
            N_("{kind} asked for, {pieces} pieces: {reason}"),
            {
                "kind": Text(KIND_TITLES[self.case.kind]),
                "pieces": self.case.pieces,
                "reason": Text(reason_title(self.case.reason)),
            },
        )


class ReturnAccepted(Event, frozen=True, kw_only=True):
    order: str
    case: str
    by: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("After-sales case accepted"))


class ReturnRejected(Event, frozen=True, kw_only=True):
    order: str
    case: str
    reason: str
    by: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("After-sales case rejected: {reason}"), {"reason": self.reason})


class ReturnReopened(Event, frozen=True, kw_only=True):
    """The word on a case was taken back; it waits for another one."""

    order: str
    case: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("After-sales case open again"))


class ReturnWithdrawn(Event, frozen=True, kw_only=True):
    order: str
    case: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("After-sales case withdrawn"))


class ReturnEndedThere(Event, frozen=True, kw_only=True):
    """The channel paid the buyer back: nothing is left to decide here."""

    order: str
    case: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("After-sales case settled on the channel"))


class ReturnGraded(Event, frozen=True, kw_only=True):
    """Goods came back and were looked at; sellable pieces lie on the shelf again."""

    order: str
    case: str
    warehouse: str
    grades: tuple[Graded, ...]
    restocked: tuple[Restocked, ...]
    by: str
    at: datetime

    @override
    def keys(self) -> tuple[Key, ...]:
        return _stock_keys(self.order, self.restocked)

    @override
    def wakes(self) -> tuple[str, ...]:
        return tuple(sorted({f"stock:{item.sku}" for item in self.restocked}))

    @override
    def says(self) -> Text:
        sums = {grade: sum(one.qty for one in self.grades if one.grade is grade) for grade in Grade}
        parts = [
            Text("{grade} {qty}", {"grade": Text(GRADE_TITLES[grade]), "qty": qty})
            for grade, qty in sums.items()
            if qty
        ]
        return Text(
            N_("Came back to {warehouse}: {grades}"), {"warehouse": self.warehouse, "grades": listed(parts)}
        )


class GradingUndone(Event, frozen=True, kw_only=True):
    """The goods are on their way again; what was put on the shelf is taken off."""

    order: str
    case: str
    restocked: tuple[Restocked, ...]
    at: datetime

    @override
    def keys(self) -> tuple[Key, ...]:
        return _stock_keys(self.order, self.restocked)

    @override
    def says(self) -> Text:
        return Text(N_("Grading taken back"))


class MoneyRefunded(Event, frozen=True, kw_only=True):
    """Money goes back to the buyer and settles the case; nothing at all is an answer too."""

    order: str
    case: str
    refunds: tuple[Refunded, ...]
    currency: str
    by: str
    at: datetime

    @override
    def says(self) -> Text:
        amount = sum(refund.amount_minor for refund in self.refunds)
        if not amount:
            return Text(N_("After-sales case settled without a refund"))
        return Text(N_("{amount} refunded"), {"amount": shown(amount, self.currency)})


class RefundReversed(Event, frozen=True, kw_only=True):
    order: str
    case: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("Refund taken back"))


class ReplacementSent(Event, frozen=True, kw_only=True):
    """An order that costs nothing replaces the goods and settles the case."""

    order: str
    case: str
    replacement: str
    number: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("Replaced by order {number}"), {"number": self.number})


class ReplacementWithdrawn(Event, frozen=True, kw_only=True):
    order: str
    case: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("Replacement withdrawn"))


AftersaleEvent = (
    ReturnOpened | ReturnAccepted | ReturnEndedThere | ReturnRejected | ReturnReopened | ReturnWithdrawn
    | ReturnGraded | GradingUndone | MoneyRefunded | RefundReversed | ReplacementSent | ReplacementWithdrawn
)  # fmt: skip


def _stock_keys(order: str, restocked: tuple[Restocked, ...]) -> tuple[Key, ...]:
    shelves = dict.fromkeys(stock_key(item.warehouse, item.sku) for item in restocked)
    return (order_key(order), *shelves)
