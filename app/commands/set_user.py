"""Take a colleague in, change what they are, or close their account."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.company import User, grants_of, is_code, is_title
from app.domain.people import gives_more_than_held, gives_wider, leaves_nobody
from app.domain.values import Keys
from app.text import N_

SKILLS_MOST = 200


class SetUser(Command, frozen=True, kw_only=True):
    """`user.rev` is the revision the person started from, 0 for a new colleague. No password travels here."""

    user: User


def needs(command: SetUser) -> Keys:
    """Name the colleague."""
    return frozenset({("user", command.user.code)})


def decide(command: SetUser, facts: Facts) -> Decided:
    """Publish the colleague under their next revision.

    Refuses: `bad_code`, `bad_title`, `no_warehouse`, `no_shift`, `no_user`, `bad_skills`, `no_shop`,
    `home_elsewhere`, `not_yourself`, `not_held`, `last_admin`, `stale_content`, `unchanged`.
    """
    user = command.user
    before = facts.refs.users.get(user.code)
    wrong = _wrong(user, before, facts)
    return wrong if wrong is not None else publish("user", user.code, user, facts)


def _wrong(user: User, before: User | None, facts: Facts) -> Refusal | None:
    refs, by = facts.refs, facts.by
    if not user.role.person or (before is None and not is_code(user.code)):
        return refuse("bad_code", N_("A sign-in name has up to 32 letters and digits. Shorten it."))
    if not is_title(user.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if user.warehouse and user.warehouse not in refs.warehouses:
        return refuse("no_warehouse", N_("Choose a warehouse that exists."))
    if set(user.shifts) - refs.shifts.keys():
        return refuse("no_shift", N_("Choose shifts that exist."))
    wrong = _wrong_work(user, facts) or _wrong_places(user, before, facts)
    if wrong is not None:
        return wrong
    is_other = before is None or (before.role, before.active) != (user.role, user.active)
    if user.code == by.user and is_other:
        return refuse("not_yourself", N_("Nobody changes their own role or closes their own account."))
    single = refs.grants.get(user.code)
    held = grants_of(before, single) if before is not None else frozenset[str]()
    if gives_more_than_held(held, grants_of(user, single), by.grants):
        return refuse("not_held", N_("You can only give rights that you hold. Ask an administrator."))
    if leaves_nobody({**refs.users, user.code: user}, refs.grants):
        return refuse("last_admin", N_("Somebody must stay who manages people. Appoint another one first."))
    return None


def _wrong_work(user: User, facts: Facts) -> Refusal | None:
    """Say what is wrong with what somebody is given, and with who stands in for them."""
    if len(user.skills) > SKILLS_MOST or not all(map(is_code, user.skills)):
        return refuse("bad_skills", N_("Choose types of exceptions from the list."))
    if user.deputy and (user.deputy not in facts.refs.users or user.deputy == user.code):
        return refuse("no_user", N_("Choose another colleague who exists as the deputy."))
    return None


def _wrong_places(user: User, before: User | None, facts: Facts) -> Refusal | None:
    """Say what is wrong with the shops and warehouses somebody shall work for."""
    refs, by = facts.refs, facts.by
    if before is not None and (user.shops, user.warehouses) == (before.shops, before.warehouses):
        return None
    if set(user.shops) - refs.shops.keys():
        return refuse("no_shop", N_("Choose shops that exist."))
    if set(user.warehouses) - refs.warehouses.keys():
        return refuse("no_warehouse", N_("Choose a warehouse that exists."))
    if user.warehouses and user.warehouse and user.warehouse not in user.warehouses:
        return refuse("home_elsewhere", N_("Tick the warehouse they work in, too."))
    if user.code == by.user:
        return refuse("not_yourself", N_("Nobody changes the shops and warehouses they work for themselves."))
    giver = refs.users.get(by.user)
    had = (before.shops, before.warehouses) if before is not None else (None, None)
    if giver is not None and (
        gives_wider(had[0], user.shops, giver.shops) or gives_wider(had[1], user.warehouses, giver.warehouses)
    ):
        return refuse("not_held", N_("You can only give shops and warehouses that you work for yourself."))
    return None


def inverse(command: SetUser, facts: Facts) -> Undo | None:
    """Publish the colleague as they were; a new one is closed again."""
    user = command.user
    before = facts.refs.users.get(user.code)
    if before is None:
        return Undo("set_user", {"user": msgspec.structs.replace(user, rev=user.rev + 1, active=False)})
    return Undo("set_user", {"user": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_user", SetUser, needs, decide, Authority.HUB, inverse=inverse, touches=False)
