"""Guide: change quantities, the promised day or the priority."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.command import Command, Facts
from app.commands.amend import Amend
from app.domain.money import shown
from app.domain.order import EDITABLE, Line, Order
from app.form import Answers, Choice, Field, Form, Row, Step, Verdict, read_date, rows_of, rows_text
from app.text import N_, Text

USUAL, URGENT = "0", "10"


def wanted(answers: Answers, order: Order) -> tuple[Line, ...]:
    """Return the lines as they shall be; one at 0 is taken out."""
    rows = {row.key: row.qty for row in rows_of(answers.get("pieces", ""))}
    return tuple(
        msgspec.structs.replace(line, qty=rows[line.id]) for line in order.lines if rows.get(line.id)
    )


def pieces(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines."""
    choices = []
    for line in order.lines:
        article = facts.sku(line.sku) if line.sku else None
        title = article.title if article else line.title or line.ext_sku
        price = shown(line.unit_price_minor, order.currency)
        reason = Text(N_("{qty} at {price}"), {"qty": line.qty, "price": price})
        choices.append(Choice(line.id, Text("{title}", {"title": title}), reason))
    return tuple(choices)


def check_pieces(value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want at least one piece."""
    if wanted({**answers, "pieces": value}, order):
        return None
    return Verdict(is_error=True, text=Text(N_("An order has at least one line. Cancel it instead.")))


def day_of(order: Order, facts: Facts) -> str:
    """Return the promised day by the shop's clock."""
    if order.ship_by_at is None:
        return ""
    return order.ship_by_at.astimezone(_zone(order, facts)).date().isoformat()


def _zone(order: Order, facts: Facts) -> ZoneInfo:
    shop = facts.shop_of(order)
    return ZoneInfo(shop.zone if shop else "UTC")


def check_day(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want a day, where one is named."""
    if not value.strip() or read_date(value) is not None:
        return None
    return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))


def priorities(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the usual and the urgent."""
    return (
        Choice(USUAL, Text(N_("Usual")), Text(N_("In the order it came."))),
        Choice(URGENT, Text(N_("Urgent")), Text(N_("First in every queue of the warehouse."))),
    )


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with what the order has."""
    return {
        "pieces": rows_text(Row(line.id, line.qty) for line in order.lines if line.qty),
        "ship_by": day_of(order, facts),
        "priority": URGENT if order.priority else USUAL,
    }


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers; what is as before is left out."""
    changes: dict[str, Any] = {}
    lines = wanted(answers, order)
    if lines != order.lines:
        changes["lines"] = lines
    day = answers.get("ship_by", "").strip()
    if day != day_of(order, facts):
        known = read_date(day)
        changes["ship_by_at"] = (
            datetime.combine(known, time(23, 59), _zone(order, facts)) if known is not None else None
        )
    if int(answers["priority"]) != order.priority:
        changes["priority"] = int(answers["priority"])
    return Amend(order=order.id, **changes)


FORM: Form[Order] = Form(
    code="amend",
    title=N_("Change the order"),
    steps=(
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("How many of each?"),
            reason=N_("A line at 0 is taken out. What is to be paid stays; correct a price for that."),
            fields=(
                Field(
                    "pieces",
                    N_("Pieces"),
                    N_("Up and Down change a number."),
                    "amounts",
                    check=check_pieces,
                    choices=pieces,
                ),
            ),
        ),
        Step(
            name="promise",
            title=N_("Promise"),
            question=N_("When must it leave?"),
            reason=N_("The warehouse works by day and urgency."),
            fields=(
                Field(
                    "ship_by",
                    N_("Ship by"),
                    N_("Leave it empty if nothing is promised."),
                    "date",
                    check=check_day,
                    is_optional=True,
                ),
                Field(
                    "priority",
                    N_("Urgency"),
                    N_("Urgent ones are picked first."),
                    "choice",
                    choices=priorities,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    label=N_("Change"),
    key="A",
    grant="amend",
    is_offered=lambda order, _facts: order.status in EDITABLE and bool(order.lines),
)
