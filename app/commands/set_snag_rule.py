"""Make an exception type of the company's own, change it, or put it out of use."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.snag_rule import (
    CLAUSES_MOST,
    GOAL_MOST_MIN,
    GROUPS,
    OF_LINES,
    RULES_MOST,
    SEVERITIES,
    SnagRule,
    clause_fault,
    ring_of,
)
from app.domain.values import Keys
from app.text import N_

HINT_MOST = 200


class SetSnagRule(Command, frozen=True, kw_only=True):
    """`rule.rev` is the revision the person started from, 0 for a new one."""

    rule: SnagRule


def needs(command: SetSnagRule) -> Keys:
    """Name the rule."""
    return frozenset({("snag_rule", command.rule.code)})


def decide(command: SetSnagRule, facts: Facts) -> Decided:
    """Publish the rule under its next revision; open orders are looked at again.

    Refuses: `bad_code`, `bad_title`, `bad_hint`, `bad_clause`, `no_line`, `bad_choice`, `bad_goal`,
    `too_many`, `unknown_rule`, `ring`, `stale_content`, `unchanged`.
    """
    wrong = _wrong(command.rule, facts)
    return wrong if wrong is not None else publish("snag_rule", command.rule.code, command.rule, facts)


def _wrong(rule: SnagRule, facts: Facts) -> Refusal | None:
    known = facts.refs.snag_rules
    if rule.code not in known:
        if not is_code(rule.code) or len(rule.kind) > 32:
            return refuse("bad_code", N_("A code has up to 27 letters and digits. Shorten it."))
        if len(known) >= RULES_MOST:
            return refuse("too_many", N_("There are 100 types of your own. Change one you do not need."))
    if not is_title(rule.title) or (rule.title_en and not is_title(rule.title_en)):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if len(rule.hint) > HINT_MOST or not rule.hint.isprintable():
        return refuse("bad_hint", N_("A hint has up to 200 characters on one line. Shorten it."))
    if not 1 <= len(rule.clauses) <= CLAUSES_MOST:
        return refuse("bad_clause", N_("A type has one to four conditions. Name one."))
    fault = next((wrong for clause in rule.clauses if (wrong := clause_fault(clause)) is not None), None)
    if fault is not None:
        return Refusal("bad_clause", fault)
    if rule.severity not in SEVERITIES or rule.group not in GROUPS:
        return refuse("bad_choice", N_("Choose how grave it is and who gets it from the lists."))
    if not 0 <= rule.goal_min <= GOAL_MOST_MIN:
        return refuse("bad_goal", N_("A goal is 0 minutes to 14 days. Change it."))
    return _wrong_place(rule, facts)


def _wrong_place(rule: SnagRule, facts: Facts) -> Refusal | None:
    if rule.on_line and not any(clause.field in OF_LINES for clause in rule.clauses):
        return refuse("no_line", N_("What holds single lines names an article, a price or pieces. Add one."))
    known = facts.refs.snag_rules
    if rule.after and rule.after not in known and rule.after != rule.code:
        return refuse("unknown_rule", N_("There is no such type to wait for. Choose one from the list."))
    ring = ring_of(rule, known)
    if ring:
        text = N_("These would wait for each other for ever: {ring}. Let one of them wait for nothing.")
        return refuse("ring", text, ring=" → ".join(ring))
    return None


def inverse(command: SetSnagRule, facts: Facts) -> Undo | None:
    """Publish the rule as it was; one that is new is put out of use."""
    before = facts.refs.snag_rules.get(command.rule.code)
    if before is None:
        gone = msgspec.structs.replace(command.rule, rev=command.rule.rev + 1, active=False)
        return Undo("set_snag_rule", {"rule": gone})
    return go_back("set_snag_rule", "rule", before)


SPEC = Spec("set_snag_rule", SetSnagRule, needs, decide, Authority.HUB, inverse=inverse, touches=False)
