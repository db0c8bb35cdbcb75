"""Publish a lesson made of the company's own exceptions, with nobody in it."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, go_back, publish, refuse
from app.domain.deck import KINDS, SHAPES_MOST, OwnDeck, has_somebody
from app.domain.values import Keys
from app.text import N_


class SetDeck(Command, frozen=True, kw_only=True):
    """`deck.rev` is the revision the person started from, 0 for a new one. No shapes: it is withdrawn."""

    deck: OwnDeck


def needs(command: SetDeck) -> Keys:
    """Name the deck."""
    return frozenset({("deck", command.deck.code)})


def decide(command: SetDeck, facts: Facts) -> Decided:
    """Publish it; from the next lesson on everybody may practise with it.

    Refuses: `no_deck`, `somebody`, `stale_content`, `unchanged`.
    """
    deck, before = command.deck, facts.row(("deck", command.deck.code))
    is_known = deck.code and all(shape.kind in KINDS and shape.pieces for shape in deck.shapes)
    if not is_known or len(deck.shapes) > SHAPES_MOST:
        return refuse("no_deck", N_("This cannot be laid out. Make the deck anew."))
    if facts.refs.gazetteer is not None and has_somebody(deck, facts.refs.gazetteer):
        return refuse("somebody", N_("A name in it is no place. Make the deck anew."))
    if before is None and not deck.shapes:
        return refuse("unchanged", N_("This is in force already. Nothing to do."))
    return publish("deck", deck.code, deck, facts)


def inverse(command: SetDeck, facts: Facts) -> Undo | None:
    """Publish what was before; a new one is withdrawn."""
    before = facts.row(("deck", command.deck.code))
    if before is None:
        empty = msgspec.structs.replace(command.deck, rev=command.deck.rev + 1, shapes=())
        return Undo("set_deck", {"deck": empty})
    return go_back("set_deck", "deck", before)


SPEC = Spec("set_deck", SetDeck, needs, decide, Authority.HUB, inverse=inverse, touches=False)
