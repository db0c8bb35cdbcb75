"""Publish who may sign the review of which orders."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.sign_policy import ROLES, WHEN, SignPolicy
from app.domain.values import Keys
from app.text import N_

POLICIES_MOST = 100
PEOPLE_MOST = 200
AMOUNT_MOST_MINOR = 10**12


class SetSignPolicy(Command, frozen=True, kw_only=True):
    """`policy.rev` is the revision the person started from, 0 for a new one."""

    policy: SignPolicy


def needs(command: SetSignPolicy) -> Keys:
    """Name the policy."""
    return frozenset({("sign_policy", command.policy.code)})


def decide(command: SetSignPolicy, facts: Facts) -> Decided:
    """Publish the policy under its next revision; what was signed before stays signed.

    Refuses: `bad_code`, `bad_title`, `bad_amount`, `bad_time`, `bad_role`, `unknown_user`, `nobody`,
    `too_many`, `stale_content`, `unchanged`.
    """
    policy = command.policy
    return _wrong(policy, facts) or publish("sign_policy", policy.code, policy, facts)


def _wrong(policy: SignPolicy, facts: Facts) -> Refusal | None:
    known = facts.refs.sign_policies
    if policy.code not in known:
        if not is_code(policy.code):
            return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
        if len(known) >= POLICIES_MOST:
            return refuse("too_many", N_("There are 100 policies. Change one you do not need."))
    if not is_title(policy.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    least, below = policy.least_minor, policy.below_minor
    if not 0 <= least <= AMOUNT_MOST_MINOR or not 0 <= below <= AMOUNT_MOST_MINOR or 0 < below <= least:
        return refuse("bad_amount", N_("The amounts leave no order. Empty or larger: up to which amount."))
    if policy.when not in WHEN:
        return refuse("bad_time", N_("Choose from the list when it holds."))
    if not set(policy.roles) <= set(ROLES) or len(policy.people) > PEOPLE_MOST:
        return refuse("bad_role", N_("Choose roles and people from the list."))
    other = next((who for who in policy.people if who not in facts.refs.users), None)
    if other is not None:
        return refuse("unknown_user", N_("Nobody here is called {name}. Choose from the list."), name=other)
    if not (policy.roles or policy.people or policy.other_role) and policy.active:
        return refuse("nobody", N_("It asks for nothing. Name roles or people, or two roles."))
    return None


def inverse(command: SetSignPolicy, facts: Facts) -> Undo | None:
    """Publish the policy as it was; one that is new is put out of use."""
    before = facts.refs.sign_policies.get(command.policy.code)
    if before is None:
        gone = msgspec.structs.replace(command.policy, rev=command.policy.rev + 1, active=False)
        return Undo("set_sign_policy", {"policy": gone})
    return go_back("set_sign_policy", "policy", before)


SPEC = Spec("set_sign_policy", SetSignPolicy, needs, decide, Authority.HUB, inverse=inverse, touches=False)
