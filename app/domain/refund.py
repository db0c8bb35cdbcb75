"""How much may be given back for which line, what may come back at all, and what a replacement holds."""

from __future__ import annotations

import msgspec

from app.domain.aftersale import COMES_BACK, VOID, Grade, ReturnCase, ReturnState
from app.domain.kit_lines import shared
from app.domain.order import Line, Order


def paid_per_line(order: Order) -> dict[str, int]:
    """Return what was paid for each line; the shares add up to the money, to the last cent.

    Money beyond the amount payable was not paid for a line; lines without any price share by pieces.
    Units: minor units of the order's currency.
    Source: capabilities 5, refund ≤ what was paid for the line; capabilities 7, largest remainder.
    """
    lines = [line for line in order.lines if line.qty > 0]
    weights = [line.unit_price_minor * line.qty for line in lines]
    if not any(weights):
        weights = [line.qty for line in lines]
    money = max(0, min(order.paid_minor, order.payable_minor))
    shares = shared(money, lines, weights) if lines else ()
    return {line.id: share for line, share in zip(lines, shares, strict=True)}


def refunded_per_line(order: Order) -> dict[str, int]:
    """Return what our cases gave back so far. Units: minor units of the order's currency."""
    sums: dict[str, int] = {}
    for case in order.returns:
        for refund in case.refunds:
            sums[refund.line] = sums.get(refund.line, 0) + refund.amount_minor
    return sums


def returned_per_line(order: Order) -> dict[str, int]:
    """Return how many pieces came back for money, of each line. Units: pieces."""
    sums: dict[str, int] = {}
    for case in order.returns:
        if case.kind in COMES_BACK:
            for refund in case.refunds:
                sums[refund.line] = sums.get(refund.line, 0) + case.asked(refund.line)
    return sums


def refunded_minor(order: Order) -> int:
    """Return all that our cases gave back. Units: minor units of the order's currency."""
    return sum(case.refunded_minor for case in order.returns)


def money_left(order: Order) -> int:
    """Return what may still be given back for the whole order: what the channel gave back is gone too.

    Units: minor units of the order's currency.
    """
    return max(0, order.paid_minor - order.refunded_minor - refunded_minor(order))


def most_refundable(order: Order, case: ReturnCase) -> dict[str, int]:
    """Return the most that may be given back now for each line of a case.

    A line never gives back more than was paid for it, a case never more than the share of its pieces.
    Units: minor units of the order's currency.
    """
    paid, back = paid_per_line(order), refunded_per_line(order)
    pieces = {line.id: line.qty for line in order.lines}
    most: dict[str, int] = {}
    for asked in case.lines:
        whole = paid.get(asked.line, 0)
        share = -(-whole * asked.qty // max(1, pieces.get(asked.line, 0)))
        most[asked.line] = max(0, min(share, whole - back.get(asked.line, 0)))
    return _within(most, money_left(order))


def advised_refund(order: Order, case: ReturnCase) -> dict[str, int]:
    """Return what a clerk is offered: nothing for pieces that did not arrive or are not ours.

    Units: minor units of the order's currency.
    """
    most = most_refundable(order, case)
    if case.state is not ReturnState.GRADED:
        return most
    advised: dict[str, int] = {}
    for line, amount in most.items():
        asked = case.asked(line)
        good = asked - case.graded(Grade.SHORT, line) - case.graded(Grade.WRONG, line)
        advised[line] = amount * good // asked if asked else 0
    return advised


def returnable(order: Order, line: str) -> int:
    """Return how many pieces of a line may still be announced as coming back. Units: pieces."""
    sold = sum(one.qty for one in order.lines if one.id == line)
    asked = sum(
        case.asked(line) for case in order.returns if case.kind in COMES_BACK and case.state not in VOID
    )
    return max(0, sold - asked)


def replaced_lines(order: Order, case: ReturnCase) -> tuple[Line, ...]:
    """Return the goods of a case as lines that cost nothing; what never came back is not exchanged."""
    known = {line.id: line for line in order.lines}
    lines = []
    for asked in case.lines:
        qty = asked.qty - case.graded(Grade.SHORT, asked.line)
        line = known.get(asked.line)
        if line is not None and qty > 0:
            lines.append(msgspec.structs.replace(line, qty=qty, unit_price_minor=0, picked=0, lots=()))
    return tuple(lines)


def _within(amounts: dict[str, int], money: int) -> dict[str, int]:
    """Cut amounts, the last ones first, until together they do not exceed `money`."""
    kept: dict[str, int] = {}
    for line, amount in amounts.items():
        kept[line] = min(amount, money)
        money -= kept[line]
    return kept
