"""Complete the draft of an article, or correct what is written about one."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.catalogue import article_fault
from app.domain.events import ArticleSet
from app.domain.values import Keys, sku_key
from app.text import N_


class SetArticle(Command, frozen=True, kw_only=True):
    """Units: `list_price_minor` in the article's currency; `weight_g` grams a piece."""

    sku: str
    title: str
    list_price_minor: int
    barcode: str = ""
    weight_g: int = 0
    is_draft: bool = False


def needs(command: SetArticle) -> Keys:
    """Name the article."""
    return frozenset({sku_key(command.sku)})


def decide(command: SetArticle, facts: Facts) -> Decided:
    """Write it down; what is complete needs its weight, or no freight is right.

    Refuses: `unknown_sku`, `bad_article`, `no_weight`, `unchanged`.
    """
    known = facts.sku(command.sku)
    if known is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    article = msgspec.structs.replace(
        known,
        title=command.title.strip(),
        list_price_minor=command.list_price_minor,
        barcode=command.barcode,
        weight_g=command.weight_g,
        is_draft=command.is_draft,
    )
    if fault := article_fault(article):
        return refuse("bad_article", fault)
    if known.is_draft and not article.is_draft and not article.weight_g:
        return refuse("no_weight", N_("Type the weight of a piece in grams."))
    if article == known:
        return refuse("unchanged", N_("It is written like this already. Nothing to do."))
    return [ArticleSet(article=article, by=facts.by.user)]


def inverse(command: SetArticle, facts: Facts) -> Undo | None:
    """Bring back what was written before."""
    was = facts.sku(command.sku)
    if was is None:
        return None
    kept = ("title", "list_price_minor", "barcode", "weight_g", "is_draft")
    return Undo("set_article", {"sku": was.code} | {name: getattr(was, name) for name in kept})


SPEC = Spec("set_article", SetArticle, needs, decide, Authority.HUB, inverse=inverse)
