"""Guide: send another article than the one that was ordered."""

from __future__ import annotations

from app.command import Command, Facts, Unnamed
from app.commands.swap_item import SwapItem
from app.domain.catalogue import Sku
from app.domain.money import shown
from app.domain.order import EDITABLE, Line, Order
from app.domain.pricing import outside_band
from app.domain.values import Keys, sku_key, stock_key
from app.form import Answers, Choice, Field, Form, Step, Verdict, want_reason
from app.profiles import rules_for
from app.text import N_, Text


def line_in(order: Order, answers: Answers) -> Line | None:
    """Return the line the answers speak of."""
    return next((line for line in order.lines if line.id == answers.get("line", "")), None)


def lines(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the lines that have an article."""
    choices = []
    for line in order.lines:
        if line.sku:
            article = facts.sku(line.sku)
            title = article.title if article else line.title
            params: dict[str, str | int | Text] = {
                "code": line.sku,
                "qty": line.qty,
                "price": shown(line.unit_price_minor, order.currency),
            }
            reason = Text(N_("{code}, {qty} at {price}"), params)
            choices.append(Choice(line.id, Text("{title}", {"title": title}), reason))
    return tuple(choices)


def needs(answers: Answers, order: Order, facts: Facts) -> Keys:
    """Look at the article chosen, wherever the shop is served from."""
    sku = answers.get("sku", "").strip()
    if not sku:
        return frozenset()
    return frozenset({sku_key(sku), *(stock_key(one, sku) for one in facts.warehouses_of(order))})


def article_of(sku: str, facts: Facts) -> Sku | None:
    """Return the article typed, once it is loaded."""
    try:
        return facts.sku(sku)
    except Unnamed:
        return None


def check_line(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a line that has an article."""
    if any(line.id == value and line.sku for line in order.lines):
        return None
    return Verdict(is_error=True, text=Text(N_("Choose a line. One without an article is matched first.")))


def check_sku(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want another article, say how many are free and whether its price is far from what is paid."""
    sku = value.strip()
    if not sku:
        return None
    article, line = article_of(sku, facts), line_in(order, answers)
    if article is None or line is None:
        text = Text(N_("No article {sku}. Choose one from the list."), {"sku": sku})
        return Verdict(is_error=True, text=text)
    if sku == line.sku:
        return Verdict(
            is_error=True, text=Text(N_("That article is in the line already. Choose another one."))
        )
    params: dict[str, str | int | Text] = {
        "title": article.title,
        "free": max((facts.free(one, sku) for one in facts.warehouses_of(order)), default=0),
        "list_price": shown(article.list_price_minor, article.currency),
    }
    if outside_band(line, article, order.currency, rules_for(order, facts)):
        return Verdict(
            is_error=False,
            is_doubtful=True,
            text=Text(N_("{title}, {free} free, list price {list_price}: look twice"), params),
        )
    return Verdict(is_error=False, text=Text(N_("{title}, {free} free, list price {list_price}"), params))


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with the first line that is not promised."""
    held = {item.line for item in order.reserved}
    known = [line for line in order.lines if line.sku]
    first = next((line for line in known if line.id not in held), known[0] if known else None)
    return {"line": first.id if first else "", "sku": "", "reason": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return SwapItem(
        order=order.id, line=answers["line"], sku=answers["sku"].strip(), reason=answers["reason"].strip()
    )


FORM: Form[Order] = Form(
    code="swap_item",
    title=N_("Swap an article"),
    steps=(
        Step(
            name="line",
            title=N_("Line"),
            question=N_("Which article is replaced?"),
            reason=N_("Quantity and price of the line stay as agreed."),
            fields=(
                Field(
                    "line",
                    N_("Ordered article"),
                    N_("A line without promised stock is chosen first."),
                    "choice",
                    check=check_line,
                    choices=lines,
                ),
            ),
        ),
        Step(
            name="article",
            title=N_("Article"),
            question=N_("What goes instead?"),
            reason=N_("The warehouse picks what you choose here."),
            fields=(
                Field(
                    "sku",
                    N_("Article"),
                    N_("Type a code or words of the title, or scan it."),
                    "article",
                    check=check_sku,
                ),
                Field(
                    "reason",
                    N_("Reason"),
                    N_("Say that the buyer agreed, and how."),
                    check=want_reason,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    label=N_("Swap article"),
    key="T",
    grant="swap_item",
    is_offered=lambda order, _facts: order.status in EDITABLE and any(line.sku for line in order.lines),
)
