"""Let the lots of an article leave what may be sold on the day they have become too old."""

from __future__ import annotations

from typing import ClassVar

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import Event
from app.domain.values import Keys, sku_key
from app.lotting import barred_anew
from app.text import N_


class AgeLots(Command, frozen=True, kw_only=True):
    everywhere: ClassVar[bool] = True
    sku: str


def needs(command: AgeLots) -> Keys:
    """Name the article."""
    return frozenset({sku_key(command.sku)})


def decide(command: AgeLots, facts: Facts) -> Decided:
    """Look at every shelf by the calendar of its building.

    Refuses: `unknown_sku`, `unchanged`.
    """
    article = facts.sku(command.sku)
    if article is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    events: list[Event] = list(barred_anew(article, facts))
    return events or refuse("unchanged", N_("It is written like this already. Nothing to do."))


SPEC = Spec("age_lots", AgeLots, needs, decide, Authority.HUB, touches=False)
