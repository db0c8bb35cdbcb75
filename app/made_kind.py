"""What a company's own exception type does: the same as any other, found by its condition."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

from app.command import Facts
from app.domain.clock import Wait
from app.domain.event import listed
from app.domain.order import EDITABLE, Order
from app.domain.snag_rule import SnagRule, around, holding, is_personal, observed, ring_of
from app.domain.values import digest
from app.repairs import answered, held_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text, both

HINT = N_("Your company made this type. Look at what it names, then say that you did.")


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
    seen = [observed(clause, order, about) for clause in true]
    text = Text("{title}: {said}", {"title": Text(name_of(rule)), "said": listed(seen)})
    return Finding(text, digest=digest(rule.code, rule.clauses, seen, order.id))


def _waits(rule: SnagRule, order: Order, facts: Facts) -> bool:
    rules = facts.refs.snag_rules
    first = rules.get(rule.after)
    if first is None or ring_of(rule, rules):
        return False
    finding = found(first, order, facts)
    is_asked = finding is not None and not order.is_settled(first.kind, finding.digest)
    return is_asked or _waits(first, order, facts)


def name_of(rule: SnagRule) -> str:
    """Return what it is called in both languages; who cannot read the only title has its code beside it."""
    fallback = rule.title if rule.title.isascii() else f"{rule.title} ({rule.code})"
    return both(rule.title, rule.title_en or fallback)


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
        blocks=rule.blocks,
        goal_min=rule.goal_min,
        group=rule.group,
        stops=(Wait.CUSTOMER,),
    )


def made_kinds(rules: Iterable[SnagRule]) -> tuple[Kind, ...]:
    """Return the types of these rules, by their codes."""
    return tuple(made_kind(rule) for rule in sorted(rules, key=lambda rule: rule.code))
