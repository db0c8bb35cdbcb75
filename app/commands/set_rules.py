"""Publish new thresholds for everybody."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.events import RulesSet
from app.domain.rules import Rules
from app.domain.values import RULES_KEY, Keys
from app.text import N_


class SetRules(Command, frozen=True, kw_only=True):
    """`rules.rev` is the revision the person started from."""

    rules: Rules


def needs(_command: SetRules) -> Keys:
    """Name the one row of rules."""
    return frozenset({RULES_KEY})


def decide(command: SetRules, facts: Facts) -> Decided:
    """Publish under the next revision.

    Refuses: `stale_content`, `bad_rules`, `unchanged`.
    """
    rules = command.rules
    if rules.rev != facts.rules.rev:
        return refuse("stale_content", N_("Somebody published other rules. Read them, then change."))
    wrong = _wrong(rules)
    if wrong is not None:
        return wrong
    if rules == facts.rules:
        return refuse("unchanged", N_("These rules are in force already. Nothing to do."))
    return [RulesSet(rules=msgspec.structs.replace(rules, rev=rules.rev + 1), by=facts.by.user)]


def _wrong(rules: Rules) -> Refusal | None:
    if not 0 <= rules.price_floor_pct <= 100 <= rules.price_ceiling_pct:
        return refuse("bad_rules", N_("The price band must contain 100 %. Widen it."))
    if not 0 <= rules.review_signatures <= 2:
        return refuse("bad_rules", N_("Ask for 0, 1 or 2 signatures."))
    if not 0 < rules.late_after_pct <= 100 or not 0 < rules.duplicate_score_pct <= 100:
        return refuse("bad_rules", N_("A share lies between 1 and 100 %. Change it."))
    spans = (rules.duplicate_window_h, rules.unpaid_after_min, rules.ship_within_h, rules.snag_goal_min)
    if min(spans) <= 0 or rules.review_above_minor < 0:
        return refuse("bad_rules", N_("Times are longer than 0, amounts not negative. Change them."))
    return None


def inverse(_command: SetRules, facts: Facts) -> Undo | None:
    """Publish the rules of before under yet another revision."""
    return Undo("set_rules", {"rules": msgspec.structs.replace(facts.rules, rev=facts.rules.rev + 1)})


SPEC = Spec("set_rules", SetRules, needs, decide, Authority.HUB, inverse=inverse, touches=False)
