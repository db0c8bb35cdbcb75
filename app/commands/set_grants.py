"""Give one person single rights beside their role, or take some of its rights away."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.company import GRANTS, Grants, grants_of
from app.domain.people import gives_more_than_held, leaves_nobody
from app.domain.values import Keys
from app.text import N_


class SetGrants(Command, frozen=True, kw_only=True):
    """`grants.rev` is the revision the person started from, 0 where there were no single rights."""

    grants: Grants


def needs(command: SetGrants) -> Keys:
    """Name the single rights of the person."""
    return frozenset({("grants", command.grants.user)})


def decide(command: SetGrants, facts: Facts) -> Decided:
    """Publish the single rights under their next revision, in order.

    Refuses: `no_person`, `no_right`, `not_yourself`, `not_held`, `last_admin`, `stale_content`, `unchanged`.
    """
    asked = command.grants
    ordered = msgspec.structs.replace(
        asked, more=tuple(sorted(set(asked.more))), fewer=tuple(sorted(set(asked.fewer)))
    )
    wrong = _wrong(ordered, facts)
    return wrong if wrong is not None else publish("grants", asked.user, ordered, facts)


def _wrong(asked: Grants, facts: Facts) -> Refusal | None:
    refs, by = facts.refs, facts.by
    user = refs.users.get(asked.user)
    if user is None:
        return refuse("no_person", N_("This person is not known. Take them in first."))
    given = set(asked.more)
    if given - _for_people() or set(asked.fewer) - _for_people() or given & set(asked.fewer):
        return refuse("no_right", N_("There is no such right, or it is given and taken at once."))
    if asked.user == by.user:
        return refuse("not_yourself", N_("Nobody changes their own rights. Ask another administrator."))
    open_account = msgspec.structs.replace(user, active=True)
    held = grants_of(open_account, refs.grants.get(asked.user))
    if gives_more_than_held(held, grants_of(open_account, asked), by.grants):
        return refuse("not_held", N_("You can only give rights that you hold. Ask an administrator."))
    if leaves_nobody(refs.users, {**refs.grants, asked.user: asked}):
        return refuse("last_admin", N_("Somebody must stay who manages people. Appoint another one first."))
    return None


def _for_people() -> set[str]:
    return set().union(*(codes for role, codes in GRANTS.items() if role.person))


def inverse(command: SetGrants, facts: Facts) -> Undo | None:
    """Publish the single rights as they were."""
    user = command.grants.user
    before = facts.refs.grants.get(user) or Grants(user=user)
    return Undo("set_grants", {"grants": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_grants", SetGrants, needs, decide, Authority.HUB, inverse=inverse, touches=False)
