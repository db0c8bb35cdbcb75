"""Guide: make an article of what a shop sold, when none of ours is meant."""

from __future__ import annotations

from app.article_fields import (
    check_barcode,
    check_line,
    check_price,
    check_title,
    check_weight,
    line_in,
    lines,
)
from app.command import Command, Facts
from app.commands.new_article import NewArticle
from app.domain.catalogue import TITLE_MOST, code_fault
from app.domain.order import EDITABLE, Line, Order
from app.form import Answers, Field, Form, Note, Step, Verdict, read_number
from app.text import N_, Text


def unmatched(order: Order) -> Line | None:
    """Return the first line that has a code of the shop and no article."""
    return next((line for line in order.lines if line.ext_sku and not line.sku), None)


def suggested_code(ext_sku: str, facts: Facts) -> str:
    """Return the shop's own code where no article is called so, else nothing."""
    code = ext_sku.strip()
    return "" if code_fault(code) or code in facts.refs.articles else code


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with what the shop says of the first line nobody has matched."""
    line = unmatched(order)
    if line is None:
        return {"ext_sku": "", "code": "", "title": "", "price": "", "barcode": "", "weight": ""}
    return {
        "ext_sku": line.ext_sku,
        "code": suggested_code(line.ext_sku, facts),
        "title": line.title[:TITLE_MOST],
        "price": str(line.unit_price_minor) if line.unit_price_minor else "",
        "barcode": "",
        "weight": "",
    }


def check_code(value: str, _answers: Answers, _order: Order, facts: Facts) -> Verdict | None:
    """Want a code no finished article has."""
    if fault := code_fault(value.strip()):
        return Verdict(is_error=True, text=Text(fault))
    known = facts.refs.articles.get(value.strip())
    if known is not None and not known.is_draft:
        told = Text(N_("There is an article {sku} already. Match it instead."), {"sku": known.code})
        return Verdict(is_error=True, text=told)
    return None


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say what is made, and what happens to orders that wait."""
    line = line_in(order, answers)
    if line is None:
        return ()
    shop = facts.shop_of(order)
    return (
        Note(N_("What the shop calls it"), Text("{title}", {"title": line.title or line.ext_sku})),
        Note(
            N_("Holds for"), Text(N_("Every order of {shop}"), {"shop": shop.title if shop else order.shop})
        ),
    )


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return NewArticle(
        shop=order.shop,
        ext_sku=answers["ext_sku"],
        order=order.id,
        sku=answers["code"].strip(),
        title=answers["title"].strip(),
        list_price_minor=read_number(answers["price"]) or 0,
        barcode=answers["barcode"].strip(),
        weight_g=read_number(answers["weight"]) or 0,
    )


FORM: Form[Order] = Form(
    code="new_article",
    title=N_("New article"),
    steps=(
        Step(
            name="line",
            title=N_("Line"),
            question=N_("Which line is none of our articles?"),
            reason=N_("Look at the list first: an article made twice is counted twice."),
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
            question=N_("What do we call it?"),
            reason=N_("It is a draft until somebody completes it; orders that wait for it go on at once."),
            fields=(
                Field("code", N_("Our code"), N_("It never changes later."), check=check_code),
                Field("title", N_("Article name"), N_("As it stands on the shelf."), check=check_title),
                Field(
                    "price",
                    N_("List price"),
                    N_("What it usually costs; taken from this order."),
                    "money",
                    check=check_price,
                ),
                Field(
                    "weight",
                    N_("Weight, g"),
                    N_("Leave it open if you do not know: freight is then a guess."),
                    "number",
                    check=check_weight,
                    is_optional=True,
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
            told=("code",),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    key="Shift+I",
    label=N_("New article"),
    grant="new_article",
    is_offered=lambda order, _facts: order.status in EDITABLE and unmatched(order) is not None,
)
