"""Gate profiles: which gates orders of a shop and a type meet, with which limits, and whom that changes."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_gate_profile import SetGateProfile
from app.desk import Desk
from app.domain.event import listed
from app.domain.gate_profile import CHOSEN, LIMITS, ORDER_TYPES, GateProfile, Limit
from app.domain.rules import CATALOGUE, Rule
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.engine import GATES
from app.profile_preview import foreseen, said
from app.profiles import PROFILE
from app.rule_fields import UNITS, read_value, shown, wrong_value
from app.text import N_, Text

FRESH = GateProfile(code="", title="")
RULES: Mapping[str, Rule] = {rule.name: rule for rule in CATALOGUE}
LIMIT_GROUP = N_("Limits, empty: as the rules say")


class SettingsGates(Editor):
    """Verbs of the section."""

    verb = "set_gate_profile"
    tables = ("gate_profile", "shop", "rules")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._looks = 0

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.gate_profiles.values(), lambda one: _note(one, refs))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.gate_profiles.get(code, FRESH)
        always = listed([Text(gate.title) for code, gate in GATES.items() if code not in (*CHOSEN, PROFILE)])
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: ALL. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="shops", label=N_("For shops"), value=" ".join(one.shops), kind="many",
                options=tuple((shop.code, words(shop.title)) for shop in refs.shops.values()),
                hint=Text(N_("None: all of them. A profile that names the shop counts before others.")),
            ),
            Input(
                name="kind", label=N_("For orders"), value=one.kind, kind="combo",
                options=tuple((kind, Text(title)) for kind, title in ORDER_TYPES.items()),
                hint=Text(N_("Once there are profiles, an order no profile is for stops.")),
            ),
            Input(
                name="gates", label=N_("Gates"), value=" ".join(one.gates), kind="many",
                options=tuple((gate, Text(GATES[gate].title)) for gate in CHOSEN),
                hint=Text(N_("Always asked: {gates}; of businesses the invoice too."), {"gates": always}),
            ),
            *(_limit_input(RULES[name], one, refs) for name in LIMITS),
            Input(
                name="all_day", label=N_("Reviewed by day too"), value="1" if one.all_day else "",
                kind="check", group=LIMIT_GROUP,
            ),
            Input(name="active", label=N_("In use"), value="1" if one.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.gate_profiles.get(code)
        profile = _read(answers, code, before.rev if before is not None else 0)
        return profile if isinstance(profile, Wrong) else SetGateProfile(profile=profile)

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Profile published"))

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        self._looks += 1
        turn, here = self._looks, self.state.here or answers.get("code", "").strip() or "new"
        profile = _read(answers, here, 0)
        if not self.state.may or isinstance(profile, Wrong):
            return ()
        if profile == _plain(refs.gate_profiles.get(here)):
            return ()
        change = await foreseen(self.desk, profile, lambda: turn == self._looks)
        return self.state.says if change is None else said(change)


def _plain(profile: GateProfile | None) -> GateProfile | None:
    """Return the profile in force as the form would say it."""
    if profile is None:
        return None
    asked = (_limit_input(RULES[name], profile, None) for name in LIMITS)
    answers = {one.name: one.value for one in asked} | {
        "title": profile.title,
        "shops": " ".join(profile.shops),
        "kind": profile.kind,
        "gates": " ".join(profile.gates),
        "all_day": "1" if profile.all_day else "",
        "active": "1" if profile.active else "",
    }
    plain = _read(answers, profile.code, 0)
    return None if isinstance(plain, Wrong) else plain


def _limit_input(rule: Rule, one: GateProfile, refs: Refs | None) -> Input:
    value = next((limit.value for limit in one.limits if limit.name == rule.name), None)
    hint = None
    if refs is not None:
        known: dict[str, str | int | Text] = {
            "does": Text(rule.does), "now": shown(rule, getattr(refs.rules, rule.name)),
        }  # fmt: skip
        hint = Text(N_("{does} The rules say {now}."), known)
    return Input(
        name=rule.name,
        label=rule.title,
        value=shown(rule, value) if value is not None else "",
        hint=hint,
        unit=UNITS[rule.unit],
        group=LIMIT_GROUP,
    )


def _read(answers: Mapping[str, str], code: str, rev: int) -> GateProfile | Wrong:
    limits = []
    for name in LIMITS:
        typed = answers.get(name, "").strip()
        value = read_value(RULES[name], typed) if typed else None
        if typed and (not isinstance(value, int) or not RULES[name].holds(value)):
            return Wrong(name, wrong_value(RULES[name]))
        if isinstance(value, int):
            limits.append(Limit(name, value))
    asked = answers.get("gates", "").split()
    return GateProfile(
        code=code,
        title=answers.get("title", "").strip(),
        shops=tuple(answers.get("shops", "").split()),
        kind=answers.get("kind", ""),
        gates=tuple(gate for gate in CHOSEN if gate in asked),
        limits=tuple(limits),
        all_day=bool(answers.get("all_day")),
        active=bool(answers.get("active")),
        rev=rev,
    )


def _note(one: GateProfile, refs: Refs) -> Text:
    shops = ", ".join(refs.called("shop", shop) for shop in one.shops)
    gates = listed([Text(GATES[gate].title) for gate in one.gates if gate in GATES])
    known: dict[str, str | int | Text] = {
        "kind": Text(ORDER_TYPES.get(one.kind, one.kind)), "shops": shops, "gates": gates,
    }  # fmt: skip
    if not one.gates:
        return Text(N_("{kind}, {shops}: only what is always asked") if shops else
                    N_("{kind}: only what is always asked"), known)  # fmt: skip
    return Text(N_("{kind}, {shops}: {gates}") if shops else N_("{kind}: {gates}"), known)
