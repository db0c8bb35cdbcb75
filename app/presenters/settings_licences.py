"""Lessons before rights: which right is used only by who passed which lessons, and how long a pass holds."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_licence import SetLicence
from app.domain.company import LICENSED
from app.domain.skill import DAYS_MOST, SUGGESTED, Licence
from app.domain.values import Role
from app.editor import NEW, Editor, Input, Item, Wrong
from app.text import N_, Text
from app.training.proofs import options, proofs
from app.verb_names import VERBS

ROLES: Mapping[Role, str] = {
    Role.CLERK: N_("Order clerk"), Role.WAREHOUSE: N_("Warehouse"), Role.REVIEWER: N_("Night review"),
    Role.TRAINER: N_("Trainer"), Role.LEAD: N_("Lead"), Role.ADMIN: N_("Administrator"),
}  # fmt: skip


def usual(code: str) -> Licence:
    """Return the policy a right starts with, out of force."""
    return Licence(code=code, lessons=proofs(SUGGESTED.get(code, ())))


class SettingsLicences(Editor):
    """Verbs of the section; the rights most companies choose stand there, out of force."""

    verb = "set_licence"
    tables = ("licence",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        known = {code: usual(code) for code in SUGGESTED} | dict(refs.licences)
        return tuple(
            Item(
                code=code,
                title=VERBS.get(code, code),
                note=Text(N_("lessons: {count}, holds {days} days"),
                          {"count": len(one.lessons), "days": one.holds_days}),
                mark="met" if one.is_on else "not_yet",
                state=Text(N_("In force") if one.is_on else N_("Not in force")),
            )
            for code, one in sorted(known.items(), key=lambda each: (not each[1].is_on, each[0]))
        )  # fmt: skip

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.licences.get(code, usual(code))
        rights = tuple((right, Text(VERBS.get(right, right))) for right in sorted(LICENSED))
        asked = (
            Input(name="code", label=N_("Right"), value=one.code, kind="combo", options=rights),
            Input(
                name="lessons", label=N_("Lessons"), kind="many", options=options(one.lessons),
                value=" ".join(each.code for each in one.lessons),
                hint=Text(N_("Each of them passed in an exam opens the right.")),
            ),
            Input(
                name="roles", label=N_("For roles"), kind="many", value=" ".join(one.roles),
                options=tuple((role.value, Text(title)) for role, title in ROLES.items()),
            ),
            Input(
                name="holds_days", label=N_("Days a pass holds"), value=str(one.holds_days), kind="number",
                least=1, most=DAYS_MOST, hint=Text(N_("Two weeks before, the person hears of it.")),
            ),
            Input(
                name="is_on", label=N_("In force"), value="1" if one.is_on else "", kind="check",
                hint=Text(N_("Who has not passed is refused from then on.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.licences.get(code, usual(code))
        return SetLicence(
            licence=msgspec.structs.replace(
                before,
                lessons=proofs(answers["lessons"].split(), before.lessons),
                roles=tuple(role for role in ROLES if role.value in answers["roles"].split()),
                holds_days=int(answers["holds_days"] or 0),
                is_on=bool(answers["is_on"]),
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Lessons before a right published"))
