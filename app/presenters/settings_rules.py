"""The rules: every threshold with its unit, its range and what it does; what a change would touch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

import msgspec
from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_rules import SetRules
from app.domain.rules import CATALOGUE, Rule, Rules
from app.domain.values import RULES_KEY
from app.editor import Editor, Input, Item, Wrong
from app.ports import Views
from app.rule_fields import UNITS, read_value, shown, wrong_value
from app.text import N_, Text

_RANGE = N_("{does} From {least} to {most}; a new company starts with {default}.")
_PLAIN = N_("{does} A new company starts with {default}.")


class SettingsRules(Editor):
    """Verbs of the section: there is one set of rules, so nothing is added."""

    verb = "set_rules"
    tables = ("rules",)
    may_add = False

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return (
            Item(
                code=RULES_KEY[1],
                title="",
                note=Text(N_("Edition {rev}"), {"rev": refs.rules.rev}),
            ),
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        return tuple(_input(rule, getattr(refs.rules, rule.name)) for rule in CATALOGUE)

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        values: dict[str, time | int] = {}
        for rule in CATALOGUE:
            value = read_value(rule, answers[rule.name])
            if value is None or not rule.holds(value):
                return Wrong(rule.name, wrong_value(rule))
            values[rule.name] = value
        return SetRules(rules=msgspec.convert({"rev": refs.rules.rev, **values}, Rules))

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Rules published"))

    @override
    def called(self, code: str) -> str:
        return ""

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        rule = next(rule for rule in CATALOGUE if rule.name == "review_above_minor")
        above = read_value(rule, answers.get(rule.name, ""))
        if not isinstance(above, int) or above == refs.rules.review_above_minor:
            return ()
        now, waiting = await self.desk.look(Views.costing_more, refs.rules.review_above_minor)
        then, _ = await self.desk.look(Views.costing_more, above)
        message = N_("Of {all} orders before release {then} would cost more than this; now it is {now}.")
        return (Text(message, {"all": waiting, "then": then, "now": now}),)


def _input(rule: Rule, value: time | int) -> Input:
    default = rule.default()
    words = Text(N_("yes") if default else N_("no")) if rule.unit == "yes" else shown(rule, default)
    known: dict[str, str | int | Text] = {"does": Text(rule.does), "default": words}
    hint = Text(_PLAIN, known)
    if rule.unit not in ("time", "yes"):
        hint = Text(_RANGE, known | {"least": shown(rule, rule.least), "most": shown(rule, rule.most)})
    return Input(
        name=rule.name,
        label=rule.title,
        value=shown(rule, value),
        hint=hint,
        kind={"time": "text", "money": "text", "yes": "check"}.get(rule.unit, "number"),
        group=rule.group,
        unit=UNITS[rule.unit],
        least=rule.least,
        most=rule.most,
    )
