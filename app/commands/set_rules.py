"""Publish new thresholds for everybody."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.rules import Rules, out_of_range
from app.domain.values import RULES_KEY, Keys
from app.text import N_, Text


class SetRules(Command, frozen=True, kw_only=True):
    """`rules.rev` is the revision the person started from."""

    rules: Rules


def needs(_command: SetRules) -> Keys:
    """Name the one row of rules."""
    return frozenset({RULES_KEY})


def decide(command: SetRules, facts: Facts) -> Decided:
    """Publish under the next revision.

    Refuses: `bad_rules`, `stale_content`, `unchanged`.
    """
    wrong = out_of_range(command.rules)
    if wrong is not None:
        message = N_("{title}: this value is outside its range. Change it.")
        return Refusal("bad_rules", Text(message, {"title": Text(wrong.title)}))
    if command.rules.review_from == command.rules.review_until:
        return refuse("bad_rules", N_("The night review ends when it begins. Change one of the hours."))
    return publish(*RULES_KEY, command.rules, facts)


def inverse(_command: SetRules, facts: Facts) -> Undo | None:
    """Publish the rules of before under yet another revision."""
    return go_back("set_rules", "rules", facts.rules)


SPEC = Spec("set_rules", SetRules, needs, decide, Authority.HUB, inverse=inverse, touches=False)
