"""Guide: say which article a line of a shop means."""

from __future__ import annotations

from app.article_fields import check_line, line_in, lines
from app.command import Command, Facts
from app.commands.match_sku import MatchSku
from app.domain.catalogue import Sku, SkuMap
from app.domain.matching import Known, Likely, known_elsewhere, likely_skus
from app.domain.money import shown
from app.domain.order import Line, Order
from app.domain.pricing import outside_band
from app.domain.values import Key, Keys, sku_map_key
from app.form import Advice, Answers, Choice, Field, Form, Step, Verdict
from app.profiles import rules_for
from app.text import N_, Text

SHOP, ORDER = "shop", "order"


def articles(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the articles the line may mean, most alike first, each with its reason."""
    line = line_in(order, answers)
    if line is None:
        return ()
    known, choices = _elsewhere(line, order, facts), []
    for found in likely_skus(line, facts.refs.articles):
        is_known = known is not None and known.sku == found.sku.code
        reason = _agreed(known) if is_known and known is not None else _reason(found)
        choices.append(Choice(found.sku.code, Text("{title}", {"title": found.sku.title}), reason))
    return tuple(sorted(choices, key=lambda one: known is None or one.value != known.sku))


def needs(answers: Answers, order: Order, facts: Facts) -> Keys:
    """Name what the other shops mean by the code."""
    line = line_in(order, answers)
    return frozenset(_keys(line, order, facts)) if line is not None and line.ext_sku else frozenset()


def _keys(line: Line, order: Order, facts: Facts) -> list[Key]:
    return [sku_map_key(shop, line.ext_sku) for shop in facts.refs.shops if shop != order.shop]


def _elsewhere(line: Line, order: Order, facts: Facts) -> Known | None:
    rows = (facts.rows.get(key) for key in _keys(line, order, facts))
    known = known_elsewhere(row for row in rows if isinstance(row, SkuMap))
    return known if known is not None and known.sku in facts.refs.articles else None


def _agreed(known: Known) -> Text:
    params: dict[str, str | int | Text] = {
        "shops": known.shops, "all": known.all, "sku": known.sku, "people": known.people,
    }  # fmt: skip
    return Text(
        N_("{shops} of {all} shops with this code mean {sku}, matched by {people} colleagues"), params
    )


def _reason(found: Likely) -> Text:
    price = shown(found.sku.list_price_minor, found.sku.currency)
    if found.same_code:
        return Text(N_("{sku}, same code, list price {price}"), {"sku": found.sku.code, "price": price})
    params: dict[str, str | int | Text] = {"sku": found.sku.code, "score": found.score_pct, "price": price}
    return Text(N_("{sku}, {score} % alike, list price {price}"), params)


def check_article(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want an article that exists, and compare its price with the line's.

    Source: rules price_floor_pct, price_ceiling_pct.
    """
    article = facts.refs.articles.get(value)
    line = line_in(order, answers)
    if article is None:
        return _unknown(value, facts)
    if line is None:
        return None
    params: dict[str, str | int | Text] = {
        "price": shown(line.unit_price_minor, order.currency),
        "list_price": shown(article.list_price_minor, article.currency),
    }
    if outside_band(line, article, order.currency, rules_for(order, facts)):
        return Verdict(
            is_error=False,
            is_doubtful=True,
            text=Text(N_("Sold at {price}, list price {list_price}: look twice"), params),
        )
    return Verdict(is_error=False, text=Text(N_("Sold at {price}, list price {list_price}"), params))


def _unknown(value: str, facts: Facts) -> Verdict:
    if not value.strip():
        return Verdict(is_error=True, text=Text(N_("Choose an article, or type its code.")))
    typed = Line(id="", ext_sku=value, title=value, qty=0, unit_price_minor=0)
    found = likely_skus(typed, facts.refs.articles, limit=1)
    text = Text(N_("No article {sku}. Choose one from the list."), {"sku": value})
    return Verdict(is_error=True, text=text, correction=found[0].sku.code if found else "")


def scopes(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer the whole shop, or this order alone."""
    shop = facts.shop_of(order)
    params: dict[str, str | int | Text] = {"shop": shop.title if shop else order.shop}
    return (
        Choice(
            SHOP,
            Text(N_("Every order of {shop}"), params),
            Text(N_("Orders that wait for this code go on by themselves.")),
        ),
        Choice(ORDER, Text(N_("Only this order")), Text(N_("The next order with this code asks again."))),
    )


def advise_article(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest what colleagues matched this code to in other shops, else the article most alike."""
    line = line_in(order, answers)
    known = _elsewhere(line, order, facts) if line else None
    if known is not None:
        if known.sku == answers.get("sku", ""):
            return None
        title = facts.refs.articles[known.sku].title
        return Advice(Text(N_("Suggestion: {title}"), {"title": title}), _agreed(known), {"sku": known.sku})
    found = likely_skus(line, facts.refs.articles, limit=1) if line else ()
    if not found or found[0].sku.code == answers.get("sku", ""):
        return None
    best: Sku = found[0].sku
    return Advice(
        Text(N_("Suggestion: {title}"), {"title": best.title}), _reason(found[0]), {"sku": best.code}
    )


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first line nobody has matched."""
    first = next((line for line in order.lines if not line.sku and line.ext_sku), None)
    return {"ext_sku": first.ext_sku if first else "", "sku": "", "scope": SHOP}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return MatchSku(
        shop=order.shop,
        ext_sku=answers["ext_sku"],
        sku=answers["sku"].strip(),
        order=order.id,
        is_for_shop=answers["scope"] == SHOP,
    )


FORM: Form[Order] = Form(
    code="match_sku",
    title=N_("Match an article"),
    steps=(
        Step(
            name="line",
            title=N_("Line"),
            question=N_("Which line?"),
            reason=N_("A shop may call one article by several codes."),
            fields=(
                Field(
                    "ext_sku",
                    N_("What the shop sold"),
                    N_("Lines without an article stand first."),
                    "choice",
                    check=check_line,
                    choices=lines,
                ),
            ),
        ),
        Step(
            name="article",
            title=N_("Article"),
            question=N_("Which article is it?"),
            reason=N_("The warehouse picks what you choose here."),
            fields=(
                Field(
                    "sku",
                    N_("Article"),
                    N_("Compare title and price. You can also type or scan a code."),
                    "combo",
                    check=check_article,
                    choices=articles,
                ),
            ),
            advice=advise_article,
        ),
        Step(
            name="scope",
            title=N_("Scope"),
            question=N_("Does this always hold?"),
            reason=N_("A shop code that always means the same need not be asked again."),
            fields=(
                Field(
                    "scope", N_("Holds for"), N_("Choose the second for a one-off."), "choice", choices=scopes
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    needs=needs,
)
