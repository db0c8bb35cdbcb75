"""People: who may sign in, what they are, and the first password one hands over."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_user import SetUser
from app.domain.company import User
from app.domain.values import Role
from app.editor import NEW, Editor, Input, Item, Wrong, words
from app.kinds import all_kinds
from app.text import N_, Text
from app.trouble import Trouble

ROLES = {
    Role.CLERK: N_("Order clerk"),
    Role.WAREHOUSE: N_("Warehouse"),
    Role.REVIEWER: N_("Night review"),
    Role.TRAINER: N_("Trainer"),
    Role.LEAD: N_("Lead"),
    Role.ADMIN: N_("Administrator"),
}
FRESH = User(code="", title="", role=Role.CLERK)


class SettingsPeople(Editor):
    """Verbs of the section; passwords go to the hub by a door of their own, never as a command."""

    verb = "set_user"
    tables = ("user", "shop", "warehouse", "shift")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(
                code=user.code,
                title=user.title,
                note=Text(ROLES[user.role]),
                mark="" if user.active else "not_yet",
                state=None if user.active else Text(N_("Closed")),
            )
            for user in sorted(refs.users.values(), key=lambda user: (not user.active, user.code))
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        user = refs.users.get(code, FRESH)
        nowhere = (("", Text(N_("No warehouse"))),)
        houses = tuple((house.code, words(house.title)) for house in refs.warehouses.values())
        shops = tuple((shop.code, words(shop.title)) for shop in refs.shops.values())
        kinds = all_kinds(refs.snag_rules).values()
        colleagues = sorted(refs.users.values(), key=lambda one: one.code)
        others = (
            ("", Text(N_("Nobody"))),
            *((one.code, words(one.title)) for one in colleagues if one.active and one.code != code),
        )
        closed = Text(N_("Without it nobody signs in as this person; what they did stays in the history."))
        asked = (
            Input(
                name="code", label=N_("Sign-in name"), value=user.code,
                hint=Text(N_("Letters and digits. It stays for ever.")),
            ),
            Input(name="title", label=N_("Name"), value=user.title),
            Input(
                name="role", label=N_("Role"), value=user.role.value, kind="combo",
                options=tuple((role.value, Text(label)) for role, label in ROLES.items()),
                hint=Text(N_("A role is a bundle of rights; single ones are changed under Rights.")),
            ),
            Input(
                name="warehouse", label=N_("Works in"), value=user.warehouse, kind="combo",
                options=nowhere + houses,
            ),
            Input(
                name="shops", label=N_("Works for shops"), value=" ".join(user.shops), kind="many",
                options=shops, hint=Text(N_("None ticked: all. Their desk holds no orders of others.")),
            ),
            Input(
                name="warehouses", label=N_("Works for warehouses"), value=" ".join(user.warehouses),
                kind="many", options=houses,
                hint=Text(N_("None ticked: all. Their desk holds no stock of others.")),
            ),
            Input(
                name="skills", label=N_("Handles exceptions"), value=" ".join(user.skills), kind="many",
                options=tuple((kind.code, Text(kind.title)) for kind in kinds if kind.repairs),
                hint=Text(N_("None ticked: clerks are given every type, others none.")),
            ),
            Input(
                name="shifts", label=N_("Works in shifts"), value=" ".join(user.shifts), kind="many",
                options=tuple((shift.code, words(shift.title)) for shift in refs.shifts.values()),
                hint=Text(N_("None ticked: all. New exceptions go to whoever is on shift.")),
            ),
            Input(
                name="deputy", label=N_("Deputy"), value=user.deputy, kind="combo", options=others,
                hint=Text(N_("Is told of held orders that this person does not look at in time.")),
            ),
            Input(
                name="active", label=N_("May sign in"), value="1" if user.active else "", kind="check",
                hint=closed,
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.users.get(code)
        return SetUser(
            user=User(
                code=code,
                title=answers["title"].strip(),
                role=Role(answers["role"]),
                warehouse=answers["warehouse"],
                shops=tuple(answers["shops"].split()),
                warehouses=tuple(answers["warehouses"].split()),
                active=bool(answers["active"]),
                skills=tuple(answers["skills"].split()),
                shifts=tuple(answers["shifts"].split()),
                rev=before.rev if before else 0,
                deputy=answers["deputy"],
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Person published"))

    async def first_password(self) -> None:
        """Get a new first password of the person in the form, to hand over; it is told once."""
        if self.state.is_new or not self.state.here or not self.state.may:
            return
        try:
            secret = await self.desk.first_password(self.state.here)
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint, secret=""))
            return
        self.show(msgspec.structs.replace(self.state, secret=secret, notice=None))

    def forget(self) -> None:
        """Take the password off the screen."""
        if self.state.secret:
            self.show(msgspec.structs.replace(self.state, secret=""))
