"""How money comes in outside a channel."""

from __future__ import annotations

from collections.abc import Mapping

from app.text import N_

METHODS: Mapping[str, str] = {
    "transfer": N_("Bank transfer"),
    "app": N_("Payment app"),
    "cash": N_("Cash"),
    "draft": N_("Bank draft"),
    "offset": N_("Set off"),
}
"""Ways of paying; without one nobody said."""
