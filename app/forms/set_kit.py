"""Guide: what a kit is put together from."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.set_kit import SetKit
from app.domain.catalogue import Sku
from app.domain.kit import PARTS_MOST, PIECES_MOST, Part
from app.domain.money import shown
from app.domain.values import Keys, sku_key
from app.form import (
    About,
    Advice,
    Answers,
    Blank,
    Choice,
    Field,
    Form,
    Row,
    Step,
    Verdict,
    rows_of,
    rows_text,
)
from app.text import N_, Text
from app.typed_order import article_of


def needs(answers: Answers, _blank: Blank, _facts: Facts) -> Keys:
    """Load the kit and what is named as its parts."""
    named = [answers.get("sku", "").strip(), *(row.key for row in rows_of(answers.get("parts", "")))]
    return frozenset(sku_key(code) for code in named if code)


def kit_of(answers: Answers, facts: Facts) -> Sku | None:
    """Return the article chosen, once it is loaded."""
    code = answers.get("sku", "").strip()
    return article_of(code, facts) if code else None


def check_kit(value: str, _answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want an article, and say what it is by now."""
    article = article_of(value.strip(), facts) if value.strip() else None
    if article is None:
        return Verdict(is_error=True, text=Text(N_("Choose the article that is sold as a kit.")))
    if article.parts:
        said: dict[str, str | int | Text] = {"title": article.title, "count": len(article.parts)}
        return Verdict(is_error=False, text=Text(N_("{title}: a kit of {count} articles"), said))
    return Verdict(is_error=False, text=Text("{title}", {"title": article.title}))


def check_parts(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want articles that are no kits themselves; none is no kit any more."""
    rows, kit = rows_of(value), kit_of(answers, facts)
    if not rows and (kit is None or not kit.parts):
        return Verdict(is_error=True, text=Text(N_("Add an article: type its code or words of its title.")))
    for row in rows:
        article = article_of(row.key, facts)
        if article is None:
            missing = Text(N_("No article {sku}. Choose one from the list."), {"sku": row.key})
            return Verdict(is_error=True, text=missing)
        if article.parts or (kit is not None and article.code == kit.code):
            nested = Text(N_("{sku} is a kit. Name its parts instead."), {"sku": row.key})
            return Verdict(is_error=True, text=nested)
    if len(rows) > PARTS_MOST or any(not 1 <= row.qty <= PIECES_MOST for row in rows):
        bound = Text(N_("A kit has up to 50 articles, each once, 1 to 1,000 pieces of it."))
        return Verdict(is_error=True, text=bound)
    pieces = sum(row.qty for row in rows)
    return Verdict(is_error=False, text=Text(N_("{pieces} pieces in each kit"), {"pieces": pieces}))


def parts(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """Name what is in the kit."""
    articles = (article_of(row.key, facts) for row in rows_of(answers.get("parts", "")))
    return tuple(
        Choice(one.code, Text("{title}", {"title": one.title}), _told(one))
        for one in articles
        if one is not None
    )


def _told(article: Sku) -> Text:
    price = shown(article.list_price_minor, article.currency)
    return Text(N_("{sku} {price}"), {"sku": article.code, "price": price})


def advise(answers: Answers, _blank: Blank, facts: Facts) -> Advice | None:
    """Suggest the recipe there is."""
    kit = kit_of(answers, facts)
    if kit is None or not kit.parts or rows_of(answers.get("parts", "")):
        return None
    written = rows_text(Row(part.sku, part.qty) for part in kit.parts)
    return Advice(
        Text(N_("Begin with the recipe of now")),
        Text(N_("Orders that are here keep theirs; the new one counts from the next order on.")),
        {"parts": written},
    )


def start(_blank: Blank, _facts: Facts) -> dict[str, str]:
    """Begin with nothing."""
    return {"sku": "", "parts": ""}


def called(_blank: Blank, answers: Answers, _facts: Facts) -> str:
    """Call what was done by the kit."""
    return answers["sku"].strip()


def build(_blank: Blank, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    kit = kit_of(answers, facts)
    return SetKit(
        sku=answers["sku"].strip(),
        parts=tuple(Part(sku=row.key, qty=row.qty) for row in rows_of(answers["parts"])),
        recipe=kit.recipe if kit is not None else 0,
    )


FORM: Form[Blank] = Form(
    code="set_kit",
    title=N_("Kit"),
    about=About.NOTHING,
    steps=(
        Step(
            name="kit",
            title=N_("Kit"),
            question=N_("Which article is a kit?"),
            reason=N_("It is sold as one article; what leaves the shelf are its parts."),
            fields=(
                Field("sku", N_("Article"), N_("Type or scan a code or a name."), "article", check=check_kit),
            ),
        ),
        Step(
            name="parts",
            title=N_("Parts"),
            question=N_("What is in each kit?"),
            reason=N_("As many kits are sold as the scarcest part allows."),
            fields=(
                Field(
                    "parts",
                    N_("Parts"),
                    N_("Type or scan, Enter; then how many of it are in one kit. No part: no kit any more."),
                    "basket",
                    check=check_parts,
                    choices=parts,
                    is_optional=True,
                ),
            ),
            advice=advise,
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    label=N_("Describe a kit"),
    grant="set_kit",
    called=called,
)
