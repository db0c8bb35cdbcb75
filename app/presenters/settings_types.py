"""Exception types of the company's own: a condition, a name, whose work it is, and what it would hold."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.clause_fields import JOINED, NOTHING, clause_inputs, options_of, read_clauses, ticked
from app.command import Command, Refs
from app.commands.set_snag_rule import SetSnagRule
from app.domain.snag_rule import (
    GOAL_MOST_MIN,
    GROUPS,
    SEVERITIES,
    SnagRule,
    clause_said,
    name_of,
)
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first
from app.ports import Views
from app.text import N_, Text

FRESH = SnagRule(code="", title="", clauses=())
FORESEEN_MOST = 1_000
"""So many orders, the newest, are looked at before a type is published."""


class SettingsTypes(Editor):
    """Verbs of the section."""

    verb = "set_snag_rule"
    tables = ("snag_rule",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.snag_rules.values(), _note, name_of)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        rule = refs.snag_rules.get(code, FRESH)
        about = (
            Input(
                name="code", label=N_("Code"), value=rule.code,
                hint=Text(N_("Short: VIP. It stays for ever.")),
            ),
            Input(
                name="title", label=N_("Title"), value=rule.title,
                hint=Text(N_("What the inbox calls it.")),
            ),
            Input(
                name="title_en", label=N_("Title in English"), value=rule.title_en,
                hint=Text(N_("For colleagues who read English. Empty: the same title, with its code.")),
            ),
            Input(
                name="hint", label=N_("What to do"), value=rule.hint,
                hint=Text(N_("One sentence for whoever has never seen it.")),
            ),
            Input(
                name="severity", label=N_("How grave"), value=rule.severity, kind="combo",
                options=options_of(SEVERITIES),
            ),
            Input(
                name="group", label=N_("Who gets it"), value=rule.group, kind="combo",
                options=options_of(GROUPS),
            ),
            Input(
                name="goal_min", label=N_("Done within"), value=str(rule.goal_min), kind="number",
                unit=N_("min"), least=0, most=GOAL_MOST_MIN,
                hint=Text(N_("Working time; 0: as the rules say.")),
            ),
            Input(
                name="after", label=N_("Asked after"), value=rule.after, kind="combo",
                options=(NOTHING, *_others(refs, code)),
                hint=Text(N_("Not asked for before that type is dealt with.")),
            ),
            Input(name="blocks", label=N_("Keeps the order back"), value=ticked(rule.blocks), kind="check"),
            Input(
                name="on_line", label=N_("Only the lines it names"), value=ticked(rule.on_line), kind="check",
                hint=Text(N_("Each line is asked by itself; the rest of the order may go on.")),
            ),
            Input(name="active", label=N_("In use"), value=ticked(rule.active), kind="check"),
            Input(
                name="is_any", label=N_("Holds when"), value=ticked(rule.is_any), kind="combo",
                options=options_of(JOINED),
            ),
        )  # fmt: skip
        asked = (*about, *clause_inputs(rule.clauses, first="at_least"))
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.snag_rules.get(code)
        rule = _read(answers, code, before.rev if before is not None else 0)
        return rule if isinstance(rule, Wrong) else SetSnagRule(rule=rule)

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Type published"))

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        rule = _read(answers, self.state.here or "new", 0)
        lacking = _lacking(answers)
        if isinstance(rule, Wrong) or not rule.active:
            return lacking
        would, looked, waiting = await self.desk.look(Views.judged_by, rule, FORESEEN_MOST)
        counts: dict[str, str | int | Text] = {"would": would, "looked": looked, "waiting": waiting}
        message = N_("It would hold {would} of the last {looked} orders; {waiting} of them wait here now.")
        return (*lacking, Text(message, counts))


def _others(refs: Refs, code: str) -> tuple[tuple[str, Text], ...]:
    others = sorted((one for one in refs.snag_rules.values() if one.code != code), key=lambda one: one.code)
    return tuple((one.code, Text(name_of(one))) for one in others)


def _read(answers: Mapping[str, str], code: str, rev: int) -> SnagRule | Wrong:
    clauses = read_clauses(answers)
    if isinstance(clauses, Wrong):
        return clauses
    if not clauses:
        return Wrong("field1", Text(N_("A type has one to four conditions. Name one.")))
    return SnagRule(
        code=code,
        title=answers.get("title", "").strip(),
        title_en=answers.get("title_en", "").strip(),
        hint=answers.get("hint", "").strip(),
        clauses=clauses,
        is_any=bool(answers.get("is_any")),
        severity=answers.get("severity", ""),
        group=answers.get("group", ""),
        goal_min=int(answers.get("goal_min") or 0),
        blocks=bool(answers.get("blocks")),
        active=bool(answers.get("active")),
        rev=rev,
        after=answers.get("after", ""),
        on_line=bool(answers.get("on_line")),
    )


def _lacking(answers: Mapping[str, str]) -> tuple[Text, ...]:
    """Say in which language it has no title, and what is shown there instead."""
    title = answers.get("title", "").strip()
    if not title or answers.get("title_en", "").strip():
        return ()
    if title.isascii():
        return (Text(N_("No Chinese title: who reads Chinese sees {title} too."), {"title": title}),)
    return (Text(N_("No English title: who reads English sees {title} and the code."), {"title": title}),)


def _note(rule: SnagRule) -> Text:
    first, *more = map(clause_said, rule.clauses)
    if not more:
        return first
    return Text(N_("{first}, and {count} more"), {"first": first, "count": len(more)})
