"""Publish how costs are weighed where orders are sent from, and for whom."""

from __future__ import annotations

from collections.abc import Iterable

from app.command import Authority, Command, Decided, Facts, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.source_policy import SPLIT_MOST, Policy
from app.domain.values import Keys, sku_key
from app.text import N_

COST_MOST_MINOR = 10**7
NAMED_MOST = 500
"""Of customers, shops or articles: a policy travels whole."""


class SetSourcePolicy(Command, frozen=True, kw_only=True):
    """`policy.rev` is the revision the person started from, 0 for a new one."""

    policy: Policy


def needs(command: SetSourcePolicy) -> Keys:
    """Name the policy and the articles it is for."""
    policy = command.policy
    return frozenset({("source_policy", policy.code), *map(sku_key, policy.skus[:NAMED_MOST])})


def decide(command: SetSourcePolicy, facts: Facts) -> Decided:
    """Publish the policy under its next revision; what was decided before names the one it was decided by.

    Refuses: `bad_code`, `bad_title`, `bad_cost`, `bad_split`, `bad_days`, `too_many`, `unknown_shop`,
    `unknown_customer`, `unknown_sku`, `stale_content`, `unchanged`.
    """
    policy, refs = command.policy, facts.refs
    if policy.code not in refs.source_policies and not is_code(policy.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(policy.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    costs = (policy.split_minor, policy.late_minor, policy.scarce_minor)
    if not all(0 <= cost <= COST_MOST_MINOR for cost in costs):
        return refuse("bad_cost", N_("A weight is 0 or more. Change it."))
    if not 0 <= policy.split_most <= SPLIT_MOST:
        return refuse("bad_split", N_("An order is split up to 3 times; 0 keeps it whole."))
    if policy.valid_from and policy.valid_until and policy.valid_until < policy.valid_from:
        return refuse("bad_days", N_("It ends on the day it begins or later. Change a day."))
    if max(len(policy.customers), len(policy.channels), len(policy.skus)) > NAMED_MOST:
        return refuse("too_many", N_("A policy names up to 500 of each. Make another one for the rest."))
    known = refs.shops.keys() | {shop.channel for shop in refs.shops.values()}
    if (other := _first(policy.channels, known)) is not None:
        return refuse("unknown_shop", N_("No shop or channel {name}. Choose one from the list."), name=other)
    if (other := _first(policy.customers, refs.customers)) is not None:
        return refuse("unknown_customer", N_("No customer {name}. Choose one from the list."), name=other)
    if (other := next((sku for sku in policy.skus if facts.sku(sku) is None), None)) is not None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=other)
    return publish("source_policy", policy.code, policy, facts)


def _first(codes: Iterable[str], known: Iterable[str]) -> str | None:
    there = set(known)
    return next((code for code in codes if code not in there), None)


def inverse(command: SetSourcePolicy, facts: Facts) -> Undo | None:
    """Publish the policy as it was; a new one stays, and may be switched off."""
    return go_back("set_source_policy", "policy", facts.refs.source_policies.get(command.policy.code))


SPEC = Spec(
    "set_source_policy", SetSourcePolicy, needs, decide, Authority.HUB, inverse=inverse, touches=False
)
