"""Guide: send an order from another warehouse; each with its difference in money and hours, or why not."""

from __future__ import annotations

from app.choosing import elsewhere
from app.command import Command, Facts
from app.commands.change_warehouse import ChangeWarehouse
from app.domain.duty import REASON_MOST
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import missing
from app.form import Answers, Choice, Field, Form, Step, Verdict, reason_field
from app.sourcing.override import Override
from app.text import N_, Text


def others(order: Order, facts: Facts) -> tuple[str, ...]:
    """Return the other warehouses of its shop."""
    return tuple(code for code in facts.warehouses_of(order) if code != order.warehouse)


def ranked(order: Order, facts: Facts) -> list[tuple[str, Override | None]]:
    """Return the other warehouses, the cheapest that can send it first; one that said no comes after them."""
    no = {refusal.warehouse for refusal in order.refusals}

    def place(one: tuple[str, Override | None]) -> tuple[bool, bool, int, int]:
        code, other = one
        return other is None, code in no, other.extra_minor if other else 0, other.extra_h if other else 0

    return sorted(((code, elsewhere(order, facts, code)) for code in others(order, facts)), key=place)


def choices(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer every other warehouse of the shop, with what it would change."""
    return tuple(
        Choice(
            code,
            Text("{title}", {"title": facts.refs.called("warehouse", code)}),
            _said(code, other, order, facts),
        )
        for code, other in ranked(order, facts)
    )


def _said(code: str, other: Override | None, order: Order, facts: Facts) -> Text:
    if other is not None:
        return other.says()
    short = sum(missing(order, (code,), facts.free).values())
    if not short:
        return Text(N_("Nothing is sent from there now"))
    return Text(N_("{count} pieces short"), {"count": short})


def check(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want one that has everything."""
    if value not in others(order, facts):
        return Verdict(is_error=True, text=Text(N_("Choose a warehouse from the list.")))
    other = elsewhere(order, facts, value)
    if other is None:
        text = Text(N_("Not everything is free there. Choose another one, or split the order."))
        if not missing(order, (value,), facts.free):
            text = Text(N_("Nothing is sent from there now. Choose another one."))
        return Verdict(is_error=True, text=text)
    return Verdict(is_error=False, text=other.says())


def check_reason(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a reason where the difference is large."""
    if len(value.strip()) > REASON_MOST:
        return Verdict(is_error=True, text=Text(N_("Say it in {count} characters."), {"count": REASON_MOST}))
    if value.strip():
        return None
    other = elsewhere(order, facts, answers.get("warehouse", ""))
    if other is not None and other.asks_reason:
        text = Text(N_("{difference}: say why it shall be sent from there."), {"difference": other.says()})
        return Verdict(is_error=True, text=text)
    return Verdict(is_error=False, text=Text(N_("The difference is small. A reason may be left out.")))


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the cheapest other place that has everything."""
    able = (code for code, other in ranked(order, facts) if other is not None)
    return {"warehouse": next(able, ""), "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return ChangeWarehouse(order=order.id, warehouse=answers["warehouse"], reason=answers["reason"].strip())


FORM: Form[Order] = Form(
    code="change_warehouse",
    title=N_("Send from elsewhere"),
    steps=(
        Step(
            name="warehouse",
            title=N_("Warehouse"),
            question=N_("Where shall it be sent from?"),
            reason=N_("Its pieces are promised there before they are given back here. It can be undone."),
            fields=(
                Field(
                    "warehouse",
                    N_("Warehouse"),
                    N_("The difference is to where it is sent from now."),
                    "choice",
                    check=check,
                    choices=choices,
                ),
            ),
        ),
        Step(
            name="reason",
            title=N_("Reason"),
            question=N_("Why from there?"),
            reason=N_("Above the amount of the rules a reason is asked; it stands beside the warehouse."),
            fields=(reason_field(check_reason),),
        ),
    ),
    start=start,
    build=build,
    label=N_("Other warehouse"),
    key="W",
    grant="change_warehouse",
    is_offered=lambda order, facts: (
        order.status in EDITABLE
        and bool(order.reserved)
        and not order.by_lease
        and bool(others(order, facts))
    ),
)
