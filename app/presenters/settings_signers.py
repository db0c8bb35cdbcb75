"""Who may sign: by amount and time of day, which roles and people put their names under a review."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_sign_policy import SetSignPolicy
from app.domain.event import listed
from app.domain.money import shown
from app.domain.rules import Rule
from app.domain.sign_policy import ROLES, WHEN, SignPolicy
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.rule_fields import read_value, wrong_value
from app.text import N_, Text

FRESH = SignPolicy(code="", title="")
AMOUNT = Rule(name="amount", group="", title=N_("Amount"), does="", unit="money", most=10**12)
EMPTY_FREE = N_("Empty: without a limit.")


class SettingsSigners(Editor):
    """Verbs of the section."""

    verb = "set_sign_policy"
    tables = ("sign_policy", "user")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.sign_policies.values(), lambda one: _note(one, refs))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.sign_policies.get(code, FRESH)
        people = tuple((user.code, words(user.title)) for user in refs.users.values() if user.active)
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: ALL. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="least_minor", label=N_("Amounts from"), value=_money(one.least_minor), unit="¥",
                hint=Text(EMPTY_FREE),
            ),
            Input(
                name="below_minor", label=N_("Orders below"), value=_money(one.below_minor), unit="¥",
                hint=Text(EMPTY_FREE),
            ),
            Input(
                name="when", label=N_("Holds"), value=one.when, kind="combo",
                options=tuple((when, Text(title)) for when, title in WHEN.items()),
            ),
            Input(
                name="roles", label=N_("Who may sign: roles"), value=" ".join(one.roles), kind="many",
                options=tuple((role, Text(title)) for role, title in ROLES.items()),
                hint=Text(N_("None and nobody named: whoever holds the right to sign.")),
            ),
            Input(
                name="people", label=N_("Who may sign: people"), value=" ".join(one.people), kind="many",
                options=people,
                hint=Text(N_("Beside the roles. All need the right to sign as well.")),
            ),
            Input(
                name="other_role", label=N_("Signatures of two roles"), value="1" if one.other_role else "",
                kind="check",
            ),
            Input(name="active", label=N_("In use"), value="1" if one.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.sign_policies.get(code)
        amounts = {}
        for name in ("least_minor", "below_minor"):
            typed = answers.get(name, "").strip()
            value = read_value(AMOUNT, typed) if typed else 0
            if not isinstance(value, int) or not AMOUNT.holds(value):
                return Wrong(name, wrong_value(AMOUNT))
            amounts[name] = value
        return SetSignPolicy(
            policy=SignPolicy(
                code=code,
                title=answers.get("title", "").strip(),
                when=answers.get("when", ""),
                roles=tuple(answers.get("roles", "").split()),
                people=tuple(answers.get("people", "").split()),
                other_role=bool(answers.get("other_role")),
                active=bool(answers.get("active")),
                rev=before.rev if before is not None else 0,
                **amounts,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Policy published"))


def _money(minor: int) -> str:
    return f"{minor / 100:.2f}" if minor else ""


def _note(one: SignPolicy, refs: Refs) -> Text:
    who = [Text(ROLES.get(role, role)) for role in one.roles]
    who += [words(refs.called("user", person)) for person in one.people]
    if one.other_role:
        who.append(Text(N_("Signatures of two roles")))
    least, below = shown(one.least_minor, "CNY"), shown(one.below_minor, "CNY")
    said: dict[str, str | int | Text] = {
        "when": Text(WHEN.get(one.when, one.when)), "who": listed(who), "least": least, "below": below,
    }  # fmt: skip
    if one.below_minor:
        return Text(N_("{least} to {below}, {when}: {who}"), said)
    return Text(N_("From {least} on, {when}: {who}"), said)
