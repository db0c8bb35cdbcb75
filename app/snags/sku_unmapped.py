"""A line names something that is none of our articles yet."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.match_sku import MatchSku
from app.commands.new_article import NewArticle
from app.domain.catalogue import TITLE_MOST, code_fault
from app.domain.matching import SURE_PCT, likely_skus
from app.domain.order import EDITABLE, Line, Order
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def unmatched(order: Order) -> list[Line]:
    """Return the lines without an article."""
    return [line for line in order.lines if not line.sku]


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find lines without an article, or an order whose file names no lines.

    Source: capabilities 15, sku_unmapped.
    """
    if order.status not in EDITABLE or order.matched:
        return None
    if not order.lines:
        return Finding(Text(N_("The file names no articles. Add what was ordered.")))
    lines = unmatched(order)
    waits_for = tuple(sorted({f"sku_map:{order.shop}/{line.ext_sku}" for line in lines if line.ext_sku}))
    name = lines[0].title or lines[0].ext_sku
    if len(lines) == 1:
        return Finding(Text(N_("{name} is not matched to an article"), {"name": name}), waits_for)
    params: dict[str, str | int | Text] = {"name": name, "more": len(lines) - 1}
    return Finding(Text(N_("{name} and {more} more are not matched to an article"), params), waits_for)


def match_likeliest(order: Order, facts: Facts) -> Command | None:
    """Match the first unmatched line to the article most like it, if it is like enough."""
    for line in unmatched(order):
        likely = likely_skus(line, facts.refs.articles, limit=1) if line.ext_sku else ()
        if likely and likely[0].score_pct >= SURE_PCT:
            return MatchSku(shop=order.shop, ext_sku=line.ext_sku, sku=likely[0].sku.code, order=order.id)
    return None


def make_draft(order: Order, facts: Facts) -> Command | None:
    """Make an article of the first unmatched line, called and priced as the shop does."""
    line = next((line for line in unmatched(order) if line.ext_sku), None)
    if line is None or line.unit_price_minor <= 0 or not line.title.strip():
        return None
    if code_fault(line.ext_sku) or line.ext_sku in facts.refs.articles:
        return None
    return NewArticle(
        shop=order.shop,
        ext_sku=line.ext_sku,
        order=order.id,
        sku=line.ext_sku,
        title=line.title.strip()[:TITLE_MOST],
        list_price_minor=line.unit_price_minor,
    )


KIND = Kind(
    code="sku_unmapped",
    title=N_("Article unknown"),
    hint=N_("Compare title and price. The match counts for every order of this shop."),
    severity="warn",
    rank=18,
    found=found,
    repairs=(
        Repair(
            "match_likeliest",
            N_("Match the likeliest"),
            match_likeliest,
            N_("Goods and price stay as ordered. It can be undone until picking begins."),
        ),
        Repair(
            "make_draft",
            N_("Create draft"),
            make_draft,
            N_("An article with the shop's code, name and price, marked as a draft until it is completed."),
            off=N_("Its code, name or price is missing or taken: use the guide"),
        ),
    ),
    form="match_sku",
)
