"""Put words of a trainer in the place of a built-in hint, change them, or go back to the built-in ones."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.hint import HINT_MOST, HintText, is_hint_code
from app.domain.values import Keys
from app.text import N_

HINTS_MOST = 1_000


class SetHint(Command, frozen=True, kw_only=True):
    """`hint.rev` is the revision the person started from, 0 for a new one. No words: the built-in ones."""

    hint: HintText


def needs(command: SetHint) -> Keys:
    """Name the hint."""
    return frozenset({("hint", command.hint.code)})


def decide(command: SetHint, facts: Facts) -> Decided:
    """Publish the words under their next revision; every desk shows them with the next look.

    Refuses: `no_hint`, `bad_words`, `too_many`, `stale_content`, `unchanged`.
    """
    hint = command.hint
    wrong = _wrong(hint, facts)
    return wrong if wrong is not None else publish("hint", hint.code, hint, facts)


def _wrong(hint: HintText, facts: Facts) -> Refusal | None:
    if not is_hint_code(hint.code):
        return refuse("no_hint", N_("There is no such hint. Open the guide and choose one."))
    known = facts.refs.hints
    if hint.code not in known and len(known) >= HINTS_MOST:
        return refuse("too_many", N_("1,000 hints have words of their own. Change one of those."))
    for text in (hint.zh, hint.en):
        if len(text) > HINT_MOST:
            return refuse("bad_words", N_("A hint has up to 160 characters. Shorten it."))
        if text != text.strip() or not text.isprintable():
            return refuse("bad_words", N_("A hint is one line without spaces around it. Change it."))
    if hint.code not in known and not (hint.zh or hint.en):
        return refuse("unchanged", N_("This is in force already. Nothing to do."))
    return None


def inverse(command: SetHint, facts: Facts) -> Undo | None:
    """Publish the words of before; before the first ones, the built-in ones stood."""
    code, rev = command.hint.code, command.hint.rev + 1
    before = facts.refs.hints.get(code, HintText(code=code))
    return Undo("set_hint", {"hint": msgspec.structs.replace(before, rev=rev)})


SPEC = Spec("set_hint", SetHint, needs, decide, Authority.HUB, inverse=inverse, touches=False)
