"""What is held and goes on by itself: an order at its time or once the lead answered, lines a rule names."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import Facts
from app.domain.classed import Classed
from app.domain.events import Event, LineHeld, LineResumed, OrderClassed, OrderResumed
from app.domain.order import EDITABLE, OPEN, Order
from app.domain.order_class import class_name, class_of, why
from app.domain.snag_rule import around, lines_met, name_of


def at_its_time(order: Order, facts: Facts) -> Iterator[Event]:
    """Let an order go on that was held until now."""
    pause = order.pause
    if pause is not None and pause.until is not None and pause.until <= facts.now:
        yield OrderResumed(order=order.id)


def classified(order: Order, facts: Facts) -> Iterator[Event]:
    """Yield the class of an order whose deciding fields changed; the hub reads all of them.

    Source: capabilities 7.6.
    """
    classes = facts.refs.order_classes
    if not facts.at_hub or order.status not in EDITABLE or not (classes or order.classed):
        return
    about = around(order, facts.refs.shops, facts.refs.customers)
    found = class_of(order, classes.values(), about)
    classed = None
    if found is not None:
        one, true = found
        said = why(one, true, order, about)
        classed = Classed(
            code=one.code, title=class_name(one), said=said, queue=one.queue, invoice=one.invoice
        )
    if classed != order.classed:
        yield OrderClassed(order=order.id, classed=classed)


def with_its_answer(order: Order, _facts: Facts) -> Iterator[Event]:
    """Let an order go on once what the lead was asked about is over."""
    pause = order.pause
    if pause is not None and pause.ask and order.status in OPEN and order.snag(pause.ask) is None:
        yield OrderResumed(order=order.id)


def as_rules_say(order: Order, facts: Facts) -> Iterator[Event]:
    """Keep back the lines a rule of the business names, and let go those it names no more.

    What a person holds is theirs; who answered the exception of a rule answered for its lines.
    Source: capabilities 4, order and line level, any rule of the business.
    """
    if not facts.at_hub or order.status not in EDITABLE:
        return
    named = _named_by_rules(order, facts)
    for line in order.lines:
        rule, reason = named.get(line.id, ("", ""))
        article = line.sku or line.title or line.ext_sku
        if line.held_by not in ("", rule):
            yield LineResumed(order=order.id, line=line.id, article=article)
        if rule and line.held_by != rule and (line.held_by or not line.held):
            yield LineHeld(order=order.id, line=line.id, article=article, reason=reason, rule=rule)


def _named_by_rules(order: Order, facts: Facts) -> dict[str, tuple[str, str]]:
    named: dict[str, tuple[str, str]] = {}
    about = around(order, facts.refs.shops, facts.refs.customers)
    for _, rule in sorted(facts.refs.snag_rules.items()):
        if rule.on_line and rule.blocks and order.snag(rule.kind) is not None:
            for line, _ in lines_met(rule, order, about):
                named.setdefault(line.id, (rule.kind, name_of(rule)))
    return named
