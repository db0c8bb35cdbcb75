"""What a company's own exception type does: the same as any other, found by its condition."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

from app.command import Command, Facts
from app.commands.split import Split
from app.domain.clock import Wait
from app.domain.event import listed
from app.domain.making import held_apart, why_not_split
from app.domain.order import EDITABLE, Line, Order
from app.domain.snag_rule import (
    Clause,
    SnagRule,
    around,
    holding,
    is_personal,
    lines_met,
    name_of,
    observed,
    ring_of,
)
from app.domain.values import digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

HINT = N_("Your company made this type. Look at what it names, then say that you did.")


def rest_goes_on(order: Order, _facts: Facts) -> Command | None:
    """Let everything that is not held go on as an order of its own."""
    parts = held_apart(order)
    return Split(order=order.id, parts=parts) if parts and why_not_split(order, parts) is None else None


REST_GOES_ON = Repair(
    "rest_goes_on",
    N_("Let the rest go on"),
    rest_goes_on,
    N_("What is held stays behind as an order of its own. It can be taken back."),
)


def found(rule: SnagRule, order: Order, facts: Facts) -> Finding | None:
    """Find an order whose fields say what the rule asks for; it closes when they no longer do.

    A rule that waits for another one finds nothing until that one finds nothing or was answered. In a ring,
    which cannot be published, nobody waits: then both keep the order back.
    """
    if not rule.active or order.status not in EDITABLE:
        return None
    about = around(order, facts.refs.shops, facts.refs.customers)
    true = holding(rule, order, about)
    if not true or _waits(rule, order, facts):
        return None
    if rule.on_line:
        return _found_on_lines(rule, order, lines_met(rule, order, about))
    seen = [observed(clause, order, about) for clause in true]
    text = Text("{title}: {said}", {"title": Text(name_of(rule)), "said": listed(seen)})
    return Finding(text, digest=digest(rule.code, rule.clauses, seen, order.id))


def _found_on_lines(
    rule: SnagRule, order: Order, met: tuple[tuple[Line, tuple[Clause, ...]], ...]
) -> Finding:
    """Name the lines; an answer is void once other lines, articles or prices are meant."""
    called = [line.sku or line.title or line.ext_sku for line, _ in met]
    text = Text(
        "{title}: {said}",
        {
            "title": Text(name_of(rule)),
            "said": listed([Text("{title}", {"title": one}) for one in called]),
        },
    )
    seen = [(line.id, line.sku, line.qty, line.unit_price_minor, len(true)) for line, true in met]
    return Finding(text, digest=digest(rule.code, rule.clauses, seen, order.id))


def _waits(rule: SnagRule, order: Order, facts: Facts) -> bool:
    rules = facts.refs.snag_rules
    first = rules.get(rule.after)
    if first is None or ring_of(rule, rules):
        return False
    finding = found(first, order, facts)
    is_asked = finding is not None and not order.is_settled(first.kind, finding.digest)
    return is_asked or _waits(first, order, facts)


@lru_cache(maxsize=512)
def made_kind(rule: SnagRule) -> Kind:
    """Return the type a rule makes."""
    return Kind(
        code=rule.kind,
        title=name_of(rule),
        hint=rule.hint or HINT,
        severity=rule.severity,
        found=partial(found, rule),
        repairs=(
            *((REST_GOES_ON,) if rule.on_line and rule.blocks else ()),
            Repair(
                "looked_at",
                N_("Looked at"),
                answered(rule.kind),
                N_("Nothing else changes. It is asked again when what it names changes."),
            ),
            Repair(
                "hold_order",
                N_("Hold order"),
                held_for(name_of(rule)),
                N_("The order keeps its stock and waits until somebody resumes it."),
                off=N_("On hold already"),
            ),
        ),
        hub_only=is_personal(rule) or bool(rule.after),
        blocks=rule.blocks and not rule.on_line,
        goal_min=rule.goal_min,
        group=rule.group,
        stops=(Wait.CUSTOMER,),
    )


def made_kinds(rules: Iterable[SnagRule]) -> tuple[Kind, ...]:
    """Return the types of these rules, by their codes."""
    return tuple(made_kind(rule) for rule in sorted(rules, key=lambda rule: rule.code))
