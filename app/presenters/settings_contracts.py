"""Texts of contracts: what each says, with places that every order fills in."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_template import SetTemplate
from app.domain.contract import PLACES, USUAL, Template
from app.domain.event import listed
from app.editor import NEW, Editor, Input, Item, Wrong, in_use_first, words
from app.text import N_, Text

FRESH = Template(code="", title="", text=USUAL.text)


class SettingsContracts(Editor):
    """Verbs of the section."""

    verb = "set_template"
    tables = ("template",)

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.templates.values(), lambda one: words(one.text.strip().partition("\n")[0]))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.templates.get(code, FRESH)
        places = listed([words("{" + name + "}") for name in PLACES])
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: HT. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="text", label=N_("Text"), value=one.text, kind="lines",
                hint=Text(N_("Every order fills in: {places}"), {"places": places}),
            ),
            Input(
                name="active", label=N_("In use"), value="1" if one.active else "", kind="check",
                hint=Text(N_("Contracts that were sent keep their words.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.templates.get(code)
        return SetTemplate(
            template=Template(
                code=code,
                title=answers["title"].strip(),
                text=answers["text"].strip() + "\n",
                active=bool(answers["active"]),
                rev=before.rev if before else 0,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Contract text published"))
