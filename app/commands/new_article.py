"""Make a draft of an article out of what a shop sold, and say that the shop's code means it."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.catalogue import Sku, article_fault
from app.domain.events import ArticleSet, Event, LinesMatched, SkuMapped
from app.domain.order import EDITABLE
from app.domain.values import Keys, order_key, sku_key, sku_map_key
from app.text import N_


class NewArticle(Command, frozen=True, kw_only=True):
    """`order` is where it was pressed. It stays a draft until somebody completes it.

    Units: `list_price_minor` in the order's currency; `weight_g` grams a piece, 0: not known.
    """

    shop: str
    ext_sku: str
    order: str
    sku: str
    title: str
    list_price_minor: int
    barcode: str = ""
    weight_g: int = 0


def needs(command: NewArticle) -> Keys:
    """Name the article, the mapping and the order."""
    mapped = sku_map_key(command.shop, command.ext_sku)
    return frozenset({sku_key(command.sku), mapped, order_key(command.order)})


def decide(command: NewArticle, facts: Facts) -> Decided:
    """Write the draft down, map the code, and match the lines of the order; others that wait go on.

    Refuses: `no_order`, `no_code`, `known_sku`, `bad_article`, `too_late`.
    Source: capabilities 15, sku_unmapped; capabilities 1.5.
    """
    order = facts.order(command.order)
    if order is None or order.shop != command.shop:
        return refuse("no_order", N_("This order is not here. Look for it again."))
    if not any(command.ext_sku and line.ext_sku == command.ext_sku for line in order.lines):
        return refuse("no_code", N_("This line has no shop code. Change the line itself."))
    known = facts.sku(command.sku)
    if known is not None and not known.is_draft:
        return refuse(
            "known_sku", N_("There is an article {sku} already. Match it instead."), sku=command.sku
        )
    article = Sku(
        code=command.sku,
        title=command.title.strip(),
        list_price_minor=command.list_price_minor,
        currency=order.currency,
        barcode=command.barcode,
        weight_g=command.weight_g,
        is_draft=True,
    )
    if fault := article_fault(article):
        return refuse("bad_article", fault)
    if order.status not in EDITABLE:
        return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
    mapped = SkuMapped(
        shop=command.shop, ext_sku=command.ext_sku, sku=command.sku, by=facts.by.user, at=facts.now
    )
    events: list[Event] = [ArticleSet(article=article, by=facts.by.user), mapped]
    skus = tuple(
        (line.id, command.sku)
        for line in order.lines
        if line.ext_sku == command.ext_sku and line.sku != command.sku and not line.swapped_from
    )
    return [*events, LinesMatched(order=order.id, skus=skus, by=facts.by.user)] if skus else events


def inverse(command: NewArticle, facts: Facts) -> Undo | None:
    """Bring back what the code meant before, where one command can do it; the draft stays."""
    order, known = facts.order(command.order), facts.mapping(command.shop, command.ext_sku)
    meant = known.sku if known is not None else ""
    of_code = (line.sku for line in order.lines if line.ext_sku == command.ext_sku) if order else ()
    was = next(iter(of_code), "")
    args = {"shop": command.shop, "ext_sku": command.ext_sku, "sku": meant, "order": command.order}
    if was == meant:
        return Undo("match_sku", args)
    return Undo("match_sku", args | {"order": ""}) if was == command.sku else None


SPEC = Spec("new_article", NewArticle, needs, decide, Authority.DESK, changes=("lines",), inverse=inverse)
