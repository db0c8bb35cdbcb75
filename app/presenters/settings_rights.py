"""Rights: what each person may do, their role's bundle with single rights more or fewer."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_grants import SetGrants
from app.desk import Desk
from app.domain.company import GRANTS, Grants
from app.editor import Editor, Input, Item, Wrong
from app.text import N_, Text

LABELS = N_("Rights")
UNSAID = frozenset({"recheck"})
"""What everybody may and nobody asks about."""


class SettingsRights(Editor):
    """Verbs of the section; who gives no rights sees their own."""

    verb = "set_grants"
    tables = ("user", "grants")
    may_add = False
    why_closed = N_("You see your own rights. Administrators give and take them.")

    def __init__(self, desk: Desk, names: Mapping[str, str]) -> None:
        """`names`: what each right is called."""
        super().__init__(desk)
        self.names = names

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        is_giver = self.desk.may(self.verb)
        me = self.desk.login.user.code
        people = [user for user in refs.users.values() if user.active and (is_giver or user.code == me)]
        return tuple(
            Item(code=user.code, title=user.title, note=_note(refs.grants.get(user.code)))
            for user in sorted(people, key=lambda user: user.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        user = refs.users[code]
        single = refs.grants.get(code) or Grants(user=code)
        held = (GRANTS[user.role] | frozenset(single.more)) - frozenset(single.fewer)
        codes = sorted(_all() - UNSAID)
        return (
            Input(
                name="rights",
                label=LABELS,
                value=" ".join(each for each in codes if each in held),
                kind="many",
                options=tuple((each, Text(self.names.get(each, each))) for each in codes),
                hint=Text(N_("Nobody gives what they do not hold, or changes their own rights.")),
            ),
        )

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.grants.get(code)
        bundle = GRANTS[refs.users[code].role] - UNSAID
        wanted = frozenset(answers["rights"].split())
        return SetGrants(
            grants=Grants(
                user=code,
                more=tuple(sorted(wanted - bundle)),
                fewer=tuple(sorted(bundle - wanted)),
                rev=before.rev if before else 0,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Rights published"))


def _all() -> frozenset[str]:
    return frozenset[str]().union(*(codes for role, codes in GRANTS.items() if role.person))


def _note(single: Grants | None) -> Text:
    if single is None or not (single.more or single.fewer):
        return Text(N_("As the role has them"))
    return Text(N_("{more} more, {fewer} fewer"), {"more": len(single.more), "fewer": len(single.fewer)})
