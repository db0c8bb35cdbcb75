"""Note how long somebody was at which order: when, and nothing of what they typed or saw."""

from __future__ import annotations

from datetime import timedelta

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.focus import SPANS_MOST, Span
from app.domain.values import Keys
from app.text import N_

AHEAD = timedelta(minutes=5)
"""So far a desk's clock may be before the hub's."""


class NoteFocus(Command, frozen=True, kw_only=True):
    """Whoever asks was there; nobody notes it of somebody else."""

    spans: tuple[Span, ...]


def needs(_command: NoteFocus) -> Keys:
    """Name no row: nothing changes."""
    return frozenset()


def decide(command: NoteFocus, facts: Facts) -> Decided:
    """Let it be written down; no row changes and no history mentions it.

    Refuses: `bad_span`.
    """
    spans = command.spans
    is_past = all(span.until <= facts.now + AHEAD for span in spans)
    if not 1 <= len(spans) <= SPANS_MOST or not is_past or not all(span.is_sound for span in spans):
        return refuse("bad_span", N_("Such a time was not worked. Look at this PC's clock."))
    return []


SPEC = Spec("note_focus", NoteFocus, needs, decide, Authority.DESK, touches=False)
