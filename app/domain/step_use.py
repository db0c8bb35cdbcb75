"""What became of a suggestion in a step of a guide, and whether its hints stood there. Names no value."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Advised(StrEnum):
    """What became of the value a step recommended."""

    NONE = "none"
    """The data allowed no recommendation."""
    USED = "used"
    OVERRIDDEN = "overridden"
    """The guide ended with another answer."""


class Hinted(StrEnum):
    """Whether the hints of a step stood beside its fields."""

    SHOWN = "shown"
    FADED = "faded"
    """Its hints rested: this person knows the step."""
    UNFOLDED = "unfolded"
    """They rested, and this person asked for them."""


class StepUse(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a guide that came to its end."""

    step: str
    advised: Advised = Advised.NONE
    hinted: Hinted = Hinted.SHOWN
