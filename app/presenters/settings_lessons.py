"""Words of lessons: what each says before it begins, in both languages, in the place of ours."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_hint import SetHint
from app.domain.hint import HintText
from app.editor import Editor, Input, Item, Wrong
from app.text import N_, Text
from app.training.course import LESSONS, course
from app.training.own_words import brief_code


class SettingsLessons(Editor):
    """Verbs of the section."""

    verb = "set_hint"
    tables = ("hint",)
    may_add = False
    why_closed = N_("You may look. Trainers and leads change this.")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        own, usual = Text(N_("words of your own")), Text(N_("built in"))
        return tuple(
            Item(code=one.code, title=one.title.message, note=own if _kept(refs, one.code).words() else usual)
            for one in course()
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        if code not in LESSONS:
            return ()
        kept, built = _kept(refs, code), Text(N_("Built in: {words}"), {"words": LESSONS[code].brief})
        return (
            Input(name="zh", label=N_("Chinese"), value=kept.zh, kind="lines", hint=built),
            Input(name="en", label=N_("English"), value=kept.en, kind="lines",
                  hint=Text(N_("Empty: the built-in words."))),
        )  # fmt: skip

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        zh, en = (" ".join(answers[name].split()) for name in ("zh", "en"))
        return SetHint(hint=HintText(code=brief_code(code), zh=zh, en=en, rev=_kept(refs, code).rev))

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Words of a lesson published"))


def _kept(refs: Refs, lesson: str) -> HintText:
    code = brief_code(lesson)
    return refs.hints.get(code, HintText(code=code))
