"""Put words of the company in the place of a built-in message to buyers, or go back to the built-in ones."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.values import Keys
from app.domain.wording import BUILT, WORDS_MOST, Wording, wrong_places
from app.text import N_


class SetWording(Command, frozen=True, kw_only=True):
    """`words.rev` is the revision the person started from, 0 for the first one."""

    words: Wording


def needs(command: SetWording) -> Keys:
    """Name the message."""
    return frozenset({("wording", command.words.code)})


def decide(command: SetWording, facts: Facts) -> Decided:
    """Publish the words under their next revision; the next message has them.

    Refuses: `no_template`, `bad_words`, `bad_place`, `stale_content`, `unchanged`.
    """
    wrong = _wrong(command.words, facts)
    return wrong if wrong is not None else publish("wording", command.words.code, command.words, facts)


def _wrong(words: Wording, facts: Facts) -> Refusal | None:
    if words.code not in BUILT:
        return refuse("no_template", N_("There is no such message. Choose one of the list."))
    for text in (words.zh, words.en):
        if len(text) > WORDS_MOST:
            return refuse("bad_words", N_("A message has up to 300 characters. Shorten it."))
        if text != text.strip() or not text.isprintable():
            return refuse("bad_words", N_("A message is one paragraph without spaces around it. Change it."))
        if odd := wrong_places(text, words.code):
            return refuse("bad_place", N_("Nothing stands in {place} here. Choose a place of the list."),
                          place="{" + odd[0].strip("{") + "}")  # fmt: skip
    if words.code not in facts.refs.wordings and not (words.zh or words.en):
        return refuse("unchanged", N_("This is in force already. Nothing to do."))
    return None


def inverse(command: SetWording, facts: Facts) -> Undo | None:
    """Publish the words of before; before the first ones, the built-in ones stood."""
    code, rev = command.words.code, command.words.rev + 1
    before = facts.refs.wordings.get(code, Wording(code=code))
    return Undo("set_wording", {"words": msgspec.structs.replace(before, rev=rev)})


SPEC = Spec("set_wording", SetWording, needs, decide, Authority.HUB, inverse=inverse, touches=False)
