"""What guides ask of an article: which line of a shop it is sold as, what it is called, costs and weighs."""

from __future__ import annotations

from app.command import Facts
from app.domain.catalogue import BARCODE_MOST, TITLE_MOST, WEIGHT_MOST_G
from app.domain.kit_lines import sold
from app.domain.money import shown
from app.domain.order import Line, Order
from app.form import Answers, Choice, Subject, Verdict, read_number
from app.text import N_, Text


def line_in(order: Order, answers: Answers) -> Line | None:
    """Return the line the answers speak of."""
    return next((line for line in sold(order.lines) if line.ext_sku == answers.get("ext_sku", "")), None)


def line_said(line: Line, facts: Facts) -> Text:
    """Name the article of a line: its code, and what it is called."""
    known = facts.refs.articles.get(line.sku)
    title = known.title if known is not None else line.title
    return Text(" ".join(dict.fromkeys(part for part in (line.sku or line.ext_sku, title) if part)))


def lines(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List what the shop calls its goods, unmatched lines first."""
    choices: dict[str, Choice] = {}
    for line in sorted(sold(order.lines), key=lambda ln: bool(ln.sku)):
        if line.ext_sku and line.ext_sku not in choices:
            label = Text("{title}", {"title": line.title or line.ext_sku})
            choices[line.ext_sku] = Choice(line.ext_sku, label, _price_of(line, order))
    return tuple(choices.values())


def _price_of(line: Line, order: Order) -> Text:
    price = shown(line.unit_price_minor, order.currency)
    return Text(N_("{code}, {qty} at {price}"), {"code": line.ext_sku, "qty": line.qty, "price": price})


def check_line(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a line that has a code of the shop."""
    if any(line.ext_sku == value for line in sold(order.lines) if value):
        return None
    return Verdict(
        is_error=True, text=Text(N_("Choose a line. A line without a shop code is changed by hand."))
    )


def check_title(value: str, _answers: Answers, _subject: Subject, _facts: Facts) -> Verdict | None:
    """Want a name that says what lies on the shelf."""
    if not value.strip() or len(value.strip()) > TITLE_MOST or not value.strip().isprintable():
        return Verdict(is_error=True, text=Text(N_("Name the article in up to 120 characters.")))
    return None


def check_price(value: str, _answers: Answers, _subject: Subject, _facts: Facts) -> Verdict | None:
    """Want a price; the one it was sold at is a beginning."""
    price = read_number(value)
    if not price:
        return Verdict(is_error=True, text=Text(N_("That is no amount. Type it like 298.00.")))
    return None


def check_barcode(value: str, _answers: Answers, _subject: Subject, _facts: Facts) -> Verdict | None:
    """Want one word, where there is one."""
    if len(value.strip()) > BARCODE_MOST or " " in value.strip():
        return Verdict(is_error=True, text=Text(N_("A bar code has up to 40 characters and no space.")))
    return None


def check_weight(value: str, _answers: Answers, _subject: Subject, _facts: Facts) -> Verdict | None:
    """Want grams, where somebody knows them."""
    weight = read_number(value)
    if value.strip() and (weight is None or weight > WEIGHT_MOST_G):
        return Verdict(is_error=True, text=Text(N_("Type the weight of a piece in grams.")))
    return None
