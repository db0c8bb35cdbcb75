"""Say that an article is kept in lots, and how long a piece must keep when it is sold; or that it is not."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import ArticleSet
from app.domain.lot import DAYS_MOST, InLots
from app.domain.values import Keys, sku_key
from app.lotting import barred_anew
from app.text import N_


class KeepLots(Command, frozen=True, kw_only=True):
    """Without `in_lots` nobody is asked for lots any more; what is known of lots stays."""

    everywhere: ClassVar[bool] = True
    sku: str
    in_lots: InLots | None = None


def needs(command: KeepLots) -> Keys:
    """Name the article."""
    return frozenset({sku_key(command.sku)})


def decide(command: KeepLots, facts: Facts) -> Decided:
    """Write it down; lots that keep too short a time by it are nobody's promise from now on.

    Refuses: `unknown_sku`, `is_kit`, `bad_days`, `unchanged`.
    """
    article = facts.sku(command.sku)
    if article is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    if article.parts:
        return refuse("is_kit", N_("{sku} is a kit. Name its parts instead."), sku=command.sku)
    kept = command.in_lots
    if kept is not None and not (0 <= kept.min_days <= DAYS_MOST and 0 <= kept.warn_days <= DAYS_MOST):
        return refuse("bad_days", N_("Type 0 to {most} days."), most=DAYS_MOST)
    if kept == article.in_lots:
        return refuse("unchanged", N_("It is written like this already. Nothing to do."))
    written = msgspec.structs.replace(article, in_lots=kept)
    return [ArticleSet(article=written, by=facts.by.user), *barred_anew(written, facts)]


def inverse(command: KeepLots, facts: Facts) -> Undo | None:
    """Bring back what was written before."""
    was = facts.sku(command.sku)
    return Undo("keep_lots", {"sku": was.code, "in_lots": was.in_lots}) if was is not None else None


SPEC = Spec("keep_lots", KeepLots, needs, decide, Authority.HUB, inverse=inverse, touches=False)
