"""Guide: complete an article that was made as a draft out of an order."""

from __future__ import annotations

from app.article_fields import check_barcode, check_price, check_title, check_weight
from app.command import Command, Facts
from app.commands.set_article import SetArticle
from app.domain.catalogue import Sku
from app.domain.money import shown
from app.domain.values import Keys, sku_key
from app.form import About, Advice, Answers, Blank, Choice, Field, Form, Step, Verdict, read_number
from app.text import N_, Text


def drafts(facts: Facts) -> list[Sku]:
    """Return the articles nobody has completed."""
    return sorted((one for one in facts.refs.articles.values() if one.is_draft), key=lambda one: one.code)


def offered(_answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """Offer each draft with what it is called."""
    return tuple(
        Choice(
            one.code,
            Text("{title}", {"title": one.title}),
            Text("{sku} {price}", {"sku": one.code, "price": shown(one.list_price_minor, one.currency)}),
        )
        for one in drafts(facts)
    )


def check_draft(value: str, _answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want a draft."""
    if not drafts(facts):
        return Verdict(is_error=True, text=Text(N_("No article is a draft. Nothing to do.")))
    if all(one.code != value for one in drafts(facts)):
        return Verdict(is_error=True, text=Text(N_("Choose a draft from the list.")))
    return None


def needs_weight(value: str, answers: Answers, blank: Blank, facts: Facts) -> Verdict | None:
    """Want grams: without them no freight is right."""
    if not read_number(value):
        return Verdict(is_error=True, text=Text(N_("Type the weight of a piece in grams.")))
    return check_weight(value, answers, blank, facts)


def _written(article: Sku) -> dict[str, str]:
    return {
        "title": article.title,
        "price": str(article.list_price_minor),
        "barcode": article.barcode,
        "weight": str(article.weight_g) if article.weight_g else "",
    }


def start(_blank: Blank, facts: Facts) -> dict[str, str]:
    """Begin with the first draft, as it is written."""
    first = next(iter(drafts(facts)), None)
    if first is None:
        return {"sku": "", "title": "", "price": "", "barcode": "", "weight": ""}
    return {"sku": first.code, **_written(first)}


def advise(answers: Answers, _blank: Blank, facts: Facts) -> Advice | None:
    """Suggest what is written about the draft that was chosen."""
    article = facts.refs.articles.get(answers.get("sku", ""))
    if article is None or article.title == answers.get("title", ""):
        return None
    told = Text(N_("Suggestion: {title}"), {"title": article.title})
    return Advice(told, Text(N_("As the draft was written down.")), _written(article))


def needs(answers: Answers, _blank: Blank, _facts: Facts) -> Keys:
    """Load the draft."""
    return frozenset({sku_key(answers["sku"])}) if answers.get("sku") else frozenset()


def called(_blank: Blank, answers: Answers, _facts: Facts) -> str:
    """Call what was done by the article."""
    return answers["sku"]


def build(_blank: Blank, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return SetArticle(
        sku=answers["sku"],
        title=answers["title"].strip(),
        list_price_minor=read_number(answers["price"]) or 0,
        barcode=answers["barcode"].strip(),
        weight_g=read_number(answers["weight"]) or 0,
    )


FORM: Form[Blank] = Form(
    code="complete_article",
    title=N_("Complete an article"),
    about=About.NOTHING,
    steps=(
        Step(
            name="which",
            title=N_("Draft"),
            question=N_("Which draft do you know?"),
            reason=N_("Drafts were made out of orders, by somebody who had not seen the goods."),
            fields=(
                Field(
                    "sku",
                    N_("Draft"),
                    N_("Choose it, or type its code."),
                    "combo",
                    check=check_draft,
                    choices=offered,
                ),
            ),
        ),
        Step(
            name="article",
            title=N_("Article"),
            question=N_("Is everything right?"),
            reason=N_("Freight needs the weight, the floor needs the bar code."),
            fields=(
                Field("title", N_("Article name"), N_("As it stands on the shelf."), check=check_title),
                Field("price", N_("List price"), N_("What it usually costs."), "money", check=check_price),
                Field(
                    "weight",
                    N_("Weight, g"),
                    N_("Of a piece with its box."),
                    "number",
                    check=needs_weight,
                    unit=N_("{count} g"),
                ),
                Field(
                    "barcode",
                    N_("Bar code"),
                    N_("Scan it if the goods are here."),
                    check=check_barcode,
                    is_optional=True,
                ),
            ),
            advice=advise,
            told=("title",),
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    label=N_("Complete an article"),
    grant="set_article",
    called=called,
)
