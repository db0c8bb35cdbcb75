"""What buyers are asked and told: the words of each message, in both languages, with places for the order."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_wording import SetWording
from app.domain.event import listed
from app.domain.wording import BUILT, PLACES, Wording, wrong_places
from app.editor import Editor, Input, Item, Wrong
from app.text import N_, Text

_LANGUAGES = (("zh", N_("Chinese")), ("en", N_("English")))
_HINT = N_("Empty: the built-in words. Places: {places}.")


class SettingsMessages(Editor):
    """Verbs of the section: each message belongs to a key in the inbox, so none is added."""

    verb = "set_wording"
    tables = ("wording",)
    may_add = False

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        own, usual = Text(N_("words of your own")), Text(N_("built in"))
        return tuple(
            Item(code=code, title=built.title, note=own if _has_own(refs, code) else usual)
            for code, built in BUILT.items()
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        if code not in BUILT:
            return ()
        built, own = BUILT[code], refs.wordings.get(code, Wording(code=code))
        places = [Text(N_("{place} = {what}"), {"place": "{" + name + "}", "what": Text(what)})
                  for name, what in PLACES.items() if name in built.places]  # fmt: skip
        hint = Text(_HINT, {"places": listed(places)})
        values = {"zh": own.zh or built.zh, "en": own.en or built.en}
        return tuple(
            Input(name=name, label=label, value=values[name], kind="lines", hint=hint)
            for name, label in _LANGUAGES
        )

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        built, before = BUILT[code], refs.wordings.get(code, Wording(code=code))
        said = {}
        for name, _ in _LANGUAGES:
            words = " ".join(answers.get(name, "").split())
            if odd := wrong_places(words, code):
                place = "{" + odd[0].strip("{") + "}"
                no_place = N_("Nothing stands in {place} here. Choose a place of the list.")
                return Wrong(name, Text(no_place, {"place": place}))
            said[name] = "" if words == getattr(built, name) else words
        return SetWording(words=Wording(code=code, rev=before.rev, **said))

    @override
    def called(self, code: str) -> str:
        return ""

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Message published"))


def _has_own(refs: Refs, code: str) -> bool:
    own = refs.wordings.get(code)
    return own is not None and bool(own.zh or own.en)
